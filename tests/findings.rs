//! What may not be meant: a sound fair has no finding; each kind is found where the tables are spoiled in its way, says how
//! to accept it, and is silent once the line that it prints stands in fair.yaml.

use std::collections::BTreeSet;

use jinbang::award::FindingKind;

use crate::project::{FAIR, Project};

/// The tables of a fair, as rows.
#[derive(Clone)]
struct Tables {
    exhibitors: Vec<[String; 3]>,
    letters: Vec<Letter>,
    buyers: Vec<Buyer>,
    /// What stands under `sources` in place of `invitations.csv`, with the file.
    second: Option<(&'static str, String)>,
}

#[derive(Clone)]
struct Letter {
    exhibitor: String,
    code: String,
    name: String,
    company: String,
    email: String,
}

#[derive(Clone)]
struct Buyer {
    number: String,
    name: String,
    company: String,
    email: String,
    code: String,
}

const LETTERS: &str = "企业编号,邀请函编码,采购商姓名,公司名,邮箱,发送日期,发送状态\n";
const BUYERS: &str = "采购商编号,姓名,公司名,邮箱,国家地区,参会方式,是否首次,参会日期,邀请函编码,是否到会\n";

/// A fair with nothing to find: exhibitor `i` of 12 wrote 20 + i letters, and 4 + i of those who got one came.
fn sound() -> Tables {
    let mut tables = Tables { exhibitors: Vec::new(), letters: Vec::new(), buyers: Vec::new(), second: None };
    for i in 1..=12 {
        tables.exhibitors.push([format!("E{i:05}"), format!("示例{i}号公司"), "136;137".to_owned()]);
        for j in 1..=20 + i {
            let letter = Letter {
                exhibitor: format!("E{i:05}"),
                code: format!("K{i:02}{j:02}"),
                name: format!("Guest {i:02} {j:02}"),
                company: format!("Firm {i:02} {j:02}"),
                email: format!("g{i:02}x{j:02}@host.example"),
            };
            if j <= 4 + i {
                tables.buyers.push(Buyer {
                    number: format!("B{:05}", tables.buyers.len() + 1),
                    name: letter.name.clone(),
                    company: letter.company.clone(),
                    email: letter.email.clone(),
                    code: letter.code.clone(),
                });
            }
            tables.letters.push(letter);
        }
    }
    tables
}

fn letters(letters: &[Letter]) -> String {
    let row = |l: &Letter| {
        format!("{},{},{},{},{},2025-04-01,成功\n", l.exhibitor, l.code, l.name, l.company, l.email)
    };
    LETTERS.to_owned() + &letters.iter().map(row).collect::<String>()
}

fn buyers(buyers: &[Buyer]) -> String {
    let row = |b: &Buyer| {
        format!("{},{},{},{},法国,现场,是,2025-04-15,{},是\n", b.number, b.name, b.company, b.email, b.code)
    };
    BUYERS.to_owned() + &buyers.iter().map(row).collect::<String>()
}

/// The numbers of the exhibitors that a harm favours.
fn is_favoured(exhibitor: &str) -> bool {
    exhibitor < "E00007"
}

/// Each way to spoil the tables, with the kind that has to be found.
fn harms() -> Vec<(&'static str, &'static str, Tables)> {
    let mut harms = Vec::new();
    let mut add = |name, code, harm: &dyn Fn(&mut Tables)| {
        let mut tables = sound();
        harm(&mut tables);
        harms.push((name, code, tables));
    };
    let again = |tables: &mut Tables, number: &dyn Fn(&str) -> String, name: &dyn Fn(&str) -> String| {
        let copies: Vec<Buyer> = tables.buyers[..30]
            .iter()
            .map(|buyer| Buyer { number: number(&buyer.number), name: name(&buyer.name), ..buyer.clone() })
            .collect();
        tables.buyers.extend(copies);
    };
    add("buyers in lower case", "person-counted-twice", &|tables| {
        again(tables, &str::to_lowercase, &str::to_owned);
    });
    add("buyers without their letter and zeros, and without names", "person-counted-twice", &|tables| {
        again(tables, &|number| number.trim_start_matches(['B', '0']).to_owned(), &|_| String::new());
    });
    add("buyers registered twice", "person-counted-twice", &|tables| {
        again(tables, &|number| format!("C9{}", &number[2..]), &str::to_owned);
    });
    add("the company of the exhibitor for that of the buyer", "key-joins-nobody", &|tables| {
        for letter in &mut tables.letters {
            letter.company = format!("示例{}公司", letter.exhibitor);
        }
    });
    add("names and companies are swapped", "key-joins-nobody", &|tables| {
        for letter in &mut tables.letters {
            std::mem::swap(&mut letter.company, &mut letter.name);
        }
    });
    add("addresses with a dot behind them", "key-joins-nobody", &|tables| {
        for letter in &mut tables.letters {
            letter.email.push('.');
        }
    });
    add("one of two files has another company", "key-joins-nobody", &|tables| {
        let mut second: Vec<Letter> = tables.letters.split_off(tables.letters.len() / 2);
        for letter in &mut second {
            letter.company = format!("示例{}公司", letter.exhibitor);
        }
        tables.second = Some(("", letters(&second)));
    });
    let reexported = |tables: &mut Tables, absent, row: &dyn Fn(&Letter) -> String, headings: &str| {
        let favoured = tables.letters.iter().filter(|letter| is_favoured(&letter.exhibitor));
        let rows: String = favoured.map(row).collect();
        tables.second = Some((absent, format!("{headings}\n{rows}")));
    };
    add("another export without codes and dates", "sent-again", &|tables| {
        reexported(
            tables,
            ", absent: [code]",
            &|l| format!("{},{},{},{},成功\n", l.exhibitor, l.name, l.company, l.email),
            "企业编号,采购商姓名,公司名,邮箱,发送状态",
        );
    });
    add("another export with other codes", "sent-again", &|tables| {
        reexported(
            tables,
            "",
            &|l| format!("{},X{},{},{},{},成功\n", l.exhibitor, l.code, l.name, l.company, l.email),
            "企业编号,邀请函编码,采购商姓名,公司名,邮箱,发送状态",
        );
    });
    add("a few rows in two files", "rows-in-two-inputs", &|tables| {
        let of = |letter: &&Letter| letter.exhibitor == "E00012";
        let mut second: Vec<Letter> = tables.letters.iter().filter(of).cloned().collect();
        tables.letters.retain(|letter| letter.exhibitor != "E00012");
        second.extend(tables.letters[..2].iter().cloned());
        tables.second = Some(("", letters(&second)));
    });
    add("a code for all who have none", "joined-by-code", &|tables| {
        tables.letters.iter_mut().step_by(5).for_each(|letter| letter.code = "K-000".to_owned());
        tables.buyers.iter_mut().step_by(5).for_each(|buyer| buyer.code = "K-000".to_owned());
    });
    add("a company for all who have none", "joined-by-company", &|tables| {
        tables.letters.iter_mut().step_by(5).for_each(|letter| letter.company = "Trading".to_owned());
        tables.buyers.iter_mut().step_by(5).for_each(|buyer| buyer.company = "Trading".to_owned());
    });
    add("the address of whoever filled in the form", "joined-by-email", &|tables| {
        let favoured = tables.letters.iter_mut().filter(|letter| is_favoured(&letter.exhibitor));
        favoured.step_by(9).for_each(|letter| letter.email = "desk@host.example".to_owned());
        tables.buyers.iter_mut().step_by(4).for_each(|buyer| buyer.email = "desk@host.example".to_owned());
    });
    add("a number for all who have none", "joined-by-buyer-number", &|tables| {
        tables.buyers.iter_mut().skip(60).for_each(|buyer| buyer.number = "B1".to_owned());
    });
    add("letters with the code of the one before", "code-repeated", &|tables| {
        let late = tables.letters.iter_mut().filter(|letter| letter.exhibitor.as_str() > "E00008");
        let late: Vec<&mut Letter> = late.collect();
        let mut code = String::new();
        for (number, letter) in late.into_iter().enumerate() {
            if number % 2 == 0 { code.clone_from(&letter.code) } else { letter.code.clone_from(&code) }
        }
    });
    add("online without addresses", "person-counted-twice", &|tables| {
        again(tables, &|number| format!("C9{}", &number[2..]), &str::to_owned);
        tables.buyers.iter_mut().skip(126).for_each(|buyer| buyer.email.clear());
    });
    add("two placeholders in the same rows", "joined-by-company", &|tables| {
        for letter in tables.letters.iter_mut().step_by(5) {
            (letter.code, letter.company) = ("待补".to_owned(), "Trading".to_owned());
        }
        for buyer in tables.buyers.iter_mut().step_by(5) {
            (buyer.code, buyer.company) = ("待补".to_owned(), "Trading".to_owned());
        }
    });
    add("rows pasted twice, without codes", "rows-repeated", &|tables| {
        tables.letters.iter_mut().for_each(|letter| letter.code.clear());
        let copies: Vec<Letter> =
            tables.letters.iter().filter(|letter| is_favoured(&letter.exhibitor)).cloned().collect();
        tables.letters.extend(copies);
        tables.buyers.iter_mut().for_each(|buyer| buyer.code.clear());
    });
    add("row numbers for buyers", "buyer-numbers-shared", &|tables| {
        let half = tables.buyers.len() / 2;
        for (row, buyer) in tables.buyers.iter_mut().enumerate() {
            buyer.number = (row % half + 1).to_string();
        }
    });
    add("the fairs of the year before", "fairs-lack-this", &|tables| {
        tables.exhibitors.last_mut().expect("twelve")[2] = "135;136".to_owned();
    });
    add("codes that are no codes", "key-column", &|tables| {
        tables.letters.iter_mut().skip(60).for_each(|letter| letter.code = "---".to_owned());
    });
    add("nobody came from abroad", "no-award", &|tables| tables.buyers.truncate(1));
    add("fairs not filled in for the best", "fairs-empty", &|tables| {
        tables.exhibitors.last_mut().expect("twelve")[2].clear();
    });
    add("nobody was at the fair before", "all-withheld", &|tables| {
        tables.exhibitors.iter_mut().for_each(|exhibitor| exhibitor[2] = "137".to_owned());
    });
    add("a few exhibitors", "small-pool", &|tables| {
        tables.exhibitors.truncate(3);
        tables.letters.retain(|letter| letter.exhibitor.as_str() < "E00004");
    });
    harms
}

/// What is printed of a fair with these tables, once `accepted` stands in its fair.yaml.
fn said(tables: &Tables, accepted: &[String]) -> String {
    let project = Project::new();
    let mut fair = FAIR.replace("[{file: penalties.csv}]", "none");
    if let Some((options, text)) = &tables.second {
        project.table("second.csv", text);
        fair = fair.replace(
            "{file: invitations.csv}",
            &format!("{{file: invitations.csv}}, {{file: second.csv{options}}}"),
        );
    }
    if !accepted.is_empty() {
        fair.push_str(&format!("accepted: [{}]\n", accepted.join(", ")));
    }
    project.table("fair.yaml", fair);
    let rows: String = tables.exhibitors.iter().map(|row| row.join(",") + "\n").collect();
    project.table("exhibitors.csv", format!("企业编号,企业名称,参展届次\n{rows}"));
    project.table("invitations.csv", letters(&tables.letters));
    project.table("attendance.csv", buyers(&tables.buyers));
    let output = project.run(&["award", "137", "--format", "json"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}");
    text
}

/// The lines that would accept what is found.
fn lines(said: &str) -> Vec<String> {
    let line = |line: &str| {
        let (_, rest) = line.split_once("`accepted: [")?;
        Some(rest.strip_suffix("]`")?.replace('…', "tested"))
    };
    said.lines().filter_map(line).collect()
}

#[test]
fn each_kind_is_found_and_can_be_accepted_by_the_line_that_is_printed() {
    let said_of_sound = said(&sound(), &[]);
    assert_eq!(lines(&said_of_sound), [""; 0], "{said_of_sound}");
    let mut tried = BTreeSet::new();
    for (name, code, tables) in harms() {
        let found = said(&tables, &[]);
        assert!(found.contains(&format!("warning[{code}]")), "{name}: no {code} in\n{found}");
        let accepted = said(&tables, &lines(&found));
        assert!(!accepted.contains("warning["), "{name}: {:?} accepted:\n{accepted}", lines(&found));
        tried.insert(code);
    }
    assert_eq!(tried, BTreeSet::from(FindingKind::CODES), "all kinds are tried");
}

#[test]
fn what_is_no_finding_cannot_be_accepted() {
    let project = Project::new();
    project.table("fair.yaml", format!("{FAIR}accepted: [{{finding: no-awards, count: 1, because: x}}]\n"));
    project.table("exhibitors.csv", "企业编号,企业名称,参展届次\nE1,示例一厂,136;137\n");
    project.table("invitations.csv", letters(&sound().letters[..1]).replace("E00001", "E1"));
    project.table("attendance.csv", buyers(&sound().buyers[..1]));
    project.table("penalties.csv", "企业编号,起始届次,截止届次\n");
    let output = project.run(&["award", "137", "--format", "json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error[unknown-finding]: unknown finding `no-awards`"), "{said}");
    assert!(said.contains("no-award`?"), "{said}");
}
