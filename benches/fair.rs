//! How long a fair takes: `cargo bench`. The fair is synthetic, of 2,000 exhibitors, 60,000 invitations and 20,000
//! buyers in csv; `JINBANG_BENCH=large` makes it one of 31,000, 5,000,000 and 300,000.

use std::sync::LazyLock;

use divan::Bencher;
use jinbang::fair::{NearMissSearch, Observers};
use jinbang::project::{Goal, Options, build, judge_project, preview};
use jinbang::sample::{Sample, SampleFormat, SampleOrder, write_sample};
use jinbang::source::{Files, Report};

/// The fair, in a folder of its own.
static FAIR: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let large = std::env::var("JINBANG_BENCH").is_ok_and(|size| size == "large");
    let (exhibitors, invitations, buyers) =
        if large { (31_000, 5_000_000, 300_000) } else { (2_000, 60_000, 20_000) };
    let order = SampleOrder { exhibitors, invitations, buyers, seed: 137, format: SampleFormat::Csv };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut report = Report::new();
    let made: Option<Sample> =
        write_sample(&mut report, &Files::new(env!("CARGO_MANIFEST_DIR")), folder.path(), &order)
            .expect("the disk has room");
    assert!(made.is_some());
    folder
});

fn main() {
    divan::main();
}

/// From the tables to the awards.
#[divan::bench]
fn award(bencher: Bencher<'_, '_>) {
    LazyLock::force(&FAIR);
    bencher.bench(|| {
        let mut report = Report::new();
        judge_project(&mut report, &Files::new(FAIR.path()), None, &[], Observers::none())
            .expect("the files can be read")
    });
}

/// From the tables to the awards, and to the buyers who almost match.
#[divan::bench]
fn matches(bencher: Bencher<'_, '_>) {
    LazyLock::force(&FAIR);
    bencher.bench(|| {
        let mut report = Report::new();
        let mut search = NearMissSearch::default();
        let observers = Observers { facts: &mut search, inputs: &mut () };
        judge_project(&mut report, &Files::new(FAIR.path()), None, &[], observers)
            .expect("the files can be read");
        search.found()
    });
}

/// From a page of text that was saved to what a browser gets, with everything else remembered.
#[divan::bench]
fn edit(bencher: Bencher<'_, '_>) {
    let files = Files::new(FAIR.path());
    let saved = std::collections::BTreeSet::from(["content/activities/vlog.en.md".to_owned()]);
    let shown = || {
        files.refresh(&saved);
        preview(&mut Report::new(), &files, &Options::default(), |report, preview| {
            let page = preview.find("en/activities/vlog/").expect("the page is there").clone();
            preview.make(report, &page)
        })
        .expect("the files can be read")
    };
    shown();
    bencher.bench(shown);
}

/// From the project to a site that is checked and not written.
#[divan::bench]
fn check(bencher: Bencher<'_, '_>) {
    LazyLock::force(&FAIR);
    bencher.bench(|| {
        let mut report = Report::new();
        let files = Files::new(FAIR.path());
        build(&mut report, &files, &Options::default(), &Goal::Check, || {}).expect("the files can be read")
    });
}
