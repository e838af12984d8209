//! The tables of a fair: the fields of each, declared once, with their headings and the words that they accept.

use crate::data::{Field, Kind, TableShape, Word};

/// Declares a table, and a module with the position of each of its fields.
macro_rules! table {
    ($(#[$doc:meta])* $SHAPE:ident, $module:ident = $name:literal { $($FIELD:ident = $field:expr,)+ }) => {
        $(#[$doc])*
        pub static $SHAPE: TableShape = TableShape { name: $name, fields: &[$($field),+] };

        #[doc = concat!("Positions of the fields of [`", stringify!($SHAPE), "`].")]
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

/// The tables, in the order in which they are accounted for.
pub static SHAPES: [&TableShape; 4] = [&EXHIBITORS, &INVITATIONS, &ATTENDANCE, &PENALTIES];
