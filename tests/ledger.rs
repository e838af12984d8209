//! What is sealed can be checked by anyone who has a right to: the ledger against the tables, the site against the
//! ledger, an exhibitor's own rows against both; and it tells nothing of a buyer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use jinbang::award::{Digest, Keyed, Ledger, Secret, TreeHead, canonical, leaf_hash};
use jinbang::project::{check_receipt, read_receipt, read_sealed};
use jinbang::source::{Files, Report};
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::project::sample::{FOLDER, Fair, strike_off, text};
use crate::project::{files, here, run};

const TABLES: [&str; 5] = ["exhibitors.csv", "invitations.csv", "badges.csv", "online.csv", "penalties.yaml"];

/// A pair of keys as minisign makes them: the path of the secret one, and the public one.
fn keys(fair: &Fair) -> (String, String) {
    let keys = minisign::KeyPair::generate_unencrypted_keypair().expect("keys can be made");
    let public_key = keys.pk.to_base64();
    let path = fair.root().join(format!("{}.key", public_key.replace('/', "-")));
    let text = keys.sk.to_box(None).expect("a key is written").into_string();
    fs::write(&path, text).expect("files can be written");
    (path.to_string_lossy().into_owned(), public_key)
}

/// A ruling of a day, as `rulings.yaml` has it.
fn ruling(date: &str, decides: &str) -> String {
    format!(
        "- date: {date}\n  decides: {{{decides}}}\n  authority: {{zh: 主办方, en: the organiser}}\n  \
         reason: {{zh: 经核实, en: as was found}}\n"
    )
}

#[test]
fn the_site_is_the_same_from_a_signed_header_alone() {
    let fair = Fair::new();
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let struck = &fair.winners()[0];
    fair.write("rulings.yaml", &strike_off("2025-09-28", struck));
    let (secret, public_key) = keys(&fair);
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-28", "--sign", &secret]);
    let with_tables = fair.build("with");
    for private in TABLES.iter().chain(&["ledger.json", "ledger.secret"]) {
        fs::rename(fair.root().join(FOLDER).join(private), fair.root().join(private))
            .expect("files can be moved");
    }
    let message = fair.fails(&["build", "--out", "x"]);
    assert!(message.contains("its header has no signature"), "{message}");
    fair.change("fair.yaml", "fair: 137\n", &format!("fair: 137\nsigning: {{public_key: {public_key}}}\n"));
    let without = fair.build("without");
    assert_eq!(with_tables.keys().collect::<Vec<_>>(), without.keys().collect::<Vec<_>>());
    for (path, bytes) in &with_tables {
        assert!(without[path] == *bytes, "{path} differs");
    }
    let withdrawn =
        String::from_utf8(with_tables[&format!("en/awards/137/{struck}/index.html")].clone()).unwrap();
    assert!(withdrawn.contains("not as stated") && !withdrawn.contains("badge-"), "{withdrawn}");
    assert!(fair.succeeds(&["verify", "137"]).contains("nothing was computed again"));
    // A ruling that was not sealed cannot be applied without the tables.
    fair.write("rulings.yaml", &strike_off("2025-09-28", &fair_winner(&fair)));
    assert!(fair.fails(&["build", "--out", "x"]).contains("rulings that differ: 2025-09-28"));
    // Nor is what somebody else made of the ledger.
    fair.write("rulings.yaml", &strike_off("2025-09-28", struck));
    fair.build("again");
    let mut seal: Value = serde_json::from_str(&fair.read("seal.json")).expect("a header is JSON");
    let last =
        seal["entries"].as_array_mut().expect("entries are listed").last_mut().expect("there are some");
    last["listed"][0]["award"] = "gold".into();
    fair.write("seal.json", &canonical(&seal));
    assert!(fair.fails(&["build", "--out", "x"]).contains("the signature is not valid"));
    assert!(!fair.root().join("x").exists());
}

#[test]
fn nothing_is_published_that_is_not_signed_with_the_key_of_the_fair() {
    let fair = Fair::new();
    let (secret, public_key) = keys(&fair);
    let (other, _) = keys(&fair);
    fair.change("fair.yaml", "fair: 137\n", &format!("fair: 137\nsigning: {{public_key: {public_key}}}\n"));
    let build = ["build", "--out", "x"];
    assert!(fair.fails(&build).contains("error[not-sealed]"));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    assert!(fair.fails(&build).contains("file not found: `data/fairs/137/seal.json.minisig`"));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26", "--sign", &other]);
    assert!(fair.fails(&build).contains("the signature is not valid"));
    assert!(fair.fails(&["verify", "137"]).contains("error[ledger-signature]"));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26", "--sign", &secret]);
    fair.succeeds(&build);
    assert!(fair.succeeds(&["verify", "137"]).contains("the signature is valid"));
    // What is signed is the ledger as it was then.
    fair.write("rulings.yaml", &strike_off("2025-09-28", &fair.winners()[0]));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-28"]);
    assert!(fair.fails(&build).contains("file not found: `data/fairs/137/seal.json.minisig`"));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-28", "--sign", &secret]);
    fair.succeeds(&build);
    // Nor does a line in fair.yaml make the list final, or what is proposed a notice.
    fair.change("fair.yaml", "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-10\n");
    fair.succeeds(&["build", "--out", "y", "--as-of", "2025-10-09"]);
    assert!(fair.fails(&build).contains("error[not-sealed]: by its dates the list of fair 137 is `final`"));
    fair.succeeds(&["seal", "137", "--as-of", "2025-10-10", "--sign", &secret]);
    fair.succeeds(&build);
    fair.change("fair.yaml", "  final: 2025-10-10\n", "  final: 2025-10-14\n");
    assert!(
        fair.fails(&build).contains("`final` was `2025-10-10` when it was sealed and is now `2025-10-14`")
    );
}

#[test]
fn before_the_notice_a_header_is_no_list() {
    let fair = Fair::new();
    let (secret, public_key) = keys(&fair);
    // Nothing is sealed on a day that is to come, for nothing could follow it.
    assert!(fair.fails(&["seal", "137", "--as-of", "2999-01-01"]).contains("error[seal-order]"));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-20", "--sign", &secret]);
    // With the tables the list is there, but no header that commits to it.
    let output = fair.run(&["build", "--out", &fair.root().join("x").to_string_lossy()]);
    assert!(output.status.success() && text(&output.stderr).contains("warning[not-sealed]"));
    assert!(!fair.root().join("x/awards/137/seal.json").exists());
    fair.change("fair.yaml", "fair: 137\n", &format!("fair: 137\nsigning: {{public_key: {public_key}}}\n"));
    for private in TABLES.iter().chain(&["ledger.json", "ledger.secret"]) {
        fs::remove_file(fair.root().join(FOLDER).join(private)).expect("it is there");
    }
    assert!(
        fair.fails(&["build", "--out", "y"]).contains("was sealed before the notice and contains no list")
    );
}

#[test]
fn who_is_not_on_the_list_is_not_named_by_rulings() {
    let fair = Fair::new();
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let winners = fair.winners();
    let loser =
        (1..).map(|number| format!("E{number:05}")).find(|id| !winners.contains(id)).expect("one lost");
    let strike = |id: &str| ruling("2025-09-28", &format!("strike-off: {{exhibitor: {id}}}"));
    fair.write("rulings.yaml", &(strike(&winners[0]) + &strike(&loser)));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-28"]);
    assert!(!fair.read("seal.json").contains(&format!("\"{loser}\"")));
    let site = fair.build("public");
    for (lang, said) in [("zh", "未列入名单的一家企业"), ("en", "An exhibitor not on the list")] {
        let notice = text(&site[&format!("{lang}/awards/137/index.html")]);
        assert!(notice.contains(said), "{lang}");
    }
    fair.succeeds(&["verify", "137"]);
}

#[test]
fn two_that_seal_at_once_leave_one_ledger() {
    let fair = Fair::new();
    for round in 0..6 {
        let seal = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_jinbang"));
            command.arg("--root").arg(fair.root()).args(["seal", "137", "--as-of", "2025-09-26"]);
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
            command.spawn().expect("the program can be run")
        };
        let running = [seal(), seal()];
        let done = running.map(|mut running| running.wait().expect("it ends").code());
        assert!(done.contains(&Some(0)), "round {round}: {done:?}");
        fair.succeeds(&["verify", "137"]);
        for name in ["ledger.json", "ledger.secret", "seal.json"] {
            fs::remove_file(fair.root().join(FOLDER).join(name)).expect("it is there");
        }
    }
}

/// An exhibitor that the last entry says has silver.
fn fair_winner(fair: &Fair) -> String {
    let seal: Value = serde_json::from_str(&fair.read("seal.json")).expect("a header is JSON");
    let entries = seal["entries"].as_array().expect("entries are listed");
    let listed = entries.last().expect("there are entries")["listed"].as_array().expect("winners are listed");
    let winner = listed.iter().rev().find(|listed| listed["award"] == "silver");
    winner.expect("somebody has silver")["exhibitor"].as_str().expect("it has an identifier").to_owned()
}

#[test]
fn entries_follow_the_notice_and_only_rulings_change_what_it_says() {
    let fair = Fair::new();
    let stages = |fair: &Fair| {
        let seal: Value = serde_json::from_str(&fair.read("seal.json")).expect("a header is JSON");
        let entries = seal["entries"].as_array().expect("entries are listed").clone();
        entries.iter().map(|entry| entry["stage"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let said = fair.succeeds(&["seal", "137", "--as-of", "2025-09-20", "--dry-run"]);
    assert!(said.contains("entry 1 would be added") && said.contains("nothing was written"), "{said}");
    assert!(!fair.root().join(FOLDER).join("ledger.json").exists());
    assert!(!fair.root().join(FOLDER).join("ledger.secret").exists());
    for day in ["2025-09-20", "2025-09-22", "2025-09-26", "2025-09-27"] {
        fair.succeeds(&["seal", "137", "--as-of", day]);
    }
    assert_eq!(stages(&fair), ["proposed", "in-notice"]);
    fair.succeeds(&["verify", "137"]);

    // The tables may not change any more.
    let invitations = fair.read("invitations.csv");
    fair.change("invitations.csv", "发送成功", "退信");
    let message = fair.fails(&["seal", "137", "--as-of", "2025-09-28"]);
    assert!(
        message.contains("error[ledger-differs]") && message.contains("files that changed: invitations.csv")
    );
    fair.write("invitations.csv", &invitations);

    fair.write("rulings.yaml", &strike_off("2025-09-28", &fair.winners()[0]));
    assert!(fair.fails(&["seal", "137", "--as-of", "2025-09-27"]).contains("error[seal-order]"));
    let ledger = fair.read("ledger.json");
    let said = fair.succeeds(&["seal", "137", "--as-of", "2025-09-28", "--dry-run"]);
    assert!(said.contains("entry 3 would be added") && said.contains("decisions differ: "), "{said}");
    assert_eq!(fair.read("ledger.json"), ledger);
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-28"]);
    // That the time for objections is over is no entry; the list is final when the files say so, and once.
    for day in ["2025-10-09", "2025-10-10"] {
        fair.succeeds(&["seal", "137", "--as-of", day]);
    }
    assert_eq!(stages(&fair), ["proposed", "in-notice", "correction"]);
    fair.change("fair.yaml", "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-20\n");
    for day in ["2025-10-19", "2025-10-20", "2025-10-21"] {
        fair.succeeds(&["seal", "137", "--as-of", day]);
    }
    assert_eq!(stages(&fair), ["proposed", "in-notice", "correction", "final"]);
    fair.succeeds(&["verify", "137"]);
    assert!(fair.fails(&["seal", "137", "--as-of", "2025-10-01"]).contains("error[seal-order]"));
}

#[test]
fn nothing_that_was_sealed_changes_unnoticed() {
    let fair = Fair::new();
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let before = fair.build("public");
    let ledger = fair.read("ledger.json");
    let public = fair.root().join("public").to_string_lossy().into_owned();
    let build = ["build", "--out", public.as_str()];

    let award = "\"award\":\"silver\",\"counts\"";
    fair.change("ledger.json", award, &award.replace("silver", "gold"));
    for command in [&build[..], &["verify", "137"]] {
        assert!(fair.fails(command).contains("error[ledger-broken]"), "{command:?}");
    }
    fair.write("ledger.json", &ledger);

    // A value that decides nothing is noticed as well.
    let badges = fair.read("badges.csv");
    fair.change("badges.csv", "Sample Buyer", "Simple Buyer");
    for command in [&build[..], &["verify", "137"]] {
        let message = fair.fails(command);
        assert!(message.contains("error[ledger-differs]") && message.contains("badges.csv"), "{message}");
    }
    fair.write("badges.csv", &badges);

    // A rulebook that was changed after the fact.
    let rulebook = fair.root().join("data/rulebooks/i-invite-1.yaml");
    let text = fs::read_to_string(&rulebook).expect("the rulebook is there");
    // Other line ends are no change.
    fs::write(&rulebook, text.replace('\n', "\r\n")).expect("files can be written");
    fair.succeeds(&build);
    fs::write(
        &rulebook,
        text.replace(
            "choice: hold-harmless\n    alternatives: [freeze,",
            "choice: freeze\n    alternatives: [hold-harmless,",
        ),
    )
    .expect("files can be written");
    assert!(
        fair.fails(&build)
            .contains("`struck-off` was `hold-harmless` when it was sealed and is now `freeze`")
    );
    assert_eq!(files(Path::new(&public)), before, "a build that fails leaves the site as it was");
}

/// Changes the entries of a ledger and hashes everything again, as whoever can write the files and has the secret can.
fn forge(fair: &Fair, change: impl FnOnce(&mut Vec<Value>)) {
    let mut ledger: Value = serde_json::from_str(&fair.read("ledger.json")).expect("a ledger is JSON");
    let secret = Digest::parse(fair.read("ledger.secret").trim()).expect("a secret is 64 digits");
    let entries = ledger["entries"].as_array_mut().expect("entries are listed");
    change(entries);
    let mut holding: BTreeMap<String, Value> = BTreeMap::new();
    let mut previous = Value::Null;
    for entry in entries.iter_mut() {
        let number =
            u32::try_from(entry["head"]["number"].as_u64().expect("it is counted")).expect("it is small");
        let key: Keyed = Secret(secret.0).keyed().secret(&[b"entry", &number.to_be_bytes()]);
        for sealed in entry["decisions"].as_array().expect("decisions are listed") {
            let id = sealed["decision"]["exhibitor"].as_str().expect("it is named");
            holding.insert(id.to_owned(), sealed.clone());
        }
        let leaves = holding
            .iter()
            .map(|(id, sealed)| leaf_hash(&key.derive(&[b"decision", id.as_bytes()]), &canonical(sealed)));
        entry["head"]["decisions"] = json!(TreeHead::of(leaves));
        entry["head"]["record"] = json!(key.derive(&[b"record", canonical(&entry["record"]).as_bytes()]));
        entry["head"]["previous"] = previous;
        previous = json!(Digest(sha2::Sha256::digest(canonical(&entry["head"])).into()));
    }
    let heads: Vec<Value> = entries.iter().map(|entry| entry["head"].clone()).collect();
    let seal = json!({"format": "jinbang-seal/2", "fair": 137, "entries": heads});
    fair.write("ledger.json", &canonical(&ledger));
    fair.write("seal.json", &canonical(&seal));
}

/// A ledger of four entries: proposed, in notice, a correction, final; with the header that was published of it.
fn sealed_four_times(fair: &Fair) -> String {
    for day in ["2025-09-20", "2025-09-26"] {
        fair.succeeds(&["seal", "137", "--as-of", day]);
    }
    fair.write("rulings.yaml", &strike_off("2025-09-28", &fair.winners()[0]));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-28"]);
    fair.change("fair.yaml", "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-20\n");
    fair.succeeds(&["seal", "137", "--as-of", "2025-10-22"]);
    let published = fair.root().join("published.json");
    fs::write(&published, fair.read("seal.json")).expect("files can be written");
    published.to_string_lossy().into_owned()
}

#[test]
fn every_entry_is_verified_not_only_the_last() {
    let fair = Fair::new();
    let published = sealed_four_times(&fair);
    let said = fair.succeeds(&["verify", "137", "--header", &published]);
    for entry in 1..=3 {
        assert!(said.contains(&format!("entry {entry} (")), "{said}");
    }
    assert_eq!(said.matches("computed again from the tables").count(), 4, "{said}");
    assert!(said.contains("its 4 entries are unchanged"), "{said}");
    let [ledger, seal] = ["ledger.json", "seal.json"].map(|name| fair.read(name));
    forge(&fair, |_| {});
    assert_eq!(
        [fair.read("ledger.json"), fair.read("seal.json")],
        [ledger.clone(), seal],
        "the test writes a ledger as the program does"
    );

    type Change = fn(&mut Vec<Value>);
    /// Who finds it: `verify`, or only whoever holds the header that was published.
    #[derive(PartialEq, Debug)]
    enum Found {
        ByVerify,
        ByHeader,
    }
    use Found::{ByHeader, ByVerify};
    let forgeries: [(&str, Found, Change); 33] = [
        ("a loser made silver, and back again", ByVerify, |entries| {
            let decisions = entries[0]["decisions"].as_array_mut().expect("decisions are listed");
            let is_loser = |sealed: &&mut Value| sealed["decision"]["award"].is_null();
            let loser = decisions.iter_mut().find(is_loser).expect("one lost");
            let before = loser.clone();
            loser["decision"]["award"] = "silver".into();
            entries[1]["decisions"].as_array_mut().expect("decisions are listed").push(before);
        }),
        ("other counts", ByVerify, |entries| entries[0]["decisions"][9]["credit"]["new"] = 77.into()),
        ("other letters", ByVerify, |entries| {
            let rows = &mut entries[0]["decisions"][9]["rows"];
            rows["invitations"] = json!({"leaves": 3, "root": "0".repeat(64)});
        }),
        ("other buyers", ByVerify, |entries| {
            entries[0]["decisions"][9]["buyers"] = json!({"leaves": 3, "root": "0".repeat(64)});
        }),
        ("policies emptied", ByVerify, |entries| entries[0]["head"]["basis"]["policies"] = json!({})),
        ("a root zeroed", ByVerify, |entries| {
            entries[0]["head"]["trees"]["invitations"]["root"] = "0".repeat(64).into();
        }),
        ("proposed after the notice", ByVerify, |entries| entries[0]["head"]["date"] = "2025-09-26".into()),
        ("in notice before the notice", ByVerify, |entries| entries[1]["head"]["date"] = "2025-09-25".into()),
        ("a correction without a ruling", ByVerify, |entries| {
            entries[1]["head"]["stage"] = "correction".into()
        }),
        ("other settings in the notice", ByVerify, |entries| {
            entries[1]["head"]["basis"]["settings"]["previous_fair"] = 130.into();
        }),
        ("another reason for a ruling", ByVerify, |entries| {
            entries[2]["record"]["rulings"][0]["reason"]["en"] = "none".into();
        }),
        ("a ruling of a later day", ByVerify, |entries| entries[2]["head"]["date"] = "2025-09-27".into()),
        ("final taken back", ByVerify, |entries| entries[3]["head"]["stage"] = "correction".into()),
        ("final before its day", ByVerify, |entries| entries[3]["head"]["date"] = "2025-10-19".into()),
        ("another root at last", ByVerify, |entries| {
            entries[3]["head"]["trees"]["attendance"]["root"] = "0".repeat(64).into();
        }),
        ("other settings at last", ByVerify, |entries| {
            entries[3]["head"]["basis"]["settings"]["demonstration"] = false.into()
        }),
        ("other days", ByVerify, |entries| {
            entries[3]["head"]["basis"]["timeline"]["latest"] = "2025-10-18".into()
        }),
        ("another calendar", ByVerify, |entries| {
            entries[3]["head"]["basis"]["calendar"]["2025"] = "0".repeat(64).into()
        }),
        ("other inputs", ByVerify, |entries| entries[3]["record"]["inputs"][0]["bytes"] = 1.into()),
        ("another secret", ByVerify, |entries| entries[3]["head"]["secret"] = "0".repeat(64).into()),
        ("other rows", ByVerify, |entries| {
            entries[3]["head"]["basis"]["rows"]["attendance"]["blank"] = 7.into()
        }),
        ("another rulebook", ByVerify, |entries| {
            entries[3]["head"]["basis"]["rulebook"]["version"] = 2.into()
        }),
        ("other policies", ByVerify, |entries| {
            entries[3]["head"]["basis"]["policies"]["ties"] = "max".into()
        }),
        ("another pool", ByVerify, |entries| entries[3]["head"]["pool"] = 3.into()),
        ("other awards", ByVerify, |entries| entries[3]["head"]["awards"]["gold"] = 9.into()),
        ("another list", ByVerify, |entries| entries[3]["head"]["listed"][0]["award"] = "gold".into()),
        ("no rulings", ByVerify, |entries| entries[3]["record"]["rulings"] = json!([])),
        ("no corrections", ByVerify, |entries| entries[3]["head"]["corrections"] = json!([])),
        ("final and correction cut off", ByVerify, |entries| entries.truncate(2)),
        ("final cut off", ByHeader, |entries| entries.truncate(3)),
        ("another day at first", ByHeader, |entries| entries[0]["head"]["date"] = "2025-09-19".into()),
        ("another day at last", ByHeader, |entries| entries[3]["head"]["date"] = "2025-10-21".into()),
        ("another program", ByHeader, |entries| entries[0]["head"]["program"] = "jinbang 9".into()),
    ];
    for (name, found, change) in forgeries {
        fair.write("ledger.json", &ledger);
        forge(&fair, change);
        let output = fair.run(&["verify", "137"]);
        let found_by_verify =
            output.status.code() == Some(1) && text(&output.stderr).contains("error[ledger-");
        assert_eq!(found_by_verify, found == ByVerify, "{name}: {}", text(&output.stderr));
        if found == ByHeader {
            let message = fair.fails(&["verify", "137", "--header", &published]);
            assert!(message.contains("error[header-differs]"), "{name}: {message}");
        }
    }
    // A new history, which is consistent in itself.
    for name in ["ledger.json", "ledger.secret", "seal.json"] {
        fs::remove_file(fair.root().join(FOLDER).join(name)).expect("it is there");
    }
    fair.succeeds(&["seal", "137", "--as-of", "2025-10-22"]);
    fair.succeeds(&["verify", "137"]);
    assert!(fair.fails(&["verify", "137", "--header", &published]).contains("error[header-differs]"));
}

#[test]
fn a_changed_byte_of_a_ledger_is_found() {
    let fair = Fair::new();
    sealed_four_times(&fair);
    let mut lots = Lots(1);
    for name in ["ledger.json", "seal.json"] {
        let whole = fair.read(name);
        for _ in 0..40 {
            let mut bytes = whole.clone().into_bytes();
            let place = lots.below(bytes.len());
            bytes[place] = if bytes[place] == b'1' { b'2' } else { b'1' };
            fs::write(fair.root().join(FOLDER).join(name), &bytes).expect("files can be written");
            let message = fair.fails(&["verify", "137"]);
            assert!(message.contains("error[ledger-"), "{name}, byte {place}: {message}");
        }
        fair.write(name, &whole);
    }
    fair.succeeds(&["verify", "137"]);
}

#[test]
fn a_lost_secret_has_a_way_forward() {
    let fair = Fair::new();
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let exhibitor = fair.winners()[0].clone();
    let receipt = fair.root().join("receipt.json").to_string_lossy().into_owned();
    fs::write(&receipt, fair.succeeds(&["receipt", &exhibitor])).expect("files can be written");
    fs::remove_file(fair.root().join(FOLDER).join("ledger.secret")).expect("it is there");
    for command in
        [&["seal", "137", "--as-of", "2025-10-20"][..], &["verify", "137"], &["receipt", &exhibitor]]
    {
        let message = fair.fails(command);
        assert!(message.contains("error[ledger-secret]") && message.contains("--new-secret"), "{message}");
    }
    fair.build("without");
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-27", "--new-secret"]);
    let said = fair.succeeds(&["verify", "137"]);
    assert!(
        said.contains(
            "entry 1 (in notice, 2025-09-26) not computed again: it was sealed with another secret"
        ),
        "{said}"
    );
    // What was given out stays valid, and goes on to be checked against what is public.
    let header = fair.root().join(FOLDER).join("seal.json").to_string_lossy().into_owned();
    fair.succeeds(&["verify", "--receipt", &receipt, "--header", &header]);
    fs::write(&receipt, fair.succeeds(&["receipt", &exhibitor])).expect("files can be written");
    fair.succeeds(&["verify", "--receipt", &receipt, "--header", &header]);
    fair.build("after");
    // The evidence of the first list needs the secret that is lost.
    let fair_file = fair.read("fair.yaml");
    fair.write("fair.yaml", &format!("{fair_file}publish: {{evidence: counts}}\n"));
    assert!(fair.fails(&["seal", "137", "--as-of", "2025-09-27"]).contains("error[evidence-unsealed]"));
    fair.write("fair.yaml", &format!("{fair_file}publish: {{evidence: points}}\n"));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-27"]);
    fair.build("points");
    // Nothing else may change under the cover of a new secret.
    fair.change("badges.csv", "Sample Buyer", "Simple Buyer");
    assert!(fair.fails(&["seal", "137", "--as-of", "2025-09-27", "--new-secret"]).contains("badges.csv"));
}

#[test]
fn a_header_tells_nothing_of_who_is_not_on_the_list() {
    let fair = Fair::new();
    sealed_four_times(&fair);
    let header = fair.read("seal.json");
    let seal: Value = serde_json::from_str(&header).expect("a header is JSON");
    assert_eq!(seal["entries"][0]["listed"], json!([]), "before the notice nothing of the list is public");
    let ledger = Ledger::read(&fair.read("ledger.json")).expect("a ledger that was written is read");
    let last = ledger.last().expect("it has entries");
    let listed: BTreeSet<&str> = last.head.listed.iter().map(|one| one.exhibitor.as_str()).collect();
    assert!(!listed.is_empty() && listed.len() < 40);
    for (id, _) in last.decisions() {
        assert_eq!(header.contains(&format!("\"{id}\"")), listed.contains(id), "{id}");
    }
    for private in ["score", "rank", "percent", "credit", "because", "badges.csv"] {
        assert!(!header.contains(&format!("\"{private}\"")), "`{private}` is in the header");
    }
}

/// Numbers that seem to be drawn by lot, the same in each run.
struct Lots(u64);

impl Lots {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

#[test]
fn canonical_json_is_that_of_rfc_8785() {
    // The published test vectors of its authors.
    let folder = here().join("tests/canonical");
    let mut seen = 0;
    for name in ["arrays", "french", "structures", "unicode", "values", "weird"] {
        let read = |kind: &str| {
            fs::read_to_string(folder.join(format!("{name}.{kind}.json"))).expect("the vector is there")
        };
        let value: Value = serde_json::from_str(&read("input")).expect("it is JSON");
        assert_eq!(canonical(&value), read("output"), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 6);
}

#[test]
fn what_differs_from_the_ledger_is_said_with_the_next_step() {
    let fair = Fair::new();
    let check = |fair: &Fair, expected: &[&str]| {
        let message = fair.fails(&["check"]);
        for expected in expected {
            assert!(message.contains(expected), "`{expected}` stands in {message}");
        }
    };
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-20"]);
    fair.change("fair.yaml", "  published: 2025-09-26\n", "  published: 2025-09-28\n");
    check(
        &fair,
        &[
            "since fair 137 was sealed as proposed",
            "`published` was `2025-09-26` when it was sealed and is now `2025-09-28`",
            "run `jinbang seal 137` again",
        ],
    );
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-28"]);

    let winner = &fair.winners()[0];
    fair.write("rulings.yaml", &strike_off("2025-09-28", winner));
    check(&fair, &["rulings are not sealed yet: 2025-09-28", winner, "seal them: `jinbang seal 137`"]);
    fs::remove_file(fair.root().join(FOLDER).join("rulings.yaml")).expect("it is there");

    let invitations = fair.read("invitations.csv");
    let shorter = invitations.trim_end().rsplit_once('\n').expect("it has rows").0;
    fair.write("invitations.csv", shorter);
    check(
        &fair,
        &[
            "files that changed: invitations.csv",
            "`invitations` had 2500 rows when it was sealed and now has 2499",
            "add a ruling to rulings.yaml",
        ],
    );
}

#[test]
fn an_exhibitor_checks_what_was_sealed_of_it_and_sees_nobody_else() {
    let fair = Fair::new();
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let exhibitor = &fair.winners()[0];
    let receipt = fair.succeeds(&["receipt", exhibitor]);
    let parsed: Value = serde_json::from_str(&receipt).expect("a receipt is JSON");
    let letters = parsed["rows"]["invitations"].as_array().expect("letters are listed");
    let invitations = fair.read("invitations.csv");
    let sent = invitations.lines().filter(|line| line.starts_with(exhibitor.as_str())).count();
    assert_eq!(letters.len(), sent);
    assert!(
        letters.iter().all(|row| row["content"].as_str().is_some_and(|row| row.contains(exhibitor.as_str())))
    );
    let buyers = parsed["buyers"].as_array().expect("buyers are listed");
    let credited = |name: &str| parsed["sealed"]["credit"][name].as_u64().expect("it is a number");
    assert_eq!(buyers.len() as u64, credited("new") + credited("regular"));
    let buyers = parsed["buyers"].to_string();
    for table in ["badges.csv", "online.csv"] {
        let content = fair.read(table);
        let mut reader = csv::Reader::from_reader(content.trim_start_matches('\u{feff}').as_bytes());
        for row in reader.records() {
            let row = row.expect("the row can be read");
            let number = row.get(0).unwrap_or_default();
            assert!(number.is_empty() || !buyers.contains(number), "the number of a buyer is in the receipt");
        }
    }
    assert!(!buyers.contains('@'), "an address of a buyer is in the receipt");

    // A folder with nothing but the receipt and the header, wherever the exhibitor is.
    let elsewhere = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(elsewhere.path().join("seal.json"), fair.read("seal.json")).expect("files can be written");
    let check = |content: &[u8]| {
        let [receipt, header] = ["receipt.json", "seal.json"].map(|name| elsewhere.path().join(name));
        fs::write(&receipt, content).expect("files can be written");
        let [receipt, header] = [&receipt, &header].map(|path| path.to_string_lossy());
        run(elsewhere.path(), &["verify", "--receipt", &receipt, "--header", &header])
    };
    let output = check(receipt.as_bytes());
    let said = text(&output.stdout);
    assert!(output.status.success() && said.contains(&format!("invitations, rows: {sent}")), "{said}");
    assert!(said.contains("complete, without duplicates") && said.contains("vouched for by whoever sealed"));

    // As programs save it on Windows.
    let crlf = format!("\u{feff}{}", receipt.replace('\n', "\r\n"));
    let utf_16: Vec<u8> = crlf.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [crlf.as_bytes(), &utf_16] {
        assert!(check(bytes).status.success());
    }

    let changed = |change: &dyn Fn(&mut Value)| {
        let mut receipt = parsed.clone();
        change(&mut receipt);
        receipt.to_string()
    };
    let list =
        |receipt: &mut Value, table: &str| receipt["rows"][table].as_array_mut().expect("rows").clone();
    let other = &fair_winner(&fair);
    let theirs: Value = serde_json::from_str(&fair.succeeds(&["receipt", other])).expect("a receipt is JSON");
    let cases = [
        ("with another name", receipt.replace(exhibitor.as_str(), other), "differ from what was sealed"),
        (
            "a buyer of a letter changed",
            receipt.replacen("Sample Buyer", "Simple Buyer", 1),
            "the rows of `invitations` differ from those that were sealed",
        ),
        (
            "with rows of another",
            changed(&|receipt| receipt["rows"] = theirs["rows"].clone()),
            "this row does not belong to",
        ),
        (
            "a row twice",
            changed(&|receipt| {
                let mut rows = list(receipt, "invitations");
                rows.push(rows[0].clone());
                receipt["rows"]["invitations"] = rows.into();
            }),
            "is in the receipt twice",
        ),
        (
            "a row left out",
            changed(&|receipt| {
                let mut rows = list(receipt, "invitations");
                rows.pop();
                receipt["rows"]["invitations"] = rows.into();
            }),
            " rows of `invitations`, but",
        ),
        (
            "rows in another order",
            changed(&|receipt| {
                let mut rows = list(receipt, "invitations");
                rows.swap(0, 1);
                receipt["rows"]["invitations"] = rows.into();
            }),
            "differ from those that were sealed",
        ),
        (
            "no rows",
            changed(&|receipt| receipt["rows"] = json!({})),
            "the receipt has 0 rows of `exhibitors`",
        ),
        (
            "a buyer left out",
            changed(&|receipt| drop(receipt["buyers"].as_array_mut().expect("buyers").pop())),
            " buyers, but",
        ),
        ("buyers of another", changed(&|receipt| receipt["buyers"] = theirs["buyers"].clone()), "buyers"),
        (
            "a buyer from elsewhere",
            changed(&|receipt| receipt["buyers"][0]["rows"][0]["country"] = "CN".into()),
            "the buyers differ from those that were credited",
        ),
        (
            "another award",
            changed(&|receipt| receipt["sealed"]["decision"]["award"] = "none".into()),
            "differ from what was sealed",
        ),
        ("another place", changed(&|receipt| receipt["place"] = 3.into()), "differ from what was sealed"),
        ("another entry", changed(&|receipt| receipt["entry"] = 2.into()), "the header has no entry 2"),
        (
            "a table that is none",
            changed(&|receipt| receipt["rows"]["x\n\u{1b}[8mcounted: 900"] = json!([])),
            "it contains a table for which no row of",
        ),
        (
            "a count twice",
            receipt.replacen("\"counts\": {", "\"counts\": {\"new\": 99, ", 1),
            "is not a receipt",
        ),
    ];
    for (name, content, expected) in cases {
        let output = check(content.as_bytes());
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(1) && said.contains(expected), "{name}: {said}");
    }
}

#[test]
fn a_receipt_says_what_came_after_it() {
    let fair = Fair::new();
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-20"]);
    let winner = fair.winners()[0].clone();
    let [receipt, header] = [fair.root().join("receipt.json"), fair.root().join(FOLDER).join("seal.json")];
    fs::write(&receipt, fair.succeeds(&["receipt", &winner])).expect("files can be written");
    let [receipt, header] = [&receipt, &header].map(|path| path.to_string_lossy());
    let check = || fair.succeeds(&["verify", "--receipt", &receipt, "--header", &header]);
    assert!(check().contains("(entry 1, proposed)") && !check().contains("entries followed"));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    fair.write("rulings.yaml", &strike_off("2025-09-28", &winner));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-28"]);
    assert!(
        check().contains("later entries exist: by the last one, of 2025-09-28, the award is none"),
        "{}",
        check()
    );
}

#[test]
fn what_is_sealed_names_rows_by_lines() {
    let fair = Fair::new();
    let rows = fair.read("penalties.yaml");
    let id = &fair.winners()[0];
    let row = format!("{{exhibitor: {id}, reason: x, from_fair: 120, until_fair: 121}}");
    fair.write("penalties.yaml", &format!("[{row}, {row}]\n"));
    assert!(fair.fails(&["seal", "137", "--as-of", "2025-09-26"]).contains("error[two-rows-a-line]"));
    fair.write("penalties.yaml", &rows);
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
}

#[test]
fn every_receipt_holds_and_none_that_was_changed() {
    let fair = Fair::new();
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let folder = fair.root().join("receipts");
    fair.succeeds(&["receipt", "--all", &folder.to_string_lossy()]);
    assert_eq!(
        fair.run(&["receipt", "--all", &folder.to_string_lossy()]).status.code(),
        Some(2),
        "it is not empty"
    );
    let sealed = read_sealed(&mut Report::new(), &Files::new(fair.root()), 137);
    let seal = sealed.expect("files can be read").expect("it is sealed").seal;
    let holds = |bytes: &[u8]| {
        let mut report = Report::new();
        let receipt = read_receipt(&mut report, bytes);
        let proven = receipt.clone().and_then(|receipt| check_receipt(&mut report, &seal, &receipt));
        assert_eq!(proven.is_none(), report.has_errors());
        receipt.filter(|_| proven.is_some())
    };
    let receipts = files(&folder);
    assert_eq!(receipts.len(), 60);
    let mut lots = Lots(1);
    for (name, receipt) in receipts {
        let whole = holds(&receipt).unwrap_or_else(|| panic!("the receipt {name} does not hold"));
        for _ in 0..170 {
            let mut changed = receipt.clone();
            let place = lots.below(changed.len());
            match lots.below(3) {
                0 => changed[place] = b' ' + u8::try_from(lots.below(95)).expect("it is ASCII"),
                1 => drop(changed.remove(place)),
                _ => changed.insert(place, b'0' + u8::try_from(lots.below(10)).expect("it is a digit")),
            }
            if let Some(other) = holds(&changed) {
                assert_eq!(other, whole, "a changed receipt of {name} holds");
            }
        }
    }
}

/// Runs the program with a table replaced when it opens its `at`-th input. `None` where it opened fewer.
fn run_replacing(fair: &Fair, arguments: &[&str], at: usize) -> Option<Output> {
    let folder = fair.root().join(FOLDER);
    let (table, new, kept) =
        (folder.join("invitations.csv"), fair.root().join("new"), fair.root().join("kept"));
    fs::copy(&table, &kept).expect("tables can be copied");
    let text = fs::read_to_string(&table).expect("the table is UTF-8");
    let shorter = text.trim_end().rsplit_once('\n').expect("it has rows").0;
    fs::write(&new, format!("{shorter}\n")).expect("files can be written");
    let output = Command::new(env!("CARGO_BIN_EXE_jinbang"))
        .arg("--root")
        .arg(fair.root())
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .env("JINBANG_REPLACE_AT", format!("{at}\n{}\n{}", new.display(), table.display()))
        .output()
        .expect("the program can be run");
    let replaced = !new.exists();
    fs::rename(&kept, &table).expect("tables can be brought back");
    replaced.then_some(output)
}

#[test]
fn a_table_that_is_replaced_while_a_command_reads_is_refused() {
    let fair = Fair::new();
    let loser = "E00001";
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let sealed = fair.read("ledger.json");
    // Openings are tried by steps: `check` and `build` open all pages and themes as well.
    let commands: [(&[&str], usize); 9] = [
        (&["seal", "137", "--as-of", "2025-10-30"], 1),
        (&["verify", "137"], 1),
        (&["award"], 2),
        (&["explain", loser], 2),
        (&["receipt", loser], 2),
        (&["matches"], 2),
        (&["sensitivity"], 2),
        (&["check"], 47),
        (&["build", "--out", "built"], 47),
    ];
    for (arguments, step) in commands {
        let mut refused = 0;
        let mut at = 0;
        while let Some(output) = run_replacing(&fair, arguments, at) {
            let said = text(&output.stderr);
            if said.contains("changed while it was used") {
                refused += 1;
                assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
                assert!(output.stdout.is_empty(), "{arguments:?} prints what it made of two states");
                assert_eq!(fair.read("ledger.json"), sealed, "{arguments:?} writes at opening {at}");
                assert!(!fair.root().join("built").exists(), "{arguments:?} publishes at opening {at}");
            } else {
                // It was replaced before anybody read it.
                assert_eq!(refused, 0, "{arguments:?} takes two states for one at opening {at}: {said}");
                fair.write("ledger.json", &sealed);
                let _ = fs::remove_dir_all(fair.root().join("built"));
            }
            at += step;
        }
        assert!(refused > 1, "{arguments:?} reads the table");
    }
}

#[test]
fn a_ledger_holds_nothing_of_a_buyer() {
    let fair = Fair::new();
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let ledger = fair.read("ledger.json");
    let secret = fair.read("ledger.secret");
    assert!(!ledger.contains(secret.trim()), "the ledger holds its secret");
    let mut values = 0;
    for table in ["invitations.csv", "badges.csv", "online.csv"] {
        let content = fair.read(table);
        let mut reader = csv::Reader::from_reader(content.trim_start_matches('\u{feff}').as_bytes());
        let headings = reader.headers().expect("there are headings").clone();
        for row in reader.records() {
            let row = row.expect("the row can be read");
            for (heading, value) in headings.iter().zip(&row) {
                let of_a_buyer = [
                    "采购商编号",
                    "采购商姓名",
                    "姓名",
                    "邮箱地址",
                    "电子邮箱",
                    "公司名称",
                    "邀请码",
                    "邀请函编码",
                ];
                if of_a_buyer.contains(&heading) && value.chars().count() > 3 {
                    values += 1;
                    assert!(!ledger.contains(value), "the ledger holds a value under {heading} of {table}");
                }
            }
        }
    }
    assert!(values > 5_000, "only {values} values were looked for");
}

#[test]
#[ignore = "needs minisign"]
fn a_signature_in_the_format_of_minisign_holds_for_its_ledger_alone() {
    let fair = Fair::new();
    let ((secret, key), (_, other)) = (keys(&fair), keys(&fair));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-20", "--sign", &secret]);
    assert!(fair.succeeds(&["verify", "137", "--public-key", &key]).contains("the signature is valid"));
    assert!(fair.fails(&["verify", "137", "--public-key", &other]).contains("error[ledger-signature]"));
    // The program that gave the format its name says the same of the file that is published.
    let header = fair.root().join(FOLDER).join("seal.json");
    let minisign = |key: &str| {
        let checked = Command::new("minisign").args(["-V", "-q", "-P", key, "-m"]).arg(&header).output();
        checked.expect("the Debian package minisign is installed").status.success()
    };
    assert!(minisign(&key) && !minisign(&other));
    // A header that was published is checked where there is no project.
    let elsewhere = tempfile::tempdir().expect("a temporary folder can be made");
    let published = elsewhere.path().join("seal.json");
    for ending in ["", ".minisig"] {
        let from = fair.root().join(FOLDER).join(format!("seal.json{ending}"));
        fs::copy(from, elsewhere.path().join(format!("seal.json{ending}"))).expect("files can be copied");
    }
    let check = |key: &str| {
        run(elsewhere.path(), &["verify", "--header", &published.to_string_lossy(), "--public-key", key])
    };
    assert!(check(&key).status.success() && !check(&other).status.success());
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    assert!(
        fair.fails(&["verify", "137", "--public-key", &key])
            .contains("file not found: `data/fairs/137/seal.json.minisig`")
    );
}

#[test]
fn the_evidence_of_a_sealed_fair_names_nobody() {
    let fair = Fair::new();
    let fair_file = fair.read("fair.yaml");
    fair.write("fair.yaml", &format!("{fair_file}publish: {{evidence: counts}}\n"));
    assert!(fair.fails(&["build", "--out", "x"]).contains("error[evidence-unsealed]"));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let site = fair.build("public");
    let table = text(&site["zh/awards/137/evidence.csv"]);
    let results: Value =
        serde_json::from_str(&fair.succeeds(&["award", "--format", "json"])).expect("results are JSON");
    assert_eq!(table.lines().count() as u64, 1 + results["pool"].as_u64().expect("a number"));
    for exhibitor in results["exhibitors"].as_array().expect("results list the exhibitors") {
        assert!(!table.contains(exhibitor["exhibitor"].as_str().expect("an identifier")));
    }
    assert!(table.is_ascii(), "a name may be in the table");
    assert_eq!(site["zh/awards/137/evidence.csv"], site["en/awards/137/evidence.csv"]);
    let check = fair.run(&["check"]);
    assert!(text(&check.stderr).contains("rows of the evidence are unique"), "{}", text(&check.stderr));

    // After a ruling the counts stay: the difference would be those of the exhibitor that it names.
    let winners = fair.winners().len();
    fair.write("rulings.yaml", &strike_off("2025-09-28", &fair.winners()[0]));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-28"]);
    let ruled = fair.build("ruled");
    assert_eq!(ruled["en/awards/137/evidence.csv"], site["en/awards/137/evidence.csv"]);
    let page = text(&ruled["en/awards/137/evidence/index.html"]);
    assert!(page.contains("Counts are not published again after a ruling"));
    let published = |page: &str| {
        let numbers = page.split("data-published=").skip(1).map(|rest| rest.trim_start_matches('"'));
        numbers
            .map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse::<usize>().unwrap())
            .sum::<usize>()
    };
    assert_eq!(published(&page), winners, "the page counts as the table does");

    // Points are published again, under other handles.
    fair.change("fair.yaml", "evidence: counts", "evidence: points");
    assert!(fair.fails(&["build", "--out", "x"]).contains("differs from the table that was sealed"));
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-28"]);
    let points = fair.build("points");
    let points = text(&points["en/awards/137/evidence.csv"]);
    let handles = |table: &str| -> BTreeSet<String> {
        table.lines().skip(1).filter_map(|line| Some(line.split(',').next()?.to_owned())).collect()
    };
    assert!(handles(&points).is_disjoint(&handles(&table)), "a handle is used twice");
    for line in points.lines().skip(1) {
        let values = line.split(',').skip(1).take(3);
        assert!(values.into_iter().all(|value| ["100", "80", "60", "40", "20"].contains(&value)), "{line}");
    }
}

#[test]
fn a_revoked_award_takes_its_points_back_by_a_line_of_its_own() {
    let fair = Fair::new();
    let review = fair.root().join("data/booth-review.yaml");
    fs::write(&review, "since_fair: 137\n").expect("files can be written");
    let account = |fair: &Fair| -> Value {
        serde_json::from_str(&fair.succeeds(&["bonus", "--format", "json"])).expect("an account is JSON")
    };
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let before = account(&fair);
    assert_eq!(
        (&before["fairs"], &before["not_final"]),
        (&Value::from(Vec::<u32>::new()), &Value::from(vec![137]))
    );

    // The notice is over, and nobody has said that the list is final.
    fair.succeeds(&["seal", "137", "--as-of", "2025-10-10"]);
    assert_eq!(account(&fair)["fairs"], before["fairs"]);
    fair.change("fair.yaml", "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-20\n");
    fair.succeeds(&["seal", "137", "--as-of", "2025-10-20"]);
    let winners = fair.winners();
    let holders = account(&fair)["exhibitors"].as_array().expect("exhibitors are listed").clone();
    assert_eq!(holders.len(), winners.len());
    let gold = holders.iter().find(|holder| holder["points"] == 2).expect("somebody has gold");
    let id = gold["exhibitor"].as_str().expect("an identifier");

    fair.write(
        "rulings.yaml",
        &format!(
            "- date: 2025-11-03\n  decides: {{strike-off: {{exhibitor: {id}}}}}\n  \
             authority: {{zh: 主办方, en: the organiser}}\n  reason: {{zh: 经核实不符, en: not as stated}}\n"
        ),
    );
    fair.succeeds(&["seal", "137", "--as-of", "2025-11-03"]);
    let after = account(&fair);
    let holder = |id: &str| {
        let all = after["exhibitors"].as_array().expect("exhibitors are listed");
        all.iter().find(|holder| holder["exhibitor"] == id).expect("it is listed").clone()
    };
    let points: Vec<i64> =
        holder(id)["lines"].as_array().unwrap().iter().map(|line| line["points"].as_i64().unwrap()).collect();
    assert_eq!((points, &holder(id)["points"]), (vec![2, -2], &0.into()));

    // The section is chosen in data, among those of the exhibitor.
    let other = winners.iter().find(|winner| *winner != id).expect("there are several");
    let section = gold["section"].as_str().expect("a synthetic exhibitor has one section").to_owned();
    fs::write(&review, format!("since_fair: 135\nsections: {{{id}: {section}, {}: 无此展区}}\n", other))
        .unwrap();
    assert!(fair.fails(&["bonus"]).contains("error[unknown-section]"));
    fs::write(&review, "since_fair: 138\n").expect("files can be written");
    assert_eq!(account(&fair)["exhibitors"], Value::from(Vec::<u32>::new()));
}

#[test]
fn rewards_are_given_by_the_tiers_of_the_rulebook() {
    let fair = Fair::new();
    let path = fair.root().join("data/rulebooks/i-invite-1.yaml");
    let rulebook = fs::read_to_string(&path).expect("the rulebook is there");
    let start = rulebook.find("  - id: goods").expect("rewards in kind are left open");
    let end = start + rulebook[start..].find("\ntimeline:").expect("the timeline follows");
    let tiers = "  - id: goods
    title: {zh: 实物奖励, en: Rewards in kind}
    tiers:
      - id: first
        title: {zh: 一等, en: First}
        require: [rank-at-most: {indicator: new, rank: 3}, gate: two-latest-fairs]
      - id: second
        title: {zh: 二等, en: Second}
        require: [at-least: {measure: buyers, number: 5}]
    cites: [publicity]
";
    fs::write(&path, format!("{}{tiers}{}", &rulebook[..start], &rulebook[end..]))
        .expect("files can be written");
    let parse = |text: String| -> Value { serde_json::from_str(&text).expect("JSON") };
    // Nothing is given for awards that are proposed.
    assert!(fair.fails(&["rewards"]).contains("error[not-final]"));
    fair.change("fair.yaml", "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-20\n");
    let results = parse(fair.succeeds(&["award", "--format", "json"]));
    let rewards = parse(fair.succeeds(&["rewards", "--format", "json"]))["rewards"].clone();
    let ids = |wanted: &dyn Fn(&Value) -> bool| -> Value {
        let all = results["exhibitors"].as_array().expect("exhibitors are listed").iter();
        all.filter(|found| wanted(found)).map(|found| found["exhibitor"].clone()).collect::<Vec<_>>().into()
    };
    let missed = |found: &Value| found["failed"].as_array().unwrap().contains(&"two-latest-fairs".into());
    let first = |found: &Value| {
        let rank = found["indicators"]["new"]["rank"].as_str();
        rank.is_some_and(|rank| ["1", "2", "3"].contains(&rank)) && !missed(found)
    };
    let buyers = |found: &Value| found["new"].as_u64().unwrap() + found["regular"].as_u64().unwrap();
    assert_eq!(rewards["goods"]["first"], ids(&first));
    assert_eq!(rewards["goods"]["second"], ids(&|found| !first(found) && buyers(found) >= 5));
    assert_eq!(rewards["online-display"]["winners"], ids(&|found| !found["award"].is_null()));
    assert_eq!(
        rewards["social-media"]["participants"],
        ids(&|found| found["invitations"].as_u64() > Some(0) && !missed(found))
    );
    assert!(rewards["goods"]["first"].as_array().is_some_and(|ids| !ids.is_empty()));

    fs::write(
        &path,
        format!("{}{}{}", &rulebook[..start], tiers.replace("buyers,", "buyer,"), &rulebook[end..]),
    )
    .unwrap();
    let message = fair.fails(&["rewards"]);
    assert!(
        message.contains("unknown measure `buyer`") && message.contains("did you mean `buyers`?"),
        "{message}"
    );
}

#[test]
fn before_the_notice_nothing_of_a_winner_is_published() {
    let fair = Fair::new();
    let exhibitors = fair.read("exhibitors.csv");
    let winners = fair.winners();
    let names: Vec<&str> = exhibitors
        .lines()
        .filter(|line| winners.iter().any(|id| line.starts_with(id.as_str())))
        .filter_map(|line| line.split(',').nth(1))
        .collect();
    assert_eq!(names.len(), winners.len());
    let out = fair.root().join("public").to_string_lossy().into_owned();
    for (day, published) in [("2025-09-25", false), ("2025-09-26", true)] {
        fair.succeeds(&["build", "--as-of", day, "--out", &out]);
        let site = files(Path::new(&out));
        assert_eq!(site.contains_key("zh/awards/137/index.html"), published, "{day}");
        let shown = |name: &str| site.values().any(|bytes| String::from_utf8_lossy(bytes).contains(name));
        assert!(names.iter().all(|name| shown(name) == published), "{day}");
    }
}

#[test]
fn what_a_ruling_explains_may_change_after_the_notice_and_nothing_else() {
    let fair = Fair::new();
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let winner = fair.winners()[0].clone();
    let country =
        fair.read("online.csv").lines().nth(1).and_then(|row| row.split(',').nth(4)).unwrap().to_owned();
    let mut rulings = String::new();
    let rule = |rulings: &mut String, date: &str, decides: &str| {
        rulings.push_str(&ruling(date, decides));
        fair.write("rulings.yaml", rulings);
        fair.succeeds(&["seal", "137", "--as-of", date]);
        fair.succeeds(&["verify", "137"]);
    };
    rule(
        &mut rulings,
        "2025-09-28",
        &format!(
            "correct-record: {{table: attendance, place: {{file: online.csv, row: 2}}, field: country, \
             from: {country}, to: CN}}"
        ),
    );
    // Exported again, with the address of a buyer; the table that was sealed stays. It may change nothing that the ruling
    // does not say, such as what was ruled on before.
    let admitted = fair.read("online.csv").replace("buyer00001@", "buyer99999@");
    let admit = "admit-input: {table: attendance, file: online-2.csv, replaces: online.csv, fields: [email]}";
    let shorter = admitted.trim_end().rsplit_once('\n').expect("it has rows").0;
    for (export, expected) in [
        (
            admitted.as_str(),
            "`online-2.csv` differs from `online.csv` in fields that the ruling does not name: country",
        ),
        (shorter, "but the ruling names only fields"),
    ] {
        fair.write("online-2.csv", export);
        fair.write("rulings.yaml", &(rulings.clone() + &ruling("2025-09-29", admit)));
        let message = fair.fails(&["seal", "137", "--as-of", "2025-09-29"]);
        assert!(message.contains("error[ruling-field]") && message.contains(expected), "{message}");
    }
    let (headings, rows) = admitted.split_once('\n').expect("there are rows");
    fair.write("online-2.csv", &format!("{headings}\n{}", rows.replacen(&format!(",{country},"), ",CN,", 1)));
    rule(&mut rulings, "2025-09-29", admit);
    assert!(!fair.read("ledger.json").contains("buyer99999"));
    let admitted = "error[ruling-field]";
    for (table, found) in
        [("online.csv", admitted), ("online-2.csv", admitted), ("badges.csv", "error[ledger-differs]")]
    {
        let sealed = fair.read(table);
        fair.change(table, "Sample Buyer", "Simple Buyer");
        let message = fair.fails(&["seal", "137", "--as-of", "2025-09-30"]);
        assert!(message.contains(found) && message.contains(table), "{message}");
        fair.write(table, &sealed);
    }
    rule(&mut rulings, "2025-10-09", "prolong-notice: {until: 2025-10-15}");
    fair.change("fair.yaml", "published: 2025-09-26", "published: 2025-09-26\n  final: 2025-10-16");
    fair.succeeds(&["seal", "137", "--as-of", "2025-10-16"]);
    rule(
        &mut rulings,
        "2025-10-20",
        &format!("correct-exhibitor: {{exhibitor: {winner}, name_zh: 正名有限公司, booths: [1.1A01]}}"),
    );

    let (secret, public_key) = keys(&fair);
    fair.succeeds(&["seal", "137", "--as-of", "2025-10-20", "--sign", &secret]);
    fair.change("fair.yaml", "fair: 137\n", &format!("fair: 137\nsigning: {{public_key: {public_key}}}\n"));
    let with_tables = fair.build("with");
    let notice =
        |site: &BTreeMap<String, Vec<u8>>, lang: &str| text(&site[&format!("{lang}/awards/137/index.html")]);
    let zh = notice(&with_tables, "zh");
    for shown in ["更正公示的企业信息", "正名有限公司", "公示期延长至2025年10月15日"]
    {
        assert!(zh.contains(shown), "{shown}");
    }
    assert!(notice(&with_tables, "en").contains("The notice is extended to 15 October 2025"));
    // What moved nothing that is published stands in the ledger only.
    assert!(!zh.contains("更正参会记录表"));
    let site = fair.root().join("earlier").to_string_lossy().into_owned();
    fair.succeeds(&["build", "--out", &site, "--as-of", "2025-10-08"]);
    let earlier = notice(&files(Path::new(&site)), "zh");
    assert!(!earlier.contains("正名有限公司") && !earlier.contains("10月15日"));

    for table in TABLES.iter().chain(&["online-2.csv", "ledger.json", "ledger.secret"]) {
        fs::rename(fair.root().join(FOLDER).join(table), fair.root().join(table))
            .expect("tables can be moved");
    }
    let without = fair.build("without");
    for (path, bytes) in &with_tables {
        assert!(without.get(path) == Some(bytes), "{path} differs");
    }
}

#[test]
fn rulings_are_tried_before_they_are_signed() {
    let fair = Fair::new();
    let winner = fair.winners()[0].clone();
    let draft = fair.root().join("draft.yaml");
    let strike_off = ruling("2025-09-28", &format!("strike-off: {{exhibitor: {winner}}}"));
    let rename = ruling("2025-09-28", &format!("correct-exhibitor: {{exhibitor: {winner}, website: \"\"}}"));
    fs::write(&draft, strike_off + &rename).expect("files can be written");
    let what_if = ["award", "--what-if", &draft.to_string_lossy(), "--format", "json"];
    let found: Value = serde_json::from_str(&fair.succeeds(&what_if)).expect("JSON");
    let changes = found["changes"].as_array().expect("changes are listed");
    assert!(changes.iter().any(|change| change["exhibitor"] == *winner && change["after"].is_null()));
    let fallen = |change: &&Value| change["after"].is_null() && !change["before"].is_null();
    assert_eq!(changes.iter().filter(fallen).count(), 1, "nobody else falls");
    assert_eq!(found["details"][0]["field"], "website");
    assert_eq!(fair.winners()[0], winner, "nothing is decided by a draft");
}

#[test]
fn points_are_summed_up_with_fairs_that_were_decided_elsewhere() {
    let fair = Fair::new();
    fair.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    fair.change("fair.yaml", "published: 2025-09-26", "published: 2025-09-26\n  final: 2025-10-16");
    fair.succeeds(&["seal", "137", "--as-of", "2025-10-16"]);
    fs::write(fair.root().join("data/booth-review.yaml"), "since_fair: 135\n").expect("files can be written");
    let message = fair.fails(&["bonus"]);
    assert!(
        message.contains("error[bonus-gap]") && message.contains("the winners of fairs 135, 136 are unknown"),
        "{message}"
    );
    assert!(message.contains("data/fairs/135/winners.csv"), "{message}");

    let (once, twice) = ("E90001", fair.winners()[0].clone());
    for (number, winners) in [
        (135, "企业编号,企业名称,奖项\nE90001,旧企业,金奖\n".to_owned()),
        (136, format!("exhibitor,name_zh,name_en,award\n{twice},甲,First Co.,silver\n")),
    ] {
        let folder = fair.root().join(format!("data/fairs/{number}"));
        fs::create_dir(&folder).expect("folders can be made");
        fs::write(folder.join("winners.csv"), winners).expect("files can be written");
    }
    let account: Value = serde_json::from_str(&fair.succeeds(&["bonus", "--format", "json"])).expect("JSON");
    assert_eq!(account["fairs"], serde_json::json!([135, 136, 137]));
    let points = |id: &str| {
        let all = account["exhibitors"].as_array().expect("exhibitors are listed").iter();
        all.filter(|found| found["exhibitor"] == id).map(|found| found["points"].clone()).collect::<Vec<_>>()
    };
    let results: Value =
        serde_json::from_str(&fair.succeeds(&["award", "--format", "json"])).expect("results are JSON");
    let award = |found: &&Value| found["exhibitor"] == *twice;
    let award =
        results["exhibitors"].as_array().unwrap().iter().find(award).expect("a winner")["award"].clone();
    assert_eq!(
        (points(once), points(&twice)),
        (vec![2.into()], vec![if award == "gold" { 3 } else { 2 }.into()])
    );

    // They are in the archive as well.
    let archive = text(&fair.build("public")["zh/awards/index.html"]);
    for shown in ["第135届", "旧企业", "第136届"] {
        assert!(archive.contains(shown), "{shown}");
    }
}
