//! Receipts: what was sealed of one exhibitor, with what proves it to whoever holds the header of the ledger.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::credited::{Credits, SealedBuyer, SealedChannel, SealedMatch, SealedPlace};
use super::judge::judge_project;
use super::judged::Judged;
use super::ledger::SealedFair;
use super::ledger_files::ledger_path;
use super::seal::{report_no_secret, sealed_fair, sealed_header};
use super::sealed_rows::{OwnRow, SealedInputs};
use super::sign::check_signing;
use crate::award::{
    Credit, DecisionProof, Digest, Head, Seal, SealedDecision, Stage, TreeHead, WrittenNumber, history_of,
    leaf_hash, unique,
};
use crate::data::{Date, TableShape, parse_moment};
use crate::fair::{Channel, Country, EXHIBITORS, INVITATIONS, Observers, SHAPES};
use crate::rulebook::{Choices, InvitationUnit, InvitedBeforeArrival};
use crate::source::{Failure, Files, Message, Report, Span, code, nearest, say};

/// The name and version of the format.
const RECEIPT: &str = "jinbang-receipt/2";

/// What was sealed of one exhibitor, with what proves it.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The name and version of the format.
    pub format: String,
    /// Number of the fair.
    pub fair: u32,
    /// Number of the entry, from 1.
    pub entry: u32,
    /// The hash of its head.
    pub head: Digest,
    /// What is sealed of the exhibitor: the decision, what was credited, and the trees of its rows and buyers.
    pub sealed: SealedDecision,
    /// The salt of that, and of the buyers.
    pub salt: Digest,
    /// Its place among the decisions.
    pub place: u64,
    /// What leads from it to the root of the decisions.
    pub path: Vec<Digest>,
    /// All rows that name the exhibitor, by table, in reading order.
    #[serde(deserialize_with = "unique")]
    pub rows: BTreeMap<String, Vec<ReceiptRow>>,
    /// All buyers that are credited to it.
    pub buyers: Vec<SealedBuyer>,
}

/// A row of a receipt.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRow {
    /// What it says: a list in JSON of table, file, sheet, row, and the values of the fields.
    pub content: String,
    /// The salt of its leaf.
    pub salt: Digest,
}

impl Receipt {
    /// As it is written.
    pub fn written(&self) -> String {
        serde_json::to_string_pretty(self).expect("a value is always written") + "\n"
    }
}

/// Makes the receipt of an exhibitor from the last entry, or those of all. Empty where there is none; the reason is
/// reported. The tables are read once.
pub fn receipts(
    report: &mut Report,
    files: &Files,
    number: u32,
    exhibitor: Option<&str>,
) -> Result<Vec<Receipt>, Failure> {
    let Some((seal, secrets)) = sealed_header(report, files, number)? else { return Ok(Vec::new()) };
    if !files.is_file(&ledger_path(number)) {
        report
            .error(
                code::TABLES_MISSING,
                None,
                say!("the ledger of fair {number} is missing; only its header is here", number),
            )
            .hint(say!("restore `{path}`", path = ledger_path(number)));
        return Ok(Vec::new());
    }
    let Some(secret) = secrets.of(seal.last().expect("what is sealed has entries")) else {
        report_no_secret(report, files, number);
        return Ok(Vec::new());
    };
    let mut inputs = SealedInputs::of_exhibitors(files, number, secret, exhibitor);
    let observers = Observers { facts: &mut (), inputs: &mut inputs };
    let judged = judge_project(report, files, Some(number), &[], observers)?;
    let Some((fair, judged)) = judged.filter(|_| !report.has_errors()) else {
        return Ok(Vec::new());
    };
    check_signing(report, files, &fair, Some(&seal))?;
    let Judged { facts, results, .. } = judged;
    let credits = Credits::new(files, &facts, &results);
    let wanted = results.sorted.iter().filter_map(|&number| {
        let id = facts.exhibitors[number].id.as_str();
        exhibitor.is_none_or(|only| only == id).then(|| (id.to_owned(), credits.of(number)))
    });
    let wanted: Vec<(String, Vec<SealedBuyer>)> = wanted.collect();
    drop(credits);
    // Of a large fair they take more room than all that follows.
    drop((facts, results));
    let Some(SealedFair { ledger: Some(ledger), .. }) = sealed_fair(report, files, number)? else {
        return Ok(Vec::new());
    };
    let last = ledger.last().expect("what is sealed has entries");
    if let Some(exhibitor) = exhibitor.filter(|exhibitor| last.decision(exhibitor).is_none()) {
        report
            .error(
                code::UNKNOWN_EXHIBITOR,
                None,
                say!("exhibitor `{exhibitor}` is not in what was sealed", exhibitor),
            )
            .hint_meant(nearest(exhibitor, last.decisions().map(|(id, _)| id)))
            .hint(say!("use the identifier from the table of exhibitors"));
    }
    if report.has_errors() {
        return Ok(Vec::new());
    }
    let mut proofs = last.proofs(secret, |id| exhibitor.is_none_or(|only| only == id));
    let mut own = inputs.into_own();
    let mut receipts = Vec::new();
    for (id, buyers) in wanted {
        let Some(DecisionProof { sealed, salt, place, path }) = proofs.remove(&id) else { continue };
        let rows = own.remove(&id).unwrap_or_default();
        let trees: BTreeMap<String, TreeHead> =
            rows.iter().map(|(table, rows)| (table.clone(), OwnRow::tree(rows))).collect();
        let buyers_tree = TreeHead::of(buyers.iter().map(|buyer| buyer.leaf(&salt)));
        if trees != sealed.rows || buyers_tree != sealed.buyers {
            report_other_rows(report, files, number, &id);
            return Ok(Vec::new());
        }
        let row = |OwnRow { content, salt }| ReceiptRow { content, salt };
        let rows = rows.into_iter().map(|(table, rows)| (table, rows.into_iter().map(row).collect()));
        receipts.push(Receipt {
            format: RECEIPT.to_owned(),
            fair: number,
            entry: last.head.number,
            head: last.head.hash(),
            sealed,
            salt,
            place,
            path,
            rows: rows.collect(),
            buyers,
        });
    }
    Ok(receipts)
}

/// Reports that the rows of an exhibitor are not those that were sealed, although the files are.
fn report_other_rows(report: &mut Report, files: &Files, number: u32, exhibitor: &str) {
    report
        .error(
            code::LEDGER_DIFFERS,
            Span::whole(files.id(&ledger_path(number))),
            say!("the rows of `{exhibitor}` are read differently from when they were sealed", exhibitor),
        )
        .hint(say!(
            "another version of jinbang may have sealed it; for details, run `jinbang verify {fair}`",
            fair = number
        ));
}

/// Reads a receipt, in UTF-8 or UTF-16, with or without a byte order mark. `None` where it is none; that is reported.
pub fn read_receipt(report: &mut Report, bytes: &[u8]) -> Option<Receipt> {
    let (text, _, malformed) = encoding_rs::UTF_8.decode(bytes);
    let receipt: Option<Receipt> = serde_json::from_str(&text).ok().filter(|_| !malformed);
    let receipt = receipt.filter(|receipt| receipt.format == RECEIPT);
    if receipt.is_none() {
        report_receipt(report, say!("`{receipt}` is not a receipt", receipt = RECEIPT));
    }
    receipt
}

fn report_receipt(report: &mut Report, message: Message) {
    report
        .error(code::RECEIPT, None, message)
        .hint(say!("ask whoever gave you the receipt for one that fits this header"));
}

/// What a receipt proves.
#[derive(Clone, Debug)]
pub struct Proven {
    /// What is sealed of the exhibitor.
    pub sealed: SealedDecision,
    /// How many of its rows there are, by table.
    pub rows: Vec<(String, usize)>,
    /// How many buyers are credited to it by equal keys, and how many by rulings.
    pub buyers: (usize, usize),
    /// Whether letters to one recipient count once: then how many count is the word of who sealed.
    pub by_recipient: bool,
    /// The entry: its number from 1, its stage, and the day on which it was sealed.
    pub entry: (u32, Stage, Date),
    /// Where the header goes on: the day of its last entry, and what award its list says then.
    pub since: Option<(Date, Option<String>)>,
}

/// Checks a receipt against a header: that what it says of the exhibitor is what was sealed; that its rows are this
/// exhibitor's, each once, and all of them; that its buyers are all that were credited; and that the counts are those of
/// the rows. Needs nothing else. What is wrong is reported.
pub fn check_receipt(report: &mut Report, seal: &Seal, receipt: &Receipt) -> Option<Proven> {
    match proven(seal, receipt) {
        Ok(proven) => Some(proven),
        Err(message) => {
            report_receipt(report, message);
            None
        }
    }
}

fn proven(seal: &Seal, receipt: &Receipt) -> Result<Proven, Message> {
    let Receipt { fair, entry: number, sealed, salt, place, path, rows, buyers, .. } = receipt;
    if *fair != seal.fair {
        return Err(say!("it is a receipt of fair {fair}, not of {other}", fair, other = seal.fair));
    }
    let head = number.checked_sub(1).and_then(|place| seal.entries.get(place as usize));
    let Some(head) = head.filter(|head| head.hash() == receipt.head) else {
        return Err(say!("the header has no entry {number} with the hash given in the receipt", number));
    };
    let exhibitor = sealed.decision.exhibitor.as_str();
    if !head.decisions.contains(sealed.leaf(salt), *place, path) {
        return Err(say!("its data on `{exhibitor}` differ from what was sealed", exhibitor));
    }
    check_decision(head, sealed)?;
    let mut counted = Vec::new();
    let mut letters = Letters::default();
    if rows.keys().any(|table| !sealed.rows.contains_key(table)) {
        return Err(say!("it contains a table for which no row of `{exhibitor}` was sealed", exhibitor));
    }
    for table in sealed.rows.keys() {
        let of_table = rows.get(table).map_or(&[][..], Vec::as_slice);
        check_rows(exhibitor, table, of_table, sealed.rows.get(table), &mut letters)?;
        counted.push((table.clone(), of_table.len()));
    }
    if !rows.contains_key(EXHIBITORS.name) {
        return Err(say!("`{exhibitor}` has no row in the table of exhibitors", exhibitor));
    }
    let choices = choices_of(head);
    let by_ruling = check_buyers(sealed, salt, buyers, &letters, &choices)?;
    let (sent, credited) = (letters.count, u64::from(sealed.credit.invitations));
    let by_recipient = choices.invitation_unit == InvitationUnit::DistinctRecipients;
    if sent < credited || !by_recipient && sent > credited {
        return Err(say!(
            "the receipt has {sent} invitations that were sent, but {letters} were counted",
            sent = sent.to_string(),
            letters = credited.to_string()
        ));
    }
    Ok(Proven {
        sealed: sealed.clone(),
        rows: counted,
        buyers: (buyers.len() - by_ruling, by_ruling),
        by_recipient,
        entry: (*number, head.stage, head.date),
        since: seal.last().filter(|last| last.number > *number && last.stage != Stage::Proposed).map(
            |last| {
                let listed = last.listed.iter().find(|listed| listed.exhibitor == exhibitor);
                (last.date, listed.and_then(|listed| listed.award.clone()))
            },
        ),
    })
}

/// Checks that what was decided is what is published, and that its counts are those that were credited.
fn check_decision(head: &Head, sealed: &SealedDecision) -> Result<(), Message> {
    let SealedDecision { decision, credit, .. } = sealed;
    let exhibitor = decision.exhibitor.as_str();
    let listed = head.listed.iter().find(|listed| listed.exhibitor == exhibitor);
    if head.stage != Stage::Proposed
        && listed.and_then(|listed| listed.award.as_ref()) != decision.award.as_ref()
    {
        return Err(say!("the award of `{exhibitor}` differs from the list in the header", exhibitor));
    }
    let credited = [("invitations", credit.invitations), ("new", credit.new), ("regular", credit.regular)];
    let is_other = |(name, count): &(&str, u32)| {
        let other = |written: &WrittenNumber| *written != WrittenNumber::Whole(i64::from(*count));
        let ranked = decision.indicators.as_ref().and_then(|indicators| indicators.get(*name));
        decision.counts.get(*name).is_some_and(other) || ranked.is_some_and(|ranked| other(&ranked.count))
    };
    if credited.iter().any(is_other) {
        return Err(say!("the counts of `{exhibitor}` differ from what was credited", exhibitor));
    }
    let exhibitors = head.basis.rows.get(EXHIBITORS.name).map_or(0, |rows| rows.used);
    if head.decisions.leaves > exhibitors {
        return Err(say!("the header has more decisions than exhibitors"));
    }
    Ok(())
}

/// The letters of a receipt that were sent, by place, with their days.
#[derive(Default)]
struct Letters {
    count: u64,
    sent: BTreeMap<SealedPlace, Option<Date>>,
}

/// Checks the rows of a table: all that were sealed of the exhibitor, each once, and no others.
fn check_rows(
    exhibitor: &str,
    table: &str,
    rows: &[ReceiptRow],
    sealed: Option<&TreeHead>,
    letters: &mut Letters,
) -> Result<(), Message> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for ReceiptRow { content, .. } in rows {
        let content = content.as_str();
        let row = SealedRow::of(table, content);
        if row.as_ref().and_then(|row| row.field("exhibitor")) != Some(exhibitor) {
            return Err(say!("this row does not belong to `{exhibitor}`: {content}", exhibitor, content));
        }
        if !seen.insert(content) {
            return Err(say!("this row is in the receipt twice: {content}", content));
        }
        if let Some(row) = row.filter(|row| table == INVITATIONS.name && row.word("status") == Some("sent")) {
            let sent_on = row.field("sent_on").and_then(|text| parse_moment(text).ok());
            letters.count += 1;
            letters.sent.insert(row.place, sent_on.map(|moment| moment.date));
        }
    }
    let (count, sealed_count) = (rows.len() as u64, sealed.map_or(0, |tree| tree.leaves));
    if count != sealed_count {
        return Err(say!(
            "the receipt has {count} rows of `{table}`, but {sealed} were sealed for `{exhibitor}`",
            count = count.to_string(),
            table,
            sealed = sealed_count.to_string(),
            exhibitor
        ));
    }
    let leaves = rows.iter().map(|row| leaf_hash(&row.salt, &row.content));
    if sealed.is_some_and(|sealed| TreeHead::of(leaves) != *sealed) {
        return Err(say!("the rows of `{table}` differ from those that were sealed", table));
    }
    Ok(())
}

/// Checks the buyers: all that were credited, each once, by letters of the receipt, and as many new and regular ones as
/// were counted. Returns how many are credited by rulings.
fn check_buyers(
    sealed: &SealedDecision,
    salt: &Digest,
    buyers: &[SealedBuyer],
    letters: &Letters,
    choices: &Choices,
) -> Result<usize, Message> {
    let (count, credited) = (buyers.len() as u64, sealed.buyers.leaves);
    if count != credited {
        return Err(say!(
            "the receipt has {count} buyers, but {credited} were credited",
            count = count.to_string(),
            credited = credited.to_string()
        ));
    }
    if TreeHead::of(buyers.iter().map(|buyer| buyer.leaf(salt))) != sealed.buyers {
        return Err(say!("the buyers differ from those that were credited"));
    }
    let required = choices.invited_before_arrival == InvitedBeforeArrival::Required;
    let mut seen: BTreeSet<&SealedPlace> = BTreeSet::new();
    let mut credit = Credit { invitations: sealed.credit.invitations, ..Credit::default() };
    for SealedBuyer { rows, matches } in buyers {
        if let Some(row) = rows.iter().find(|row| !seen.insert(&row.place)) {
            return Err(say!(
                "row {row} of `{file}` is used for two buyers",
                row = row.place.row,
                file = row.place.file
            ));
        }
        let first_seen = rows.iter().filter_map(|row| row.seen_on).min();
        let is_right = |found: &SealedMatch| {
            let own = rows.iter().any(|row| row.place == found.row);
            letters.sent.get(&found.letter).is_some_and(|sent_on| {
                let too_late = required && sent_on.zip(first_seen).is_some_and(|(sent, seen)| sent > seen);
                own && !too_late
            })
        };
        if let Some(SealedMatch { letter, .. }) = matches.iter().find(|found| !is_right(found)) {
            return Err(say!(
                "a match refers to row {row} of `{file}`, which is not an invitation that credits a buyer",
                row = letter.row,
                file = letter.file
            ));
        }
        let seen_rows = rows.iter().map(|row| {
            let channel = match row.channel {
                SealedChannel::Onsite => Channel::Onsite,
                SealedChannel::Online => Channel::Online,
            };
            let is_overseas = Country::find(&row.country).is_some_and(|country| country.is_overseas());
            (is_overseas, channel, row.first_time)
        });
        credit.add(history_of(seen_rows, choices));
    }
    if credit != sealed.credit {
        let [new, regular] = [credit.new, credit.regular].map(|count| count.to_string());
        return Err(say!(
            "the rows give {new} new and {regular} regular buyers, which differs from the counts",
            new,
            regular
        ));
    }
    Ok(buyers.iter().filter(|buyer| buyer.matches.is_empty()).count())
}

/// The choices under which an entry was sealed.
fn choices_of(head: &Head) -> Choices {
    let mut choices = Choices::new();
    for (policy, choice) in &head.basis.policies {
        choices.choose(policy, choice);
    }
    choices
}

/// A row as it was sealed.
struct SealedRow {
    shape: &'static TableShape,
    place: SealedPlace,
    values: Vec<Value>,
}

impl SealedRow {
    /// `None` where the content is no row of the table.
    fn of(table: &str, content: &str) -> Option<SealedRow> {
        let shape = SHAPES.into_iter().find(|shape| shape.name == table)?;
        let mut values: Vec<Value> = serde_json::from_str(content).ok()?;
        // Table, file, sheet and row stand before the fields.
        if values.len() != 4 + shape.fields.len() || values[0] != table {
            return None;
        }
        let fields = values.split_off(4);
        let place = SealedPlace {
            file: values[1].as_str()?.to_owned(),
            sheet: values[2].as_str().map(str::to_owned),
            row: u32::try_from(values[3].as_u64()?).ok()?,
        };
        Some(SealedRow { shape, place, values: fields })
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.values.get(self.shape.field(name)?)?.as_str()
    }

    /// What a field of a closed list stands for.
    fn word(&self, name: &str) -> Option<&'static str> {
        let kind = self.shape.fields[self.shape.field(name)?].kind;
        kind.value_of(self.field(name)?)
    }
}
