//! The tables of a fair: the fields of each, declared once, with their headings and the words that they accept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::data::{Field, Kind, TableShape, Word};
use crate::lang::Lang;

/// Declares a table, and a module with the position of each of its fields.
macro_rules! table {
    ($(#[$doc:meta])* $SHAPE:ident, $module:ident = $name:literal { $($FIELD:ident = $field:expr,)+ }) => {
        $(#[$doc])*
        pub static $SHAPE: TableShape = TableShape { name: $name, fields: &[$($field),+] };

        #[doc = concat!("Positions of the fields of the table `", $name, "`.")]
        pub mod $module {
            #![allow(missing_docs, clippy::upper_case_acronyms, reason = "named after the fields")]
            #[allow(non_camel_case_types)]
            enum Position { $($FIELD),+ }
            $(pub const $FIELD: usize = Position::$FIELD as usize;)+
        }
    };
}

const EXHIBITOR_HEADINGS: &[&str] = &["exhibitor", "exhibitor_id", "企业编号", "参展商编号"];
const CODE_HEADINGS: &[&str] = &["code", "invitation_code", "邀请函编码", "邀请码"];
const COMPANY_HEADINGS: &[&str] = &["company", "buyer_company", "公司名", "采购商公司名", "公司名称"];
const EMAIL_HEADINGS: &[&str] = &[
    "email",
    "buyer_email",
    "email_address",
    "邮箱",
    "邮箱地址",
    "电子邮箱",
    "电子邮件",
    "采购商邮箱",
    "采购商邮箱地址",
];
const NAME_HEADINGS: &[&str] = &["buyer_name", "采购商姓名", "姓名"];

/// The status of an invitation: only `sent` counts.
const STATUS: Kind = Kind::Words(&[
    Word { value: "sent", written: &["成功", "发送成功"] },
    Word { value: "failed", written: &["失败"] },
    Word { value: "bounced", written: &["退信"] },
    Word { value: "withdrawn", written: &["撤回"] },
]);

const CHANNEL: Kind = Kind::Words(&[
    Word { value: "onsite", written: &["线下", "现场"] },
    Word { value: "online", written: &["线上"] },
]);

const FIRST_TIME: Kind = Kind::Words(&[
    Word { value: "yes", written: &["y", "是", "true", "1"] },
    Word { value: "no", written: &["n", "否", "false", "0"] },
]);

const ATTENDED: Kind = Kind::Words(&[
    Word { value: "yes", written: &["y", "是", "true", "1", "已到会", "已签到", "√"] },
    Word { value: "no", written: &["n", "否", "false", "0", "未到会", "未签到", "×"] },
]);

table! {
    /// Companies with a booth at the fair.
    EXHIBITORS, exhibitor = "exhibitors" {
        EXHIBITOR = Field::new("exhibitor", Kind::Code, EXHIBITOR_HEADINGS).required(),
        NAME_ZH = Field::new("name_zh", Kind::Text, &["name_zh", "企业名称", "公司名称"]).required(),
        NAME_EN = Field::new("name_en", Kind::Text, &["name_en", "企业英文名称", "英文名称"]),
        DELEGATION = Field::new("delegation", Kind::Text, &["delegation", "交易团"]),
        SECTIONS = Field::new("sections", Kind::Text, &["sections", "section", "展区"]),
        BOOTHS = Field::new("booths", Kind::Code, &["booths", "booth", "展位号", "展位"]),
        FAIRS = Field::new("fairs", Kind::Text, &["fairs", "参展届次"]),
        WEBSITE = Field::new("website", Kind::Text, &["website", "网址"]),
    }
}

table! {
    /// Winners of a fair that was decided elsewhere.
    WINNERS, winner = "winners" {
        EXHIBITOR = Field::new("exhibitor", Kind::Code, EXHIBITOR_HEADINGS).required(),
        NAME_ZH = Field::new("name_zh", Kind::Text, &["name_zh", "企业名称", "公司名称"]).required(),
        NAME_EN = Field::new("name_en", Kind::Text, &["name_en", "企业英文名称", "英文名称"]),
        SECTIONS = Field::new("sections", Kind::Text, &["sections", "section", "展区"]),
        AWARD = Field::new("award", Kind::Text, &["award", "奖项"]).required(),
    }
}

table! {
    /// E-mails that exhibitors sent through the i-Invite service.
    INVITATIONS, invitation = "invitations" {
        EXHIBITOR = Field::new("exhibitor", Kind::Code, EXHIBITOR_HEADINGS).required(),
        CODE = Field::new("code", Kind::Code, CODE_HEADINGS),
        BUYER_NAME = Field::new("buyer_name", Kind::Text, NAME_HEADINGS).private(),
        COMPANY = Field::new("company", Kind::Text, COMPANY_HEADINGS).private(),
        EMAIL = Field::new("email", Kind::Text, EMAIL_HEADINGS).private(),
        SENT_ON = Field::new("sent_on", Kind::Date, &["sent_on", "sent_at", "发送时间", "发送日期"]),
        STATUS = Field::new("status", STATUS, &["status", "发送状态", "状态"]).required(),
    }
}

table! {
    /// Rows of badge and log-in exports: buyers seen on site or online.
    ATTENDANCE, attendance = "attendance" {
        BUYER = Field::new("buyer", Kind::Code, &["buyer", "buyer_id", "采购商编号"]).private(),
        NAME = Field::new("name", Kind::Text, &["name", "buyer_name", "姓名"]).private(),
        COMPANY = Field::new("company", Kind::Text, COMPANY_HEADINGS).private(),
        EMAIL = Field::new("email", Kind::Text, EMAIL_HEADINGS).private(),
        CODE = Field::new("code", Kind::Code, CODE_HEADINGS).private(),
        COUNTRY = Field::new("country", Kind::Text, &["country", "国家地区", "国家/地区", "国家或地区"]).required(),
        CHANNEL = Field::new("channel", CHANNEL, &["channel", "参会方式"]).required(),
        FIRST_TIME = Field::new("first_time", FIRST_TIME, &["first_time", "是否首次", "首次参会"]).required(),
        ATTENDED = Field::new("attended", ATTENDED, &[
            "attended", "是否到会", "到会情况", "是否签到", "是否入场", "实际到会", "到会",
        ]),
        SEEN_ON = Field::new("seen_on", Kind::Date, &["seen_on", "参会日期", "到会日期"]),
    }
}

table! {
    /// Exhibitors under a penalty, by the fairs that it covers.
    PENALTIES, penalty = "penalties" {
        EXHIBITOR = Field::new("exhibitor", Kind::Code, EXHIBITOR_HEADINGS).required(),
        REASON = Field::new("reason", Kind::Text, &["reason", "事由"]),
        FROM_FAIR = Field::new("from_fair", Kind::Text, &["from_fair", "起始届次"]).required(),
        UNTIL_FAIR = Field::new("until_fair", Kind::Text, &["until_fair", "截止届次"]).required(),
    }
}

table! {
    /// Names of exhibitors and purchasing enterprises that their own table or file does not give. The second heading of a
    /// name is Chinese, the third English.
    NAMES, given_name = "names" {
        ID = Field::new("id", Kind::Code, &[
            "id", "编号", "exhibitor", "exhibitor_id", "企业编号", "参展商编号", "enterprise", "slug", "网址名",
        ]).required(),
        NAME_ZH = Field::new("name_zh", Kind::Text, &["name_zh", "中文名称", "Chinese name", "企业名称", "公司名称"]),
        NAME_EN = Field::new("name_en", Kind::Text, &["name_en", "英文名称", "English name", "企业英文名称"]),
    }
}

/// The table of names with a column for each of these languages, those beside Chinese and English at the end.
pub fn names_shape(languages: impl Iterator<Item = Lang>) -> &'static TableShape {
    static MADE: Mutex<BTreeMap<BTreeSet<Lang>, &TableShape>> = Mutex::new(BTreeMap::new());
    let further: BTreeSet<Lang> = languages.filter(|lang| ![Lang::ZH, Lang::EN].contains(lang)).collect();
    if further.is_empty() {
        return &NAMES;
    }
    // What a table is made of lasts as long as the program: there is one for each set of languages.
    let text = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let column = |lang: &Lang| {
        let headings =
            [format!("name_{lang}"), format!("名称（{lang}）"), format!("name ({lang})")].map(text);
        Field::new(headings[0], Kind::Text, Box::leak(Box::new(headings)))
    };
    let make = |further: &BTreeSet<Lang>| -> &'static TableShape {
        let fields: Vec<Field> = NAMES.fields.iter().copied().chain(further.iter().map(column)).collect();
        Box::leak(Box::new(TableShape { name: NAMES.name, fields: Vec::leak(fields) }))
    };
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let shape = made.get(&further).copied().unwrap_or_else(|| make(&further));
    made.insert(further, shape);
    shape
}

/// The columns of a table of names, each with its language.
pub fn name_columns(shape: &TableShape) -> impl Iterator<Item = (usize, Lang)> {
    let columns = shape.fields.iter().enumerate();
    columns.filter_map(|(field, column)| Some((field, column.name.strip_prefix("name_")?.parse().ok()?)))
}

/// The headings of a purchasing enterprise, where it is named.
const ENTERPRISE_HEADINGS: &[&str] =
    &["enterprise", "采购企业", "企业名称", "入驻企业", "采购企业名称", "企业中文名称"];

/// What kind of enterprise it is.
const ENTERPRISE_KIND: Kind = Kind::Words(&[
    Word {
        value: "overseas",
        written: &["跨国公司", "跨国企业", "跨国", "境外企业", "境外", "海外", "multinational"],
    },
    Word {
        value: "domestic", written: &["境内机构", "境内企业", "境内", "国内机构", "国内企业", "国内"]
    },
]);

/// Marks in the column of a phase. What is neither, but a single sign, is a mark as well.
const MARK: Kind = Kind::Words(&[
    Word {
        value: "yes",
        written: &["y", "是", "true", "1", "x", "√", "✓", "✔", "☑", "●", "有", "入驻", "参加", "到", "in"],
    },
    Word {
        value: "no",
        written: &[
            "n",
            "否",
            "false",
            "0",
            "×",
            "✗",
            "✘",
            "✕",
            "✖",
            "☒",
            "☐",
            "○",
            "无",
            "不",
            "未",
            "不入驻",
            "未入驻",
            "不参加",
            "未参加",
            "-",
            "--",
            "—",
            "——",
            "–",
            "/",
            "\\",
        ],
    },
]);

table! {
    /// Enterprises of the sourcing zone, and the phases in which each of them is there.
    ROSTER, roster = "roster" {
        ENTERPRISE = Field::new("enterprise", Kind::Text, ENTERPRISE_HEADINGS).required(),
        SLUG = Field::new("slug", Kind::Text, &["slug", "网址名"]),
        SORT = Field::new("sort", Kind::Text, &["sort", "拼音", "排序拼音"]),
        PHASE = Field::new("phase", Kind::Text, &["phase", "期次", "期别", "展期", "入驻期次", "入驻展期"]),
        NAME_EN = Field::new("name_en", Kind::Text, &[
            "name_en", "英文名称", "企业英文名称", "采购企业英文名称", "企业名称（英文）", "英文名",
        ]),
        COUNTRY = Field::new("country", Kind::Text, &["country", "国家地区", "国家/地区", "国家或地区", "国家（地区）"]),
        KIND = Field::new("kind", ENTERPRISE_KIND, &["kind", "类型", "企业类型", "类别"]),
        BUSINESS_ZH = Field::new("business_zh", Kind::Text, &[
            "business_zh", "主营", "主营业务", "主营（中文）", "主营业务（中文）", "中文主营",
        ]),
        BUSINESS_EN = Field::new("business_en", Kind::Text, &[
            "business_en", "主营（英文）", "主营业务（英文）", "英文主营", "主营英文", "主营业务英文",
        ]),
        GOODS = Field::new("goods", Kind::Text, &["goods", "商品类别", "采购商品类别", "采购品类"]),
        WEBSITE = Field::new("website", Kind::Text, &["website", "网址", "网站", "企业网址", "企业网站"]),
        PHASE_1 = Field::new("phase_1", MARK, &["phase 1", "phase I", "第一期", "第1期", "一期", "1期"]),
        PHASE_2 = Field::new("phase_2", MARK, &["phase 2", "phase II", "第二期", "第2期", "二期", "2期"]),
        PHASE_3 = Field::new("phase_3", MARK, &["phase 3", "phase III", "第三期", "第3期", "三期", "3期"]),
        PHASE_4 = Field::new("phase_4", MARK, &["phase 4", "phase IV", "第四期", "第4期", "四期", "4期"]),
        PHASE_5 = Field::new("phase_5", MARK, &["phase 5", "phase V", "第五期", "第5期", "五期", "5期"]),
        PHASE_6 = Field::new("phase_6", MARK, &["phase 6", "phase VI", "第六期", "第6期", "六期", "6期"]),
    }
}

table! {
    /// Sourcing briefings and matchmaking sessions in the zone.
    SESSIONS, session = "sessions" {
        ENTERPRISE = Field::new("enterprise", Kind::Text, ENTERPRISE_HEADINGS).required(),
        DATE = Field::new("date", Kind::Date, &["date", "日期", "举办日期"]).required(),
        FROM = Field::new("from", Kind::Text, &["from", "开始", "开始时间"]),
        UNTIL = Field::new("until", Kind::Text, &["until", "结束", "结束时间"]),
        TITLE_ZH = Field::new("title_zh", Kind::Text, &[
            "title_zh", "主题", "场次主题", "活动主题", "主题（中文）", "中文主题",
        ]).required(),
        TITLE_EN = Field::new("title_en", Kind::Text, &["title_en", "主题（英文）", "英文主题", "主题英文"]),
        PLACE_ZH = Field::new("place_zh", Kind::Text, &["place_zh", "地点", "场地", "地点（中文）", "中文地点"]),
        PLACE_EN = Field::new("place_en", Kind::Text, &["place_en", "地点（英文）", "英文地点", "地点英文"]),
    }
}

table! {
    /// What the enterprises of the zone want to buy.
    PURCHASES, purchase = "purchases" {
        ENTERPRISE = Field::new("enterprise", Kind::Text, ENTERPRISE_HEADINGS).required(),
        ITEM_ZH = Field::new("item_zh", Kind::Text, &[
            "item_zh", "采购商品", "商品名称", "采购商品（中文）", "商品名称（中文）", "采购需求",
        ]).required(),
        ITEM_EN = Field::new("item_en", Kind::Text, &[
            "item_en", "采购商品（英文）", "商品名称（英文）", "英文商品名称", "商品英文名称", "采购商品英文",
        ]),
        QUANTITY = Field::new("quantity", Kind::Text, &["quantity", "数量", "采购数量"]),
    }
}

/// The columns of phases of the roster, from the first phase on.
pub const PHASE_COLUMNS: [usize; 6] =
    [roster::PHASE_1, roster::PHASE_2, roster::PHASE_3, roster::PHASE_4, roster::PHASE_5, roster::PHASE_6];

/// The tables on which awards rest, in the order in which they are accounted for.
pub static SHAPES: [&TableShape; 4] = [&EXHIBITORS, &INVITATIONS, &ATTENDANCE, &PENALTIES];

/// The tables of the sourcing zone.
pub static ZONE_SHAPES: [&TableShape; 3] = [&ROSTER, &SESSIONS, &PURCHASES];

/// All tables that a fair may name.
pub fn all_shapes() -> impl Iterator<Item = &'static TableShape> {
    SHAPES.into_iter().chain(ZONE_SHAPES).chain([&NAMES])
}
