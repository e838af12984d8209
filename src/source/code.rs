//! The kinds of problems that there are, each by its name. What a kind means, why it matters and what to do
//! stands in the pages of `explain`; a test holds the two together.

use std::fmt;

use serde::{Serialize, Serializer};

/// The name of a kind of problem, such as `unknown-exhibitor`. Only those of this file exist.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Code(&'static str);

impl Code {
    /// The name.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The code of a name.
    pub fn find(name: &str) -> Option<Code> {
        CODES.iter().find(|code| code.0 == name).copied()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, name: &&str) -> bool {
        self.0 == *name
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

macro_rules! codes {
    ($($constant:ident $name:literal)*) => {
        $(#[doc = concat!("`", $name, "`.")] pub const $constant: Code = Code($name);)*
        /// All kinds, in the order of the road.
        pub const CODES: &[Code] = &[$($constant),*];
    };
}

codes! {
    // Files and what they are.
    SITE_MISSING "site-missing"
    FAIR_MISSING "fair-missing"
    FILE_MISSING "file-missing"
    FILE_TWICE "file-twice"
    FILE_OUTSIDE "file-outside"
    LINK "link"
    PRIVATE_FILE "private-file"
    MISNAMED_FILE "misnamed-file"
    FILE_OPEN "file-open"
    MERGE_CONFLICT "merge-conflict"
    PASTED_CHARACTER "pasted-character"
    FILE_ENDING "file-ending"
    FILE_FORMAT "file-format"
    CSV_ENCODING "csv-encoding"
    OPEN_QUOTATION "open-quotation"
    RAGGED_ROW "ragged-row"
    QUOTED_FORMULA "quoted-formula"
    LEADING_APOSTROPHE "leading-apostrophe"
    WORKBOOK_DAMAGED "workbook-damaged"
    SHEET_MISSING "sheet-missing"
    HIDDEN_SHEET "hidden-sheet"
    NO_SHEET "no-sheet"
    EMPTY_SHEET "empty-sheet"
    HIDDEN_ROWS "hidden-rows"
    HIDDEN_COLUMNS "hidden-columns"
    MERGED_CELLS "merged-cells"
    MACROS "macros"
    CHANGED_WHILE_BUILDING "changed-while-building"
    // Tables, their headings and cells.
    NO_SOURCES "no-sources"
    TABLES_MISSING "tables-missing"
    NO_HEADINGS "no-headings"
    MISSING_COLUMN "missing-column"
    DOUBLED_COLUMN "doubled-column"
    UNUSED_COLUMN "unused-column"
    MISSPELT_COLUMN "misspelt-column"
    FIELD_TWICE "field-twice"
    SET_AND_COLUMN "set-and-column"
    SAID_ABSENT "said-absent"
    COLUMN_WITHOUT_HEADING "column-without-heading"
    COLUMNS_READ "columns-read"
    TITLE_ROWS "title-rows"
    ROW_ABOVE_HEADINGS "row-above-headings"
    HEADINGS_OF_TWO_ROWS "headings-of-two-rows"
    UNKNOWN_FIELD "unknown-field"
    DECIDING_FIELD "deciding-field"
    PENALTIES_UNSAID "penalties-unsaid"
    NO_PENALTIES "no-penalties"
    NO_COMMON_KEY "no-common-key"
    SHEET_WITHOUT_ROWS "sheet-without-rows"
    KEY_WITHOUT_VALUES "key-without-values"
    ROWS_READ "rows-read"
    SKIPPED_ROWS "skipped-rows"
    EMPTY_CELL "empty-cell"
    ERROR_CELL "error-cell"
    FORMULA_WITHOUT_RESULT "formula-without-result"
    NUMBER_FOR_CODE "number-for-code"
    BAD_DATE "bad-date"
    BAD_NUMBER "bad-number"
    UNKNOWN_WORD "unknown-word"
    NO_EXHIBITORS "no-exhibitors"
    UNKNOWN_EXHIBITOR "unknown-exhibitor"
    UNKNOWN_CODE "unknown-code"
    EXHIBITOR_TWICE "exhibitor-twice"
    NAME_DIFFERS "name-differs"
    NAME_UNKNOWN "name-unknown"
    UNKNOWN_COUNTRY "unknown-country"
    COUNTRY_DISAGREES "country-disagrees"
    BUYER_UNKNOWN "buyer-unknown"
    ATTENDED_EMPTY "attended-empty"
    NOT_AN_ADDRESS "not-an-address"
    INPUT_TWICE "input-twice"
    EQUAL_ROWS "equal-rows"
    ACCEPTED_COUNT "accepted-count"
    // Findings: what may not be meant.
    JOINED_BY_CODE "joined-by-code"
    JOINED_BY_COMPANY "joined-by-company"
    JOINED_BY_EMAIL "joined-by-email"
    JOINED_BY_BUYER_NUMBER "joined-by-buyer-number"
    PERSON_COUNTED_TWICE "person-counted-twice"
    CODE_REPEATED "code-repeated"
    ROWS_REPEATED "rows-repeated"
    ROWS_IN_TWO_INPUTS "rows-in-two-inputs"
    SENT_AGAIN "sent-again"
    KEY_JOINS_NOBODY "key-joins-nobody"
    NO_AWARD "no-award"
    ALL_WITHHELD "all-withheld"
    FAIRS_EMPTY "fairs-empty"
    FAIRS_LACK_THIS "fairs-lack-this"
    BUYER_NUMBERS_SHARED "buyer-numbers-shared"
    SMALL_POOL "small-pool"
    KEY_COLUMN "key-column"
    ACCEPTED_UNNEEDED "accepted-unneeded"
    UNKNOWN_FINDING "unknown-finding"
    FINDING_OPEN "finding-open"
    PENALTY_UNKNOWN "penalty-unknown"
    // YAML files.
    YAML_SYNTAX "yaml-syntax"
    YAML_ENCODING "yaml-encoding"
    YAML_SIZE "yaml-size"
    YAML_FEATURE "yaml-feature"
    YAML_DOUBLED_KEY "yaml-doubled-key"
    UNKNOWN_KEY "unknown-key"
    MISSING_KEY "missing-key"
    WRONG_TYPE "wrong-type"
    BAD_VALUE "bad-value"
    MISSING_LANGUAGE "missing-language"
    NO_LANGUAGE "no-language"
    BAD_WEBSITE "bad-website"
    BASE_URL "base-url"
    // A fair, its calendar and its days.
    FAIR_FOLDER "fair-folder"
    FAIR_ORDER "fair-order"
    PHASE_ORDER "phase-order"
    DAY_ORDER "day-order"
    CALENDAR_YEAR "calendar-year"
    CALENDAR_WORKDAY "calendar-workday"
    CALENDAR_PROVISIONAL "calendar-provisional"
    NOTICE_EARLY "notice-early"
    NOTICE_LATE "notice-late"
    NOTICE_DAY_OFF "notice-day-off"
    NOTICE_FINAL "notice-final"
    NOTICE_TO_COME "notice-to-come"
    NOTICE_PLACEHOLDER "notice-placeholder"
    NOT_FINAL "not-final"
    UNKNOWN_PHASE "unknown-phase"
    UNKNOWN_ENTERPRISE "unknown-enterprise"
    ENTERPRISE_DRAFT "enterprise-draft"
    ENTERPRISE_TWICE "enterprise-twice"
    ENTERPRISE_UNCLEAR "enterprise-unclear"
    ENTERPRISE_DIFFERS "enterprise-differs"
    ENTERPRISE_INCOMPLETE "enterprise-incomplete"
    NO_SLUG "no-slug"
    BAD_SLUG "bad-slug"
    SLUG_TWICE "slug-twice"
    PHASE_MARKS "phase-marks"
    NOT_RESIDENT "not-resident"
    SESSION_DAY "session-day"
    SESSION_TIME "session-time"
    SESSION_CLASH "session-clash"
    KIND_AND_COUNTRY "kind-and-country"
    UNKNOWN_SECTION "unknown-section"
    UNKNOWN_GOODS "unknown-goods"
    // Rulebooks and what is proved of them.
    RULEBOOK_MISSING "rulebook-missing"
    RULEBOOK_UNPINNED "rulebook-unpinned"
    UNKNOWN_RULEBOOK "unknown-rulebook"
    RULEBOOK_TWICE "rulebook-twice"
    RULEBOOK_FORMAT "rulebook-format"
    RULEBOOK_NOT_IN_FORCE "rulebook-not-in-force"
    UNKNOWN_POLICY "unknown-policy"
    UNKNOWN_CHOICE "unknown-choice"
    CHOICE_TWICE "choice-twice"
    CHOICE_WITHOUT_WORDS "choice-without-words"
    POLICY_WITHOUT_ALTERNATIVE "policy-without-alternative"
    POLICY_STATUS "policy-status"
    MISSING_POLICY "missing-policy"
    UNUSED_POLICY "unused-policy"
    NAME_TWICE "name-twice"
    BAD_NAME "bad-name"
    UNKNOWN_NAME "unknown-name"
    UNUSED_NAME "unused-name"
    NO_CLAUSE "no-clause"
    CLAUSE_UNUSED "clause-unused"
    CLAUSE_EXCUSED "clause-excused"
    WRONG_GATE "wrong-gate"
    BAND_GAP "band-gap"
    BAND_ORDER "band-order"
    THRESHOLD_ORDER "threshold-order"
    THRESHOLD_GAP "threshold-gap"
    WEIGHTS "weights"
    AWARD_ORDER "award-order"
    AWARD_UNREACHABLE "award-unreachable"
    TOTAL_BETWEEN "total-between"
    REWARD_TIERS "reward-tiers"
    EXAMPLE_VALUES "example-values"
    EXAMPLE_WRONG "example-wrong"
    // Rulings, ledgers and evidence.
    NOTICE_MOVED "notice-moved"
    WINNERS_ELSEWHERE "winners-elsewhere"
    BONUS_GAP "bonus-gap"
    RULING_FIELD "ruling-field"
    RULING_ORDER "ruling-order"
    RULING_ROWS "ruling-rows"
    RULING_NO_EFFECT "ruling-no-effect"
    RULING_CONTRADICTION "ruling-contradiction"
    SEAL_ORDER "seal-order"
    NOT_SEALED "not-sealed"
    LEDGER_BROKEN "ledger-broken"
    LEDGER_DIFFERS "ledger-differs"
    LEDGER_SECRET "ledger-secret"
    LEDGER_SIGNATURE "ledger-signature"
    HEADER_DIFFERS "header-differs"
    TWO_ROWS_A_LINE "two-rows-a-line"
    RECEIPT "receipt"
    EVIDENCE_UNSEALED "evidence-unsealed"
    EVIDENCE_RULES "evidence-rules"
    EVIDENCE_UNIQUE "evidence-unique"
    REVIEW_MISSING "review-missing"
    // Pages and their texts.
    FRONT_MATTER "front-matter"
    PAGE_ENCODING "page-encoding"
    PAGE_LANGUAGE "page-language"
    PAGE_NAME "page-name"
    PAGE_MISSING "page-missing"
    NO_ROSTER "no-roster"
    ROSTER_TWICE "roster-twice"
    DOUBLED_PAGE "doubled-page"
    PLACEHOLDER "placeholder"
    REPEATED_FACT "repeated-fact"
    HALF_A_DRAFT "half-a-draft"
    PUBLISH_DAYS "publish-days"
    UNFILLED_FORM "unfilled-form"
    DEADLINES_DIFFER "deadlines-differ"
    STRAY_FILE "stray-file"
    UNKNOWN_PAGE "unknown-page"
    UNKNOWN_CONTACT "unknown-contact"
    ALIAS "alias"
    ADDRESS_LIST "address-list"
    ADDRESS_GONE "address-gone"
    GONE_UNNEEDED "gone-unneeded"
    BROKEN_LINK "broken-link"
    EXTERNAL_LINK "external-link"
    DOUBLED_ID "doubled-id"
    MARKDOWN_HEADING "markdown-heading"
    MARKDOWN_EMPHASIS "markdown-emphasis"
    MARKDOWN_MARK "markdown-mark"
    MARKDOWN_LINK "markdown-link"
    MARKDOWN_IMAGE "markdown-image"
    PICTURE_FORMAT "picture-format"
    PICTURE_REFUSED "picture-refused"
    ATTACHMENT "attachment"
    ATTACHMENT_AUTHOR "attachment-author"
    MARKDOWN_HTML "markdown-html"
    MARKDOWN_REFERENCE "markdown-reference"
    MARKDOWN_LIST "markdown-list"
    MARKDOWN_TABLE "markdown-table"
    DOWNLOAD "download"
    UNTRANSLATED_NAME "untranslated-name"
    CARD_LETTER "card-letter"
    // Languages and translations.
    FALLBACK_LANGUAGE "fallback-language"
    STALE_TRANSLATION "stale-translation"
    UNRECORDED_TRANSLATION "unrecorded-translation"
    UNTRANSLATED "untranslated"
    TRANSLATION_DIFFERS "translation-differs"
    OFFICIAL_NAME "official-name"
    NOT_A_PAGE "not-a-page"
    NOT_A_TRANSLATION "not-a-translation"
    UNUSED_TEXT "unused-text"
    // Themes, templates and their words.
    NO_THEME "no-theme"
    TEMPLATE "template"
    MISSING_WORDS "missing-words"
    MISSING_FORM "missing-form"
    ASSET "asset"
    INLINE_CODE "inline-code"
}
