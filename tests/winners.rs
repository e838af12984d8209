//! What the pages of winners say beside the award.

use std::fs;
use std::path::{Path, PathBuf};

use crate::project::{edit, rewrite, run, sample};

/// A small synthetic fair in a folder of its own.
fn sample(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("winners").join(name);
    let _ = fs::remove_dir_all(&root);
    sample::make(&root, [60, 1800, 600]);
    root
}

fn build(root: &Path) -> String {
    let output = run(root, &["build", "--out", root.join("public").to_str().unwrap()]);
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The identifiers of the winners of a fair.
fn winners(root: &Path, fair: &str) -> Vec<String> {
    let folder = root.join("public/zh/awards").join(fair);
    let entries =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut winners: Vec<String> = entries.filter(|name| name.starts_with('E')).collect();
    winners.sort();
    winners
}

#[test]
fn a_winner_leads_to_its_awards_at_other_fairs() {
    let root = sample("two-fairs");
    let fairs = root.join("data/fairs");
    fs::create_dir(fairs.join("138")).unwrap();
    for entry in fs::read_dir(fairs.join("137")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() != "roster.yaml" {
            fs::copy(&path, fairs.join("138").join(path.file_name().unwrap())).unwrap();
        }
    }
    edit(
        &fairs.join("138/fair.yaml"),
        "\nfair: 137\nprevious_fair: 136\n",
        "\nfair: 138\nprevious_fair: 137\n",
    );
    rewrite(&fairs.join("138/exhibitors.csv"), |text| text.replace("136;137", "136;137;138"));
    build(&root);
    let both: Vec<String> =
        winners(&root, "138").into_iter().filter(|id| winners(&root, "137").contains(id)).collect();
    assert!(both.len() > 2, "{both:?}");
    let page = |fair: &str, id: &str| {
        fs::read_to_string(root.join(format!("public/en/awards/{fair}/{id}/index.html"))).unwrap()
    };
    assert!(page("138", &both[0]).contains(&format!("href=\"/en/awards/137/{}/\"", both[0])));
    assert!(page("137", &both[0]).contains(&format!("href=\"/en/awards/138/{}/\"", both[0])));
    // An identifier that has gone to another company is another company.
    let table = fs::read_to_string(fairs.join("138/exhibitors.csv")).unwrap();
    let row = table.lines().find(|row| row.starts_with(&both[1])).unwrap();
    let name = row.split(',').nth(1).unwrap();
    let other = row.replace(name, "另一家公司").replace("Sample", "Another");
    fs::write(fairs.join("138/exhibitors.csv"), table.replace(row, &other)).unwrap();
    let said = build(&root);
    assert!(!said.contains("error"), "{said}");
    assert!(!page("138", &both[1]).contains("/en/awards/137/E"));
}

#[test]
fn a_letter_that_no_card_can_show_is_named() {
    let root = sample("letter");
    build(&root);
    let winner = winners(&root, "137").remove(0);
    let path = root.join("data/fairs/137/exhibitors.csv");
    let table = fs::read_to_string(&path).unwrap();
    let row = table.lines().find(|row| row.starts_with(&winner)).unwrap();
    let name = row.split(',').nth(1).unwrap();
    edit(&path, name, "𠮷田公司");
    let said = build(&root);
    assert!(said.contains("warning[card-letter]") && said.contains("has no `𠮷`"), "{said}");
    assert!(said.contains("data/fairs/137/exhibitors.csv:"), "{said}");
}

#[test]
fn a_list_is_not_final_while_it_may_be_objected_to() {
    let root = sample("final");
    let fair = root.join("data/fairs/137/fair.yaml");
    edit(&fair, "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-09\n");
    let said = build(&root);
    assert!(
        said.contains("error[notice-final]") && said.contains("it is open to objections until 2025-10-09"),
        "{said}"
    );
    edit(&fair, "final: 2025-10-09", "final: 2025-10-10");
    let said = build(&root);
    assert!(!said.contains("error"), "{said}");
}

#[test]
fn an_award_is_proposed_until_the_list_is_final() {
    let root = sample("proposed");
    build(&root);
    let winner = winners(&root, "137").remove(0);
    let read = |path: &str| fs::read_to_string(root.join("public/en/awards/137").join(path)).unwrap();
    let page = format!("{winner}/index.html");
    let card = format!("public/cards/137/{winner}.png");
    let drawn = fs::read(root.join(&card)).unwrap();
    assert!(read(&page).contains(": Proposed ") && read(&page).contains(" is proposed for the "));
    assert!(read("badge-gold.svg").contains("Proposed"));
    assert!(read("index.html").contains(">Proposed winners<"));
    let fair = root.join("data/fairs/137/fair.yaml");
    edit(&fair, "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-13\n");
    build(&root);
    let text = read(&page);
    assert!(!text.contains("Proposed ") && text.contains(" won the "), "{text}");
    assert!(!read("badge-gold.svg").contains("Proposed"));
    assert!(read("index.html").contains(">Winners<"));
    assert!(fs::read(root.join(&card)).unwrap() != drawn, "the card says the same");
}
