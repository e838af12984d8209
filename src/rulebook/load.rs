//! Reads rulebooks and proves them.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::file::{PlaceholdersFile, RulebookFile};
use super::policy::Choices;
use super::prove::{prove_policy, prove_rulebook};
use super::proved::Rulebook;
use crate::data::{Decoded, Document, Spanned, decode_file};
use crate::fair::{KeyKind, Placeholders, RulebookPin, buyer_number, code_key, company_key, email_key};
use crate::lang::Lang;
use crate::source::{Failure, FileId, Files, Message, Report, Span, code, list, nearest, say};

/// Reads every rulebook of a project.
pub fn load_rulebooks(
    report: &mut Report,
    files: &Files,
    languages: &[Lang],
) -> Result<Vec<Rulebook>, Failure> {
    let mut rulebooks: Vec<Rulebook> = Vec::new();
    for path in files.list("data/rulebooks")? {
        if !path.ends_with(".yaml") || is_further_texts(&path) {
            continue;
        }
        let Some(rulebook) = read_rulebook(report, files, &path, languages)? else { continue };
        let same = |other: &&Rulebook| other.id == rulebook.id && other.version == rulebook.version;
        if let Some(other) = rulebooks.iter().find(same) {
            let message = say!(
                "version {version} of `{rulebook}` is already in {file}",
                version = rulebook.version,
                rulebook = rulebook.id,
                file = files.path(other.span.file)
            );
            report.error(code::RULEBOOK_TWICE, rulebook.span, message).hint(say!(
                "a version that has been used for a fair must not change: give new rules a new version"
            ));
            continue;
        }
        rulebooks.push(rulebook);
    }
    Ok(rulebooks)
}

/// Texts of a rulebook in one more language, by what they are in the authentic one.
pub type FurtherTexts = (Lang, BTreeMap<String, String>);

/// Whether a file holds texts of a rulebook in one more language: `i-invite-1.fr.yaml` beside `i-invite-1.yaml`.
fn is_further_texts(path: &str) -> bool {
    let stem = path.strip_suffix(".yaml").and_then(|path| path.rsplit_once('.'));
    stem.is_some_and(|(_, code)| code.parse::<Lang>().is_ok())
}

/// Reads the texts of a rulebook that stand in files beside it. A rulebook by which a fair was judged is never
/// changed; what it says in one more language changes nothing of it, and does not count for its SHA-256.
pub fn read_further_texts(
    report: &mut Report,
    files: &Files,
    path: &str,
    languages: &[Lang],
) -> Result<Vec<FurtherTexts>, Failure> {
    let Some(stem) = path.strip_suffix(".yaml") else { return Ok(Vec::new()) };
    let mut further = Vec::new();
    for &lang in languages {
        let path = format!("{stem}.{lang}.yaml");
        if files.is_file(&path)
            && let Some(texts) = decode_file::<BTreeMap<String, String>>(report, files, &path)?
        {
            further.push((lang, texts.value));
        }
    }
    Ok(further)
}

/// Reads and proves the rulebook of a file, with its texts in further languages.
pub fn read_rulebook(
    report: &mut Report,
    files: &Files,
    path: &str,
    languages: &[Lang],
) -> Result<Option<Rulebook>, Failure> {
    let further = read_further_texts(report, files, path, languages)?;
    let file = files.id(path);
    let bytes = files.read(file)?;
    Ok(parse(report, files, file, bytes, languages, &further))
}

/// Reads and proves one rulebook. `None` where it is so wrong that nothing could be judged by it.
///
/// What is proved needs no row of a table: here the weights no longer add up.
///
/// ```
/// use jinbang::lang::Lang;
/// use jinbang::rulebook::parse_rulebook;
/// use jinbang::source::{Files, Report, Style};
///
/// let text = include_str!("../../data/rulebooks/i-invite-1.yaml").replace("weight: 70", "weight: 60");
/// let (files, mut report) = (Files::new("."), Report::new());
/// let file = files.id("i-invite-1.yaml");
/// parse_rulebook(&mut report, &files, file, text.into(), &[Lang::ZH, Lang::EN]);
/// assert!(report.has_errors());
/// assert!(report.render(&files, Style::Plain, Lang::EN).contains("i-invite-1.yaml"));
/// ```
pub fn parse_rulebook(
    report: &mut Report,
    files: &Files,
    file: FileId,
    bytes: Vec<u8>,
    languages: &[Lang],
) -> Option<Rulebook> {
    parse(report, files, file, bytes, languages, &[])
}

fn parse(
    report: &mut Report,
    files: &Files,
    file: FileId,
    bytes: Vec<u8>,
    languages: &[Lang],
    further: &[FurtherTexts],
) -> Option<Rulebook> {
    let Ok(text) = String::from_utf8(bytes) else {
        report
            .error(code::YAML_ENCODING, Span::whole(file), say!("the rulebook is not UTF-8"))
            .hint(say!("save the file as UTF-8"));
        return None;
    };
    // Editors on Windows, and Git for them, end lines otherwise and put a mark before the text.
    let same = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let sha256 = Sha256::digest(same).iter().map(|byte| format!("{byte:02x}")).collect();
    let text = files.keep_text(file, text);
    let mut document = Document::parse(report, file, &text, 0)?;
    for (lang, texts) in further {
        let authentic = languages.first().map_or("", Lang::code);
        let fitting = document.add_texts(authentic, lang.code(), texts);
        for text in texts.keys().filter(|text| !fitting.contains(*text)) {
            report
                .warning(
                    code::UNUSED_TEXT,
                    Span::whole(file),
                    say!("the `{lang}` translation of the rulebook refers to the text `{text}`, which does not exist", text, lang),
                )
                .hint(say!("quote each text exactly as in the first language of the site"));
        }
    }
    let Decoded { value: read, complete } = document.decode::<RulebookFile>(report)?;
    if read.format.value != "jinbang-rulebook/1" {
        report
            .error(
                code::RULEBOOK_FORMAT,
                read.format.span,
                say!("unknown format `{format}`", format = read.format.value),
            )
            .hint(say!("this program reads `jinbang-rulebook/1`"));
        return None;
    }
    if !complete {
        // What is left of it proves nothing.
        return None;
    }
    let mut rulebook = Rulebook {
        id: read.id.value,
        version: read.version.value,
        sha256,
        span: read.id.span,
        applies: (read.applies.from_fair, read.applies.until_fair),
        title: read.title.value.clone(),
        trial: read.trial,
        source: read.source,
        clauses: read.clauses,
        policies: BTreeMap::new(),
        choices: Choices::new(),
        placeholders: placeholders(&read.placeholders),
        joining: read.joining,
        measures: read.measures,
        gates: read.gates,
        scales: read.scales,
        indicators: read.indicators,
        adjustments: read.adjustments,
        awards: read.awards,
        bonus: read.bonus,
        rewards: read.rewards,
        timeline: read.timeline,
        not_encoded: read.not_encoded,
        examples: read.examples,
    };
    let policies = read.policies.len();
    for (name, policy) in read.policies {
        if let Some(id) = prove_policy(report, &name, &policy, &mut rulebook.choices) {
            rulebook.policies.insert(id, policy);
        }
    }
    let is_proved =
        rulebook.policies.len() == policies && prove_rulebook(report, &rulebook, &read.title, languages);
    is_proved.then_some(rulebook)
}

/// Values that are no keys, as keys are compared.
fn placeholders(file: &PlaceholdersFile) -> Placeholders {
    let mut placeholders = Placeholders::default();
    type MakeKey = fn(&str, &mut String) -> bool;
    let kinds: [(KeyKind, &[Spanned<String>], MakeKey); 3] = [
        (KeyKind::Code, &file.code, code_key),
        (KeyKind::Company, &file.company, company_key),
        (KeyKind::Email, &file.email, email_key),
    ];
    let mut key = String::new();
    for (kind, values, make) in kinds {
        for value in values {
            if make(&value.value, &mut key) {
                placeholders.add_key(kind, key.clone());
            }
        }
    }
    for value in &file.buyer {
        placeholders.add_buyer(buyer_number(&value.value).into_owned());
    }
    placeholders
}

/// The rulebook that a fair pins; without a pin the only one that applies to it.
pub fn pinned<'r>(
    report: &mut Report,
    rulebooks: &'r [Rulebook],
    pin: Option<&Spanned<RulebookPin>>,
    fair: &Spanned<u32>,
) -> Option<&'r Rulebook> {
    let Some(pin) = pin else {
        let mut applying = rulebooks.iter().filter(|rulebook| rulebook.applies_to(fair.value));
        return match (applying.next(), applying.next()) {
            (Some(only), None) => {
                report.warning(code::RULEBOOK_UNPINNED, fair.span, say!("no rulebook is chosen")).hint(say!(
                    "add `rulebook: {{id: {only}, version: {version}}}`",
                    only = only.id,
                    version = only.version
                ));
                Some(only)
            }
            _ => {
                report
                    .error(
                        code::RULEBOOK_UNPINNED,
                        fair.span,
                        say!("no rulebook is chosen, and not exactly one applies"),
                    )
                    .hint(say!("add `rulebook: {{id: …, version: …}}`"));
                None
            }
        };
    };
    let found = rulebooks.iter().find(|r| r.id == pin.value.id && r.version == pin.value.version);
    match found {
        Some(rulebook) if !rulebook.applies_to(fair.value) => {
            report
                .error(
                    code::RULEBOOK_NOT_IN_FORCE,
                    pin.span,
                    say!(
                        "version {version} of `{rulebook}` is not in force for fair {fair}",
                        version = rulebook.version,
                        rulebook = rulebook.id,
                        fair = fair.value
                    ),
                )
                .hint(say!("choose a version that is in force, or correct `applies` in the rulebook"));
            None
        }
        Some(rulebook) => Some(rulebook),
        None => {
            let known: Vec<Message> = rulebooks
                .iter()
                .map(|r| say!("{rulebook} version {version}", rulebook = r.id, version = r.version))
                .collect();
            report
                .error(
                    code::UNKNOWN_RULEBOOK,
                    pin.span,
                    say!(
                        "no rulebook `{pin}` of version {version}",
                        pin = pin.value.id,
                        version = pin.value.version
                    ),
                )
                .label_meant(nearest(
                    &pin.value.id,
                    rulebooks.iter().map(|r| r.id.as_str()).filter(|id| *id != pin.value.id),
                ))
                .hint(match known.is_empty() {
                    true => say!(
                        "data/rulebooks contains no valid rulebook: correct the errors in its file first"
                    )
                    .to_owned(),
                    false => say!("rulebooks: {known}", known = list(&known)),
                });
            None
        }
    }
}
