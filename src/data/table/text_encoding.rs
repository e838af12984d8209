//! The encodings in which a delimited text may be written.

use schemars::JsonSchema;
use serde::Deserialize;

/// An encoding of text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
pub enum TextEncoding {
    /// With or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Byte order from the byte order mark or the zero bytes.
    #[serde(rename = "utf-16")]
    Utf16,
    /// Includes GBK and GB 2312.
    #[serde(rename = "gb18030")]
    Gb18030,
    /// Traditional Chinese.
    #[serde(rename = "big5")]
    Big5,
    /// Japanese.
    #[serde(rename = "shift_jis")]
    ShiftJis,
    /// Korean.
    #[serde(rename = "euc-kr")]
    EucKr,
}

impl TextEncoding {
    /// The encodings that only their headings can tell apart.
    pub(in crate::data) const LEGACY: [TextEncoding; 4] =
        [TextEncoding::Gb18030, TextEncoding::Big5, TextEncoding::ShiftJis, TextEncoding::EucKr];

    /// The name in `encoding`.
    pub fn name(self) -> &'static str {
        match self {
            TextEncoding::Utf8 => "utf-8",
            TextEncoding::Utf16 => "utf-16",
            TextEncoding::Gb18030 => "gb18030",
            TextEncoding::Big5 => "big5",
            TextEncoding::ShiftJis => "shift_jis",
            TextEncoding::EucKr => "euc-kr",
        }
    }

    /// The name as people know it.
    pub(in crate::data) fn title(self) -> &'static str {
        match self {
            TextEncoding::Utf8 => "UTF-8",
            TextEncoding::Utf16 => "UTF-16",
            TextEncoding::Gb18030 => "GB18030 (GBK)",
            TextEncoding::Big5 => "Big5",
            TextEncoding::ShiftJis => "Shift_JIS",
            TextEncoding::EucKr => "EUC-KR",
        }
    }

    /// The names of the encodings that may be asked for.
    pub(in crate::data) fn names() -> impl Iterator<Item = &'static str> {
        [TextEncoding::Utf8, TextEncoding::Utf16]
            .into_iter()
            .chain(TextEncoding::LEGACY)
            .map(TextEncoding::name)
    }
}
