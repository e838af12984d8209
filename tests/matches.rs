//! Near misses: buyers who almost match an invitation are listed with the places of both rows, and never counted.

use serde_json::Value;

use crate::project::{FAIR, Project};

const EXHIBITORS: &str =
    "企业编号,企业名称,参展届次\nE1,广州示例灯饰有限公司,136;137\nE2,宁波示例文具有限公司,136;137\n";
const INVITATIONS: &str = "\
企业编号,采购商姓名,公司名,邮箱,发送状态
E1,Ann Example,Aster,ann.example@aster.example,成功
E1,Bo Example,Borg Trading GmbH,bo@elsewhere.example,成功
E1,Cy Example,Cyan,cy.example@cyan.example,成功
E1,Di Example,Dove Dealers,di@dove.example,失败
E1,Ed Example,Eagle Imports,ed@eagle.example,成功
E2,Ed Example,Eagel Imports,sales17@eagle.example,成功
E2,Fay Example,Falcon,fay@falcon.example,成功
";
// 2 to 4 nearly match E1; 5 matches E1 as it is, and nearly E2; 6 differs by a digit; 7 is at home in China.
const ATTENDANCE: &str = "\
采购商编号,姓名,公司名,邮箱,国家地区,参会方式,是否首次
1,Ann Example,Aster Ltd,ann.exmaple@aster.example,FR,现场,是
2,Bo Example,\"Trading Borg Co., Ltd.\",bo@borg.example,DE,线上,否
3,\"Example, Cy\",Other,example.cy@cyan.example,FR,现场,是
4,Di Example,Dove Dealer,di@dove.example,FR,现场,是
5,Ed Example,Eagle Imports,ed@eagle.example,FR,现场,是
6,Gus Example,Gull,sales18@eagle.example,FR,现场,是
7,Fay Example,Falcon Ltd,fay@falcom.example,CN,现场,是
";

fn project() -> Project {
    let project = Project::new();
    project.table("exhibitors.csv", EXHIBITORS);
    project.table("invitations.csv", INVITATIONS);
    project.table("attendance.csv", ATTENDANCE);
    project.table("fair.yaml", FAIR.replace("[{file: penalties.csv}]", "none"));
    project
}

#[test]
fn near_misses_are_listed_by_place_with_the_most_telling_first() {
    let output = project().run(&["matches", "137", "--format", "json"]);
    let messages = String::from_utf8_lossy(&output.stderr);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{messages}"));
    let told: Vec<String> = found["matches"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|near| {
            let ways = near["near"].as_array().expect("a list").iter().map(|way| {
                let line = |key: &str| {
                    way[key].as_str().expect("a place").split(':').nth(1).expect("a line").to_owned()
                };
                format!(
                    "{} {}={}",
                    way["way"].as_str().expect("a word"),
                    line("invitation"),
                    line("attended")
                )
            });
            format!("{} {}", near["exhibitor"].as_str().expect("text"), ways.collect::<Vec<_>>().join(", "))
        })
        .collect();
    assert_eq!(
        told,
        ["E1 email-slip 2=2", "E1 email-order 4=4", "E2 name-and-host 7=6", "E1 company-form 3=3",]
    );
}

#[test]
fn nothing_of_a_buyer_is_shown_and_nothing_is_counted() {
    let project = project();
    let text = project.run(&["matches", "137"]);
    let text = String::from_utf8(text.stdout).expect("UTF-8");
    assert!(text.contains("the e-mail addresses differ by one letter"), "{text}");
    for private in ["Ann", "aster", "borg", "Cy ", "eagle"] {
        assert!(!text.contains(private), "`{private}` is private:\n{text}");
    }
    let award = project.run(&["award", "137", "--format", "json"]);
    let award: Value = serde_json::from_slice(&award.stdout).expect("results");
    assert_eq!(award["exhibitors"][0]["new"], 1, "only the buyer who matches counts");
}
