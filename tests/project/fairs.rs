//! Random fairs of which the counts lie close together, so that little changes much.

use std::fmt::Write as _;

use jinbang::award::{Results, Subject, judge};
use jinbang::data::Amendments;
use jinbang::fair::{Facts, Observers, read_facts};
use jinbang::project::read_fair;
use jinbang::rulebook::{Choices, Exact, Measure, Requirement, Rulebook, Which};
use jinbang::source::{Files, Report, Style};

use super::Project;

/// Numbers by lot, the same for the same seed (xorshift).
pub struct Lots(u64);

impl Lots {
    /// Lots of a seed.
    pub fn new(seed: u64) -> Lots {
        Lots(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below another.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// The tables of a random fair, written to a project.
pub fn random_fair(project: &Project, seed: u64, exhibitors: u64) {
    let mut lots = Lots::new(seed);
    let buyers = 12 + lots.below(12);
    let mut text = "exhibitor,name_zh,fairs\n".to_owned();
    for exhibitor in 0..exhibitors {
        let fairs = if lots.percent(85) { "136;137" } else { "137" };
        writeln!(text, "E{exhibitor:03},示例,{fairs}").expect("text grows");
    }
    project.table("exhibitors.csv", text);
    let day = |lots: &mut Lots| match lots.percent(15) {
        true => String::new(),
        false => format!("2025-04-{:02}", 1 + lots.below(28)),
    };
    let mut text = "exhibitor,code,buyer_name,company,email,sent_on,status\n".to_owned();
    for exhibitor in 0..exhibitors {
        for _ in 0..8 + lots.below(8) {
            let buyer = lots.below(buyers + 10);
            let keys = match lots.below(5) {
                0 => format!("C{buyer},Name,,"),
                1 => format!(",Name {},Company {},", buyer % 2, buyer % 8),
                2 => ",,,".to_owned(),
                _ => format!(",Name,,b{buyer}@example.com"),
            };
            let sent_on = day(&mut lots);
            let status = if lots.percent(95) { "sent" } else { "failed" };
            writeln!(text, "E{exhibitor:03},{keys},{sent_on},{status}").expect("text grows");
        }
    }
    project.table("invitations.csv", text);
    let mut text = "buyer,code,company,email,country,channel,first_time,seen_on\n".to_owned();
    for _ in 0..2 * buyers {
        let buyer = lots.below(buyers);
        let country = if buyer % 7 == 6 { "CN" } else { "FR" };
        let keys = match lots.percent(50) {
            true => format!("C{buyer},,b{buyer}@example.com"),
            false => format!(",Company {},", buyer % 8),
        };
        let channel = if lots.percent(60) { "onsite" } else { "online" };
        let first_time = if lots.percent(60) { "yes" } else { "no" };
        let seen_on = day(&mut lots);
        writeln!(text, "B{buyer},{keys},{country},{channel},{first_time},{seen_on}").expect("text grows");
    }
    project.table("attendance.csv", text);
    project
        .table("penalties.csv", format!("exhibitor,from_fair,until_fair\nE{:03},137,138\n", exhibitors - 1));
}

/// The tables of a fair in which everyone is ranked and everyone's new buyers are one more than the next one's;
/// most have no regular buyer.
pub fn ladder(project: &Project, exhibitors: u64) {
    let mut text = "exhibitor,name_zh,fairs\n".to_owned();
    let mut invitations = "exhibitor,code,status\n".to_owned();
    for exhibitor in 0..exhibitors {
        writeln!(text, "E{exhibitor:03},示例,136;137").expect("text grows");
        let (new, regular) = (5 + exhibitor, if exhibitor % 3 == 0 { exhibitor % 7 } else { 0 });
        let codes =
            (0..new).map(|buyer| format!("N{buyer}")).chain((0..regular).map(|buyer| format!("R{buyer}")));
        for code in codes.chain((0..5).map(|_| String::new())) {
            writeln!(invitations, "E{exhibitor:03},{code},sent").expect("text grows");
        }
    }
    project.table("exhibitors.csv", text);
    project.table("invitations.csv", invitations);
    let mut text = "buyer,code,country,channel,first_time\n".to_owned();
    for buyer in 0..5 + exhibitors {
        writeln!(text, "N{buyer},N{buyer},FR,onsite,yes").expect("text grows");
    }
    for buyer in 0..7 {
        writeln!(text, "R{buyer},R{buyer},FR,onsite,no").expect("text grows");
    }
    project.table("attendance.csv", text);
    project.table("penalties.csv", "exhibitor,from_fair,until_fair\n");
}

/// The facts of a project.
pub fn facts(project: &Project, rulebook: &Rulebook) -> Facts {
    let files = Files::new(project.root());
    let mut report = Report::new();
    let fair = read_fair(&mut report, &files, 137).expect("files can be read").expect("fair.yaml is sound");
    let sources = &fair.sources.as_ref().expect("it names its tables").value;
    let demands = rulebook.demands(&rulebook.choices);
    let facts =
        read_facts(&mut report, &files, &fair, sources, &demands, &Amendments::default(), Observers::none());
    assert!(!report.has_errors(), "{}", report.render(&files, Style::Plain, jinbang::lang::Lang::EN));
    facts.expect("files can be read")
}

/// Judges facts.
pub fn judged(facts: &Facts, rulebook: &Rulebook, choices: &Choices) -> Results {
    judge(&mut Report::new(), facts, rulebook, choices)
}

/// What the rules look at, of counts of every exhibitor: invitations, new, regular.
pub fn subjects(facts: &Facts, rulebook: &Rulebook, counts: &[[u32; 3]]) -> Vec<Subject> {
    let value = |measure: &Measure, [invitations, new, regular]: [u32; 3]| {
        Exact::from_integer(match measure.id.value.as_str() {
            "invitations-sent" => invitations.into(),
            "new-buyers" => new.into(),
            "regular-buyers" => regular.into(),
            "buyers" => i128::from(new) + i128::from(regular),
            "new-share" if invitations > 0 => return Exact::new(new.into(), invitations.into()),
            "new-share" => 0,
            other => panic!("measure {other}"),
        })
    };
    let subject = |(number, exhibitor): (usize, &jinbang::fair::Exhibitor)| {
        let penalised = facts.penalties.iter().any(|penalty| {
            penalty.exhibitor.place() == number
                && (penalty.from_fair..=penalty.until_fair).contains(&facts.fair)
        });
        let met = rulebook.gates.iter().map(|gate| match &gate.require.value {
            Requirement::NoPenalty => !penalised,
            Requirement::TookPart(fairs) => fairs.iter().all(|which| match which {
                Which::Current => exhibitor.fairs.contains(&facts.fair),
                Which::Previous => exhibitor.fairs.contains(&facts.previous_fair),
            }),
            _ => true,
        });
        Subject {
            values: rulebook.measures.iter().map(|measure| value(measure, counts[number])).collect(),
            met: met.collect(),
        }
    };
    facts.exhibitors.iter().enumerate().map(subject).collect()
}
