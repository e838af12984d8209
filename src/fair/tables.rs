//! The fields of the four tables and the headings under which they are found.

use crate::data::{Field, Kind, TableShape};

const fn field(name: &'static str, headings: &'static [&'static str], kind: Kind) -> Field {
    Field { name, headings, required: false, private: false, kind }
}

const fn required(field: Field) -> Field {
    Field { required: true, ..field }
}

const fn private(field: Field) -> Field {
    Field { private: true, ..field }
}

const EXHIBITOR_HEADINGS: &[&str] = &["exhibitor", "exhibitor_id", "企业编号", "参展商编号"];
const CODE_HEADINGS: &[&str] = &["code", "invitation_code", "邀请函编码", "邀请码"];
const COMPANY_HEADINGS: &[&str] = &["company", "buyer_company", "公司名", "采购商公司名", "公司名称"];
const EMAIL_HEADINGS: &[&str] = &["email", "buyer_email", "邮箱", "邮箱地址", "电子邮箱"];

/// Companies with a booth at the fair.
pub static EXHIBITORS: TableShape = TableShape {
    name: "exhibitors",
    fields: &[
        required(field("exhibitor", EXHIBITOR_HEADINGS, Kind::Code)),
        required(field("name_zh", &["name_zh", "企业名称", "公司名称"], Kind::Text)),
        field("name_en", &["name_en", "企业英文名称", "英文名称"], Kind::Text),
        field("delegation", &["delegation", "交易团"], Kind::Text),
        field("sections", &["sections", "section", "展区"], Kind::Text),
        field("booths", &["booths", "booth", "展位号", "展位"], Kind::Code),
        field("fairs", &["fairs", "参展届次"], Kind::Text),
        field("website", &["website", "网址"], Kind::Text),
    ],
};

/// Positions of the fields of [`EXHIBITORS`].
pub mod exhibitor {
    #![allow(missing_docs, reason = "named after the fields")]
    pub const EXHIBITOR: usize = 0;
    pub const NAME_ZH: usize = 1;
    pub const NAME_EN: usize = 2;
    pub const DELEGATION: usize = 3;
    pub const SECTIONS: usize = 4;
    pub const BOOTHS: usize = 5;
    pub const FAIRS: usize = 6;
    pub const WEBSITE: usize = 7;
}

/// E-mails that exhibitors sent through the i-Invite service.
pub static INVITATIONS: TableShape = TableShape {
    name: "invitations",
    fields: &[
        required(field("exhibitor", EXHIBITOR_HEADINGS, Kind::Code)),
        field("code", CODE_HEADINGS, Kind::Code),
        private(field("buyer_name", &["buyer_name", "采购商姓名", "姓名"], Kind::Text)),
        private(field("company", COMPANY_HEADINGS, Kind::Text)),
        private(field("email", EMAIL_HEADINGS, Kind::Text)),
        field("sent_on", &["sent_on", "sent_at", "发送时间", "发送日期"], Kind::Date),
        required(field("status", &["status", "发送状态", "状态"], Kind::Word)),
    ],
};

/// Positions of the fields of [`INVITATIONS`].
pub mod invitation {
    #![allow(missing_docs, reason = "named after the fields")]
    pub const EXHIBITOR: usize = 0;
    pub const CODE: usize = 1;
    pub const BUYER_NAME: usize = 2;
    pub const COMPANY: usize = 3;
    pub const EMAIL: usize = 4;
    pub const SENT_ON: usize = 5;
    pub const STATUS: usize = 6;
}

/// Rows of badge and log-in exports: buyers seen on site or online.
pub static ATTENDANCE: TableShape = TableShape {
    name: "attendance",
    fields: &[
        private(field("buyer", &["buyer", "buyer_id", "采购商编号"], Kind::Code)),
        private(field("name", &["name", "buyer_name", "姓名"], Kind::Text)),
        private(field("company", COMPANY_HEADINGS, Kind::Text)),
        private(field("email", EMAIL_HEADINGS, Kind::Text)),
        private(field("code", CODE_HEADINGS, Kind::Code)),
        required(field("country", &["country", "国家地区", "国家/地区", "国家或地区"], Kind::Text)),
        required(field("channel", &["channel", "参会方式"], Kind::Word)),
        required(field("first_time", &["first_time", "是否首次", "首次参会"], Kind::Word)),
        field("attended", &["attended", "是否到会"], Kind::Word),
        field("seen_on", &["seen_on", "参会日期", "到会日期"], Kind::Date),
    ],
};

/// Positions of the fields of [`ATTENDANCE`].
pub mod attendance {
    #![allow(missing_docs, reason = "named after the fields")]
    pub const BUYER: usize = 0;
    pub const NAME: usize = 1;
    pub const COMPANY: usize = 2;
    pub const EMAIL: usize = 3;
    pub const CODE: usize = 4;
    pub const COUNTRY: usize = 5;
    pub const CHANNEL: usize = 6;
    pub const FIRST_TIME: usize = 7;
    pub const ATTENDED: usize = 8;
    pub const SEEN_ON: usize = 9;
}

/// Exhibitors under a penalty, by the fairs that it covers.
pub static PENALTIES: TableShape = TableShape {
    name: "penalties",
    fields: &[
        required(field("exhibitor", EXHIBITOR_HEADINGS, Kind::Code)),
        field("reason", &["reason", "事由"], Kind::Text),
        required(field("from_fair", &["from_fair", "起始届次"], Kind::Text)),
        required(field("until_fair", &["until_fair", "截止届次"], Kind::Text)),
    ],
};

/// Positions of the fields of [`PENALTIES`].
pub mod penalty {
    #![allow(missing_docs, reason = "named after the fields")]
    pub const EXHIBITOR: usize = 0;
    pub const REASON: usize = 1;
    pub const FROM_FAIR: usize = 2;
    pub const UNTIL_FAIR: usize = 3;
}

/// The tables with their shapes.
pub static SHAPES: [(&str, &TableShape); 4] = [
    ("exhibitors", &EXHIBITORS),
    ("invitations", &INVITATIONS),
    ("attendance", &ATTENDANCE),
    ("penalties", &PENALTIES),
];

/// The names of the tables, in the order in which they are accounted for.
pub const TABLES: [&str; 4] = ["exhibitors", "invitations", "attendance", "penalties"];
