//! Reading files of a ledger, and why one cannot be relied on.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::source::{Message, say};

/// Why a ledger cannot be relied on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// Number of the entry, from 1.
    pub entry: Option<u32>,
    /// What is wrong.
    pub message: Message,
    /// What to do, where it is not to bring the file back.
    pub hint: Option<Message>,
}

impl Broken {
    pub(super) fn of(entry: Option<u32>, message: Message) -> Broken {
        Broken { entry, message, hint: None }
    }
}

/// Reads a file of a format that is written in canonical JSON.
pub(super) fn parse<T: DeserializeOwned>(
    text: &str,
    format: &str,
    written: impl FnOnce(&T) -> String,
) -> Result<T, Broken> {
    /// Enough to tell the format.
    #[derive(Deserialize)]
    struct Named {
        format: Option<String>,
    }
    let no_json = |error: serde_json::Error| {
        Broken::of(None, say!("this is not JSON ({why})", why = Message::foreign(error)))
    };
    // Programs on Windows may end the line.
    let text = text.trim_end_matches(['\r', '\n']);
    // The last of the keys.
    if !text.ends_with(&format!("\"format\":\"{format}\"}}")) {
        let Named { format: found } = serde_json::from_str(text).map_err(no_json)?;
        let found = found.unwrap_or_default();
        if found == format {
            return Err(Broken::of(None, say!("the text is not in the form that jinbang writes")));
        }
        let message = say!("the format is `{found}`, not `{format}`", found, format);
        let hint = say!(
            "an early version of this program wrote it, for tests: delete `ledger.json`, `ledger.secret` and what is signed of them, and seal the fair again"
        );
        let is_early = found == "jinbang-ledger/1";
        return Err(Broken { hint: is_early.then_some(hint), ..Broken::of(None, message) });
    }
    let value: T = serde_json::from_str(text).map_err(|error| {
        Broken::of(None, say!("a field is not valid in this format ({why})", why = Message::foreign(error)))
    })?;
    if written(&value) != text {
        return Err(Broken::of(None, say!("the text is not in the form that jinbang writes")));
    }
    Ok(value)
}
