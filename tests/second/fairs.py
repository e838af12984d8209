#!/usr/bin/env python3
"""Small random fairs, nasty on purpose, to compare two implementations of the award rules on.

    fairs.py OUT --seed N --count K [--edge] [--broken]

Writes OUT/0000, OUT/0001 ... each a project root with data/fairs/137/fair.yaml and its tables. The same seed
gives the same files. Every input is valid, unless:

    --edge     adds, to each fair, a few inputs on which the contract is silent; the file `edge` in the root names them
    --broken   puts exactly one fault into each fair; `expect-refused` in the root names the file it is in, or the file
               or glob that is missing, and `expect-why` the kind of fault
"""

import argparse
import csv
import datetime
import io
import json
import random
import re
import sys
import unicodedata
import zipfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import judge  # noqa: E402

try:
    import openpyxl
except ImportError:
    openpyxl = None

FAIR = 137
OPENING = datetime.date(2025, 4, 15)

EMAIL_HEADINGS = ["email", "buyer_email", "email_address", "邮箱", "邮箱地址", "电子邮箱", "电子邮件", "采购商邮箱",
                  "采购商邮箱地址"]
HEADINGS = {
    "exhibitors": {
        "exhibitor": ["exhibitor", "exhibitor_id", "企业编号", "参展商编号"],
        "name_zh": ["name_zh", "企业名称", "公司名称"],
        "name_en": ["name_en", "企业英文名称", "英文名称"],
        "delegation": ["delegation", "交易团"],
        "sections": ["sections", "section", "展区"],
        "booths": ["booths", "booth", "展位号", "展位"],
        "fairs": ["fairs", "参展届次"],
        "website": ["website", "网址"],
    },
    "invitations": {
        "exhibitor": ["exhibitor", "exhibitor_id", "企业编号", "参展商编号"],
        "code": ["code", "invitation_code", "邀请函编码", "邀请码"],
        "buyer_name": ["buyer_name", "采购商姓名", "姓名"],
        "company": ["company", "buyer_company", "公司名", "采购商公司名", "公司名称"],
        "email": EMAIL_HEADINGS,
        "sent_on": ["sent_on", "sent_at", "发送时间", "发送日期"],
        "status": ["status", "发送状态", "状态"],
    },
    "attendance": {
        "buyer": ["buyer", "buyer_id", "采购商编号"],
        "name": ["name", "buyer_name", "姓名"],
        "company": ["company", "buyer_company", "公司名", "采购商公司名", "公司名称"],
        "email": EMAIL_HEADINGS,
        "code": ["code", "invitation_code", "邀请函编码", "邀请码"],
        "country": ["country", "国家地区", "国家/地区", "国家或地区"],
        "channel": ["channel", "参会方式"],
        "first_time": ["first_time", "是否首次", "首次参会"],
        "attended": ["attended", "是否到会", "到会情况", "是否签到", "是否入场", "实际到会", "到会"],
        "seen_on": ["seen_on", "参会日期", "到会日期"],
    },
    "penalties": {
        "exhibitor": ["企业编号"],
        "reason": ["事由"],
        "from_fair": ["起始届次"],
        "until_fair": ["截止届次"],
    },
}
EDGE_PENALTY_HEADINGS = {
    "exhibitor": ["exhibitor", "企业编号", "exhibitor_id", "参展商编号"],
    "reason": ["reason", "事由"],
    "from_fair": ["from_fair", "起始届次"],
    "until_fair": ["until_fair", "截止届次"],
}
REQUIRED = {
    "exhibitors": ["exhibitor", "name_zh"],
    "invitations": ["exhibitor", "status"],
    "attendance": ["country", "channel", "first_time"],
    "penalties": ["exhibitor", "from_fair", "until_fair"],
}
DECIDING = {
    "exhibitors": ["fairs"],
    "invitations": ["code", "company", "email", "sent_on", "buyer_name"],
    "attendance": ["buyer", "attended", "code", "company", "email", "seen_on"],
    "penalties": [],
}
UNDER_A_POLICY = ["sent_on", "buyer_name", "seen_on"]
# Headings that mean nothing in the table (some mean something in another table).
UNUSED = {
    "exhibitors": ["备注", "序号", "email", "电话", "country", "状态", "remark"],
    "invitations": ["备注", "序号", "国家地区", "企业名称", "buyer", "fairs", "邮编"],
    "attendance": ["备注", "证件类型", "企业编号", "企业名称", "status", "sent_on", "采购商", "采购商姓名"],
    "penalties": ["备注", "序号", "status", "届次", "公司名"],
}
OWN_HEADINGS = ["用户编号", "Feld A", "X-17", "字段甲", "col.3", "Spalte (ß)"]

STATUS = {"sent": ["sent", "成功", "发送成功"], "failed": ["failed", "失败"], "bounced": ["bounced", "退信"],
          "withdrawn": ["withdrawn", "撤回"]}
CHANNEL = {"onsite": ["onsite", "线下", "现场"], "online": ["online", "线上"]}
YES = ["yes", "y", "是", "true", "1"]
NO = ["no", "n", "否", "false", "0"]
ATTENDED = {True: YES + ["已到会", "已签到", "√"], False: NO + ["未到会", "未签到", "×"]}
# Words of one export, which `values` explains.
OWN_WORDS = {
    "status": {"sent": ["投递成功", "went out"], "failed": ["地址无效", "undelivered"], "bounced": ["已拒收"], "withdrawn": ["已作废"]},
    "channel": {"onsite": ["进馆", "hall"], "online": ["直播间", "web"]},
    "first_time": {"yes": ["新采购商", "first"], "no": ["老采购商", "again"]},
    "attended": {"yes": ["进馆", "in"], "no": ["缺席", "absent"]},
    "country": {"US": ["老美"], "DE": ["BRD"], "FR": ["Hexagone"]},
}
COUNTRY = {
    "CN": ["CN", "中国", "China"], "HK": ["HK", "中国香港"], "MO": ["MO"], "TW": ["TW"],
    "US": ["US", "United States", "美国"], "DE": ["DE", "Germany", "德国"], "FR": ["FR", "法国", "France"],
    "JP": ["JP", "日本", "Japan"], "IN": ["IN", "印度", "India"], "BR": ["BR", "巴西", "Brazil"],
    "GB": ["GB", "英国", "United Kingdom"], "NO": ["NO", "挪威", "Norway"], "NA": ["NA", "Namibia"],
    "GR": ["GR", "希腊"], "EG": ["EG", "埃及", "Egypt"], "SG": ["SG", "新加坡", "Singapore"],
}
OVERSEAS = [c for c in COUNTRY if c != "CN"]
EDGE_COUNTRY = {"HK": ["香港", "Hong Kong"], "MO": ["中国澳门", "澳门", "Macao"], "TW": ["中国台湾", "台湾", "Taiwan"]}

WHITE = [" ", "\u00a0", "\u2003", "\u2009", "\u202f", "\u205f", "\u3000", "\u1680", "\t", "\u0085", "\u2028", "\u2029"]
LINE_BREAKS = ["\u0085", "\u2028", "\u2029"]  # they separate addresses
FORMAT = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202a", "\u180e", "\u061c", "\U000e0061"]

# Companies: each list is one company in spellings that are equal after normalising.
SAME_COMPANY = [
    ["Straße GmbH", "STRASSE GMBH", "strasse gmbh", "STRAẞE-GmbH.", "S\u00adtraße\u00a0Gmbh"],
    ["İstanbul Tekstil A.Ş.", "i\u0307stanbul tekstil a.ş.", "I\u0307stanbul Tekstil AŞ", "İSTANBUL TEKSTİL AŞ".replace("Tİ", "TI")],
    ["ﬁne ﬂour Co., Ltd", "FINE FLOUR CO LTD", "Fine-Flour (Co) Ltd.", "ｆｉｎｅ ﬂｏｕｒ ｃｏｌｔｄ"],
    ["Café Noir", "Cafe\u0301 Noir", "CAFÉ  NOIR", "CAFE\u0301_NOIR"],
    ["شركة الأمل", "شركة-الأمل", "ﺷﺮﻛﺔ الأمل", "شركة\u200fالأمل"],
    ["广州（进出口）公司", "广州(进出口)公司", "广州进出口公司", "广州·进出口 公司", "⼴州进出口公司"],
    ["ＡＢＣ Trading", "ABC-Trading", "abc trading", "A.B.C. Trading", "Ⓐbc Trading"],
    ["Ⅷ Works", "VIII works", "ⅷ-WORKS"],
    ["10² Ltd", "102 ltd", "１０２ LTD", "⑩² Ltd"],
    ["ΣΟΦΟΣ Ελλάς", "σοφος ΕΛΛΆΣ", "σοφοσ ελλάσ", "Σοφος Ελλάς"],
    ["ᏣᎳᎩ Trade", "ꮳꮃꭹ TRADE"],
    ["O'Neil & Sons", "ONeil Sons", "O’NEIL + SONS", "O＇Neil＆Sons"],
    ["🚀 Rocket", "Rocket", "ROCKET 🚀🚀", "Rocket™".replace("™", "®")],
    ["ǰaro", "J\u030caro", "ǰ-ARO"],
    ["日本㍿テスト", "日本株式会社テスト", "日本株式会社ﾃｽﾄ", "日本 株式会社・テスト"],
    ["ſilk Road", "Silk Road", "SILK ROAD"],
    ["हिन्दी व्यापार", "हिन्दी-व्यापार", "हिन्\u200dदी व्यापार"],
    ["한국무역", "\u1112\u1161\u11ab국무역", "한국 무역"],
    ["Å-Ring", "Å Ring", "A\u030a RING", "å.ring"],
    ["ᾳ-Delta", "ΑΙ Delta", "ᾼ delta", "αι-delta"],
]
# Near misses: companies that look like one of the above and are not.
OTHER_COMPANY = [
    "Strase GmbH", "Istanbul Tekstil A.Ş.", "Fine Flour Co", "Cafe Noir", "شركة الامل", "شركــة الأمل", "广州進出口公司",
    "ABC Trading Ltd", "ıstanbul Tekstil A.Ş.", "Rocket\ufe0f", "日本(株)テスト", "हनद वयपर", "VIIl works", "1O2 Ltd",
    "ABC Tràding", "한국무역㈜", "O Neill & Sons", "Silk\u0301 Road",
]
NOT_NAMES = ["n/a", "N/A", "NA", "N.A.", "none", "None", "NIL", "null", "no", "Unknown", "individual", "Self-Employed",
             "self employed", "ＦＲＥＥＬＡＮＣＥ", "无", "没有", "暂无", "个人", "个 人", "（个体）", "自由职业", "不详", "未知", "-",
             "/", "—", "。", "private", "P r i v a t e", "personal!"]
NOT_NAMES += ["公司", "公司名称", "Company Name", "未填写", "不适用", "散客", "个体户", "TEST", "x", "0", "1", "undefined", "NaN", "其他", "同上"]
NOT_CODES = ["NULL", "null", "N/A", "n/a", "-", "—", "--", "0", "000", "０", "无", "未 填写", "\\N", "None", "test", "?", "/", "待定"]
NOT_BUYERS = ["NULL", "null", "n/a", "N/A", "-", "—", "0", "0 0", "０００", "无", "未填写", "\\N", "None", "不详", "/"]
NOT_EMAILS = ["none@none.com", "None@None", "ｎａ@na", "test@test.com", "N/A@N/A", "无@无", "no @email.com", "null@null", "nobody", "a@b@c.example", "@example.com", "someone@", "@", "a＠b＠c", " @ x.example", "x.example", "\u200b@\u200b", "无"]
NAMES = ["Ana", "Boris", "陈伟", "Dörte", "Émile", "فاطمة", "Giorgos", "花子", "Ivan", "José", "Kofi", "李娜"]
HAN = "华东新远大同和泰恒瑞通达"


STRANGERS = ["99999", "GONE-1"]  # exhibitors that withdrew


# --------------------------------------------------------------------------------------------------
# Spellings.


def chance(rng, probability):
    return rng.random() < probability


def full_width(rng, text, probability):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and chance(rng, probability) else c for c in text)


def sprinkle(rng, text, extras, most=2):
    for _ in range(rng.randint(0, most)):
        at = rng.randint(0, len(text))
        text = text[:at] + rng.choice(extras) + text[at:]
    return text


def any_case(rng, text):
    """Another case of ASCII letters only."""
    return "".join((c.upper() if chance(rng, 0.5) else c.lower()) if c.isascii() else c for c in text)


def respell_code(rng, code):
    if chance(rng, 0.4):
        return code
    if chance(rng, 0.5):
        code = any_case(rng, code)
    if chance(rng, 0.3):
        code = code.replace("SS", "ß") if chance(rng, 0.5) else code.replace("FI", "ﬁ")
    return sprinkle(rng, full_width(rng, code, rng.choice([0, 0, 0.3, 1])), WHITE + FORMAT)


def respell_email(rng, email):
    if chance(rng, 0.4):
        return email
    if chance(rng, 0.6):
        email = any_case(rng, email)
    return sprinkle(rng, full_width(rng, email, rng.choice([0, 0, 0.3, 1])), [c for c in WHITE + FORMAT if c not in LINE_BREAKS])


def dress_email(rng, email, others):
    """A cell with this address: with a name, `mailto:` or quotes, among others."""
    result = [email] + rng.sample(others, rng.choice([0, 0, 1, 1, 2]))
    if chance(rng, 0.3):
        rng.shuffle(result)
    if chance(rng, 0.1):
        result.append(rng.choice(["call first", "电话联系", "nobody"]))
    dressed = []
    for address in result:
        kind = rng.random()
        name = rng.choice(["Ana", "陈伟", "Sales dept.", "de Vries"])
        if kind < 0.15:
            address = f"{name} <{address}>"
        elif kind < 0.25:
            address = f'"{rng.choice(["Li, Wei", "王；伟", "A | B", "x、y", rng.choice(others) + ", Ana"])}" <{address}>'
        elif kind < 0.30:
            address = f"<{address}>"
        elif kind < 0.40:
            address = rng.choice(["mailto:", "MAILTO:", "mailto: "]) + address
        elif kind < 0.45:
            address = f"{name} <mailto:{address}>"
        elif kind < 0.55:
            quote = rng.choice(['"', "'"])
            address = quote + address + quote
        dressed.append(address)
    text = dressed[0]
    for address in dressed[1:]:
        text += rng.choice([";", "; ", ",", ", ", "；", "，", "、", "|", " | ", "｜", "\n"]) + address
    return text + rng.choice(["", "", "", ";", "；", " "])


def dress_emails(rng, tables):
    """Some cells of e-mail addresses as people write them."""
    plain = sorted({row["email"] for table in ("invitations", "attendance") for row in tables[table]
                    if row["email"] is not None and re.fullmatch(r"[a-z0-9]+@[a-z0-9.]+", row["email"])})
    share = rng.choice([0, 0.1, 0.4])
    others = rng.sample(plain, min(len(plain), 3)) + ["front@desk.example", "none@none.com"]
    for table in ("invitations", "attendance"):
        for row in tables[table]:
            if row["email"] is not None and row["email"] not in NOT_EMAILS and chance(rng, share):
                row["email"] = dress_email(rng, row["email"], others)


def respell_number(rng, number):
    if chance(rng, 0.6):
        return number
    return sprinkle(rng, full_width(rng, number, rng.choice([0, 0.4, 1])), WHITE + FORMAT)


def respell_company(rng, company):
    for spellings in SAME_COMPANY:
        if company in spellings:
            return rng.choice(spellings)
    if chance(rng, 0.4):
        return company
    if chance(rng, 0.5):
        company = any_case(rng, company)
    return sprinkle(rng, full_width(rng, company, rng.choice([0, 0, 0.4])), [" ", ".", "-", "（", "\u3000", "\u200b", "，"])


# --------------------------------------------------------------------------------------------------
# The matter of a fair: tables of rows, a row a dict of field to value (None: no value).


def make_code(rng, number):
    return rng.choice([
        f"INV-{number:05d}", f"{number:06d}", f"STRASSE{number}", f"FI{number}X", f"SS-FI-{number}", f"{number}E5",
        f"Çİ{number}", f"Ж{number}Д", f"{number}", f"0{number}", f"TRUE{number}",
    ])


def make_buyers(rng, count, all_regular):
    """A register: buyers, each with attendance rows. Also tells, of each, whether it counts and whether it is new."""
    buyers = []
    rows = []
    emails = [f"user{i}@firm{i % 7}.example" for i in range(count)]
    emails[::11] = [f"ünï{i}@straße{i}.example" for i in range(len(emails[::11]))]
    for i in range(count):
        overseas = chance(rng, 0.85)
        country = rng.choice(OVERSEAS) if overseas else "CN"
        if chance(rng, 0.12):
            country = rng.choice(["HK", "MO", "TW", "CN"])
        kind = rng.random()
        if kind < 0.40:
            company = f"{rng.choice(['Firm', 'Maße', 'Société', '商社', 'Ünal'])} {i} {rng.choice(['Ltd', 'S.A.', '有限公司', ''])}".strip()
        elif kind < 0.75:
            company = rng.choice(rng.choice(SAME_COMPANY))
        elif kind < 0.85:
            company = rng.choice(OTHER_COMPANY)
        elif kind < 0.95:
            company = rng.choice(NOT_NAMES)
        else:
            company = None
        email = emails[i]
        if chance(rng, 0.08) and i:
            email = emails[rng.randrange(i)]  # the same as another's
        number = rng.choice([f"B{i:04d}", f"B{i:04d}", f"{i:07d}", f"客{i}", f"b{i:04d}", f"{i}", f"B{rng.randrange(count):04d}"])
        numbered = chance(rng, 0.85) and number != "0"
        if not numbered:
            number = rng.choice(NOT_BUYERS) if chance(rng, 0.3) else None
        elif chance(rng, 0.1):
            email = rng.choice(NOT_EMAILS + [None])
        new = False if all_regular else chance(rng, 0.6)
        first = OPENING + datetime.timedelta(days=rng.randint(0, 18))
        own = []
        for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4])):
            row = {
                "buyer": respell_number(rng, number) if numbered else number,
                "name": rng.choice(NAMES + [None]),
                "company": None if company is None else respell_company(rng, company),
                "email": None if email is None else (respell_email(rng, email) if email in emails else email),
                "code": respell_code(rng, make_code(rng, rng.randrange(10 * count))) if chance(rng, 0.4)
                else rng.choice(NOT_CODES) if chance(rng, 0.1) else None,
                "country": country if chance(rng, 0.92) else rng.choice(["CN", "US", "HK", "DE"]),
                "channel": rng.choice(["onsite", "onsite", "online"]),
                "first_time": new if chance(rng, 0.8) or all_regular else not new,
                "attended": rng.choice([True, None, None]) if chance(rng, 0.88) else False,
                "seen_on": None if chance(rng, 0.25) else first + datetime.timedelta(days=rng.randint(0, 2)),
            }
            if numbered and chance(rng, 0.15):
                row["email"] = rng.choice(NOT_EMAILS + [None])
            if numbered and chance(rng, 0.15):
                row["company"] = rng.choice(NOT_NAMES + OTHER_COMPANY + [None])
            if numbered and email in emails and row["email"] not in NOT_EMAILS + [None] and chance(rng, 0.05):
                row["buyer"] = None  # a person who logged in without the number: another buyer
            own.append(row)
        buyers.append(own)
        rows.extend(own)
    rng.shuffle(rows)
    return buyers, rows


def decide(own):
    """Roughly: does this register count as an overseas buyer, is it new, when was it first seen."""
    attended = [row for row in own if row["attended"] is not False]
    if not attended:
        return None
    onsite = [row for row in attended if row["channel"] == "onsite"]
    overseas = (onsite or attended)[0]["country"] != "CN"
    new = all(row["first_time"] for row in onsite or attended)
    seen = [row["seen_on"] for row in attended if row["seen_on"] is not None]
    return overseas, new, min(seen) if seen else None


def empty_invitation(exhibitor):
    return {"exhibitor": exhibitor, "code": None, "buyer_name": None, "company": None, "email": None,
            "sent_on": None, "status": "sent"}


def sending_day(rng, seen):
    day = rng.choice([None, -30, -3, -1, 0, 0, 1, 4])
    return None if day is None else (seen or OPENING) + datetime.timedelta(days=day)


def matching_invitation(rng, exhibitor, row, seen):
    """An invitation that this attendance row answers, by one trait or by several."""
    result = empty_invitation(exhibitor)
    result["sent_on"] = sending_day(rng, seen)
    ways = [way for way in ("code", "company", "email") if row[way] is not None
            and row[way] not in NOT_NAMES + NOT_EMAILS + NOT_CODES]
    if not ways:
        row["code"] = make_code(rng, rng.randrange(100, 9000))
        ways = ["code"]
    chosen = ways if chance(rng, 0.15) else [rng.choice(ways)]
    for way in chosen:
        respell = {"code": respell_code, "company": respell_company, "email": respell_email}[way]
        result[way] = respell(rng, row[way])
    if chance(rng, 0.7):
        result["buyer_name"] = rng.choice(NAMES)
    if result["company"] is None and chance(rng, 0.3):
        result["company"] = rng.choice(NOT_NAMES)
    if result["email"] is None and chance(rng, 0.3):
        result["email"] = rng.choice(NOT_EMAILS)
    if result["code"] is None and chance(rng, 0.15):
        result["code"] = rng.choice(NOT_CODES)
    return result


def filler_invitation(rng, exhibitor, number):
    """An invitation that nobody answered."""
    result = empty_invitation(exhibitor)
    result["sent_on"] = sending_day(rng, None)
    kind = rng.random()
    if kind < 0.4:
        result["email"] = f"nobody{number}@elsewhere.example"
        result["code"] = f"ZZ-{number}"
    elif kind < 0.6:
        result["company"] = f"Elsewhere {number} Inc"
        result["buyer_name"] = rng.choice(NAMES + [None])
    elif kind < 0.7:
        result["company"] = rng.choice(NOT_NAMES)
        result["buyer_name"] = rng.choice(NAMES + [None])
    elif kind < 0.8:
        result["email"] = rng.choice(NOT_EMAILS)
        result["company"] = rng.choice(NOT_NAMES + [None])
    elif kind < 0.85:
        result["code"] = rng.choice(["\u200b", "\u00ad\u00a0\u2060", f"QQ {number}"])
    elif kind < 0.9:
        pass  # neither code nor company nor e-mail nor name
    else:
        result["company"] = f"Elsewhere {number % 3}"
        result["buyer_name"] = rng.choice(NAMES[:3])
    return result


def again(rng, invitation):
    """The same recipient once more."""
    result = dict(invitation)
    if result["email"] is not None and result["email"] not in NOT_EMAILS:
        result["email"] = respell_email(rng, result["email"])
        if chance(rng, 0.5):
            result["company"] = None
    elif result["company"] is not None and result["company"] not in NOT_NAMES:
        result["company"] = respell_company(rng, result["company"])
    if chance(rng, 0.3):
        result["code"] = None
    return result


def exhibitor_ids(rng, count):
    style = rng.choice(["E{:05d}", "{:04d}", "mixed"])
    if style != "mixed":
        return [style.format(n) for n in rng.sample(range(1, 9999), count)]
    return [rng.choice(["E{}", "a{}", "Z-{}", "0{}", "{}", "x{}y"]).format(n) for n in rng.sample(range(1, 9999), count)]


def exhibitor_row(rng, exhibitor):
    fairs = rng.choice([[136, 137]] * 8 + [[137, 136]] * 2 + [[137], [136], [135, 134], None, list(range(130, 138)), [135, 137, 136],
                                                            [1, 36, 37], [13, 6, 137], [136, 137, 139]])
    name = "".join(rng.choice(HAN) for _ in range(rng.randint(2, 4))) + rng.choice(["有限公司", "集团", "（广州）公司"])
    return {
        "exhibitor": exhibitor,
        "name_zh": name,
        "name_en": rng.choice([None, f"Exhibitor {exhibitor}, Ltd", 'The "Best" Co; Ltd', "Two\nlines"]),
        "delegation": rng.choice([None, "广东交易团", "浙江交易团"]),
        "sections": rng.choice([None, ["电子"], ["电子", "家电"]]),
        "booths": rng.choice([None, ["1.1A01"], ["1.1A01", "1.1A02"]]),
        "fairs": fairs,
        "website": rng.choice([None, "https://example.com/"]),
    }


def rows_of_booths(rng, exhibitors):
    """One row a booth: some exhibitors have several rows, which agree; an empty cell agrees with any."""
    share = rng.choice([0, 0, 0.1, 0.5])
    result = []
    for row in exhibitors:
        rows = [row]
        while len(rows) < 4 and chance(rng, share):
            other = dict(row, sections=rng.choice([None, ["电子"], ["纺织", "家电"]]), booths=[f"{len(rows)}.2B{len(rows):02d}"])
            for one in (row, other):
                field = rng.choice(["name_en", "delegation", "website", "fairs"])
                if all(earlier[field] is not None for earlier in rows if earlier is not one) and chance(rng, 0.3):
                    one[field] = None
            rows.append(other)
        result.extend(rows)
    rng.shuffle(result)
    return result


def penalties_of(rng, exhibitor):
    spans = rng.choice([[(137, 137)], [(130, 137)], [(137, 140)], [(136, 136)], [(138, 140)], [(100, 136)], [(136, 138)],
                        [(130, 136), (138, 139)], [(130, 135), (137, 138)]])
    return [{"exhibitor": exhibitor, "reason": rng.choice([None, "知识产权", "违规转让展位"]), "from_fair": a, "until_fair": b}
            for a, b in spans]


def make_small(rng):
    count = rng.randint(5, 60)
    all_regular = chance(rng, 0.1)
    buyers, attendance = make_buyers(rng, rng.randint(25, 110), all_regular)
    known = [(own, decide(own)) for own in buyers]
    good = [(own, d) for own, d in known if d is not None and d[0]]
    bad = [(own, d) for own, d in known if d is None or not d[0]]
    usable = rng.choice([0, 0.3, 0.6, 0.8, 0.9, 1, 1])  # how many exhibitors should reach the pool
    exhibitors = []
    invitations = []
    penalties = []
    for number, exhibitor in enumerate(exhibitor_ids(rng, count)):
        exhibitors.append(exhibitor_row(rng, exhibitor))
        if chance(rng, usable):
            sent, overseas = rng.choice([10, 10, 10, 11, 11, 12, 14, 18]), rng.choice([5, 5, 5, 6, 6, 7, 9])
        else:
            sent, overseas = rng.choice([(9, 5), (10, 4), (9, 4), (0, 0), (12, 0), (8, 6), (10, 5)])
        taste = rng.choice(["mixed", "mixed", "mixed", "new", "regular"])
        choice = [(own, d) for own, d in good if taste == "mixed" or d[1] == (taste == "new")] or good
        if chance(rng, 0.5):
            choice = choice[:max(overseas, 8)]  # much the same buyers for many exhibitors: ties
        rows = []
        for own, d in rng.sample(choice, min(overseas, len(choice))):
            attended = [row for row in own if row["attended"] is not False]
            rows.append(matching_invitation(rng, exhibitor, rng.choice(attended), d[2]))
        fillers = 0
        while len(rows) < sent:
            kind = rng.random()
            if kind < 0.15 and bad:
                own, d = rng.choice(bad)
                rows.append(matching_invitation(rng, exhibitor, rng.choice(own), None))
            elif kind < 0.30 and rows:
                rows.append(again(rng, rng.choice(rows)))
            elif kind < 0.35:
                row = empty_invitation(exhibitor)
                row["company"] = rng.choice(OTHER_COMPANY)
                rows.append(row)
            else:
                fillers += 1
                rows.append(filler_invitation(rng, exhibitor, number * 1000 + fillers))
        for _ in range(rng.choice([0, 0, 1, 3])):  # letters that did not arrive, though the buyer came
            if good:
                own, d = rng.choice(good)
                row = matching_invitation(rng, exhibitor, rng.choice(own), d[2])
                row["status"] = rng.choice(["failed", "bounced", "withdrawn"])
                rows.append(row)
        invitations.extend(rows)
        if chance(rng, 0.1):
            penalties.extend(penalties_of(rng, exhibitor))
    rng.shuffle(invitations)
    rng.shuffle(exhibitors)
    dress_emails(rng, {"invitations": invitations, "attendance": attendance})
    exhibitors = rows_of_booths(rng, exhibitors)
    return {"exhibitors": exhibitors, "invitations": invitations, "attendance": attendance, "penalties": penalties}


def make_large(rng):
    """A pool of about 200, where the percents of the ranks fall on halves and on 0."""
    pool = rng.choice([200, 200, 201, 202, 210, 240])
    zero = rng.choice([None, None, "new", "regular"])  # an indicator that is 0 for everybody
    ids = exhibitor_ids(rng, pool + rng.randint(0, 5))
    attendance = []
    for i in range(40):
        attendance.append({"buyer": f"B{i:02d}", "name": None, "company": None, "email": None, "code": f"C{i:02d}",
                           "country": rng.choice(OVERSEAS), "channel": "onsite", "first_time": i < 20, "attended": None, "seen_on": None})

    def counts(values):
        """Groups of 40 exhibitors (ranks 1, 41, 81 ...), or each exhibitor at random."""
        if chance(rng, 0.6):
            cycle = [values[min(n // 40, len(values) - 1)] for n in range(pool)]
        else:
            cycle = [rng.choice(values) for _ in range(pool)]
        rng.shuffle(cycle)
        return cycle

    new = [0] * pool if zero == "new" else counts([9, 8, 7, 6, 5])
    regular = [0] * pool if zero == "regular" else counts([9, 8, 7, 6, 5])
    sent = counts([14, 13, 12, 11, 10])
    exhibitors = []
    invitations = []
    for n, exhibitor in enumerate(ids):
        row = exhibitor_row(rng, exhibitor)
        if chance(rng, 0.9):
            row["fairs"] = [136, 137]
        exhibitors.append(row)
        if n >= pool:
            continue
        # A buyer counts once however many invitations it had, so one text can serve for many rows.
        codes = [f"C{i:02d}" for i in rng.sample(range(20), new[n])] + [f"C{i:02d}" for i in rng.sample(range(20, 40), regular[n])]
        for k in range(max(sent[n], len(codes))):
            letter = empty_invitation(exhibitor)
            letter["code"] = codes[k] if k < len(codes) else "C-none"
            invitations.append(letter)
    rng.shuffle(exhibitors)
    rng.shuffle(invitations)
    return {"exhibitors": exhibitors, "invitations": invitations, "attendance": attendance, "penalties": []}


# --------------------------------------------------------------------------------------------------
# Writing.


def safe_for_gb18030(text):
    """Characters that every reader of GB18030 reads the same."""
    for c in text:
        point = ord(c)
        if 0xE000 <= point <= 0xF8FF or 0xFE10 <= point <= 0xFE19 or 0x9FB4 <= point <= 0x9FBB or point == 0x1E3F:
            return False
    data = text.encode("gb18030")
    try:
        return data.decode("utf-8") == text  # plain ASCII
    except UnicodeDecodeError:
        return data.decode("gb18030") == text


def spell_heading(rng, heading, added=True):
    if added and chance(rng, 0.2):
        heading = rng.choice(["{}（必填）", "{} (required)", "{}*", "*{}", "{}\n（选填）", "{}【选填】"]).format(heading)
    if chance(rng, 0.5):
        heading = any_case(rng, heading)
    if chance(rng, 0.3):
        heading = full_width(rng, heading, rng.choice([0.4, 1]))
    if chance(rng, 0.3):
        heading = heading.replace("_", rng.choice([" ", "", "__", "＿"]))
    if chance(rng, 0.3):
        heading = sprinkle(rng, heading, [" ", "_", "\u3000", "\u00a0"], 2)
    return heading


def spell_day(rng, day):
    """A day of Beijing in one of the notations."""
    before = day - datetime.timedelta(days=1)
    return rng.choice([
        day.isoformat(), day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}",
        f"{day.isoformat()} {rng.choice(['00:00:00', '09:30:15', '23:59:59', '9:30'])}", f"{day:%Y%m%d}103000", f"{day.isoformat()}T10:30:00",
        f"{day.isoformat()} 上午10:05", f"{day.isoformat()} 10时20分", f"{day.isoformat()}T10:30:00Z", f"{before.isoformat()}T16:00:00Z",
        f"{before.isoformat()}T23:30:00-05:00", f"{day.isoformat()}T00:10:00+08:00", f"{day:%Y%m%d}T103000Z",
    ])


class Part:
    """Some rows of a table, in one sheet of one file."""

    def __init__(self, table, rows):
        self.table = table
        self.rows = rows
        self.columns = {}  # field: heading, as fair.yaml will say
        self.given = {}  # field: word, as fair.yaml will say
        self.words = {}  # field: {word: value}, as fair.yaml will say
        self.absent = []  # fields, as fair.yaml will say
        self.ignore = []  # headings, as fair.yaml will say
        self.digits = {}  # field: length, as fair.yaml will say
        self.faults = set()  # kinds of faults of the whole part
        self.second = None  # the field whose heading occurs twice, of which the second is meant
        self.entry = None  # the entry of fair.yaml, where it is for this part alone
        self.fields = []  # the fields written as columns
        self.raw = {}  # (row number, field): a cell to write as it is, a fault
        self.sheet = None
        self.name = None
        self.format = None


class Writer:
    def __init__(self, rng, folder, edge, tables):
        self.rng = rng
        self.folder = folder
        self.edge = edge  # a set of names of edges
        self.headings = dict(HEADINGS)
        if "penalty-headings" in edge:
            self.headings["penalties"] = EDGE_PENALTY_HEADINGS
        self.tables = tables
        self.books = {}  # file name: [(title, hidden, rows)]
        self.texts = {}  # file name: bytes
        self.copies = []  # (file name, its copy)

    # -- cells

    def word(self, words):
        word = self.rng.choice(words)
        if "loose-words" in self.edge and chance(self.rng, 0.3):
            word = self.rng.choice([word.upper(), word.capitalize(), f" {word} ", full_width(self.rng, word, 1)])
        return word

    def countries(self, code):
        if "country-names" in self.edge and code in EDGE_COUNTRY:
            return COUNTRY[code] + EDGE_COUNTRY[code]
        return COUNTRY[code]

    def cell(self, part, number, field, value, kind):
        """kind: csv, xlsx or yaml."""
        rng = self.rng
        if field in part.words:
            canonical = {True: "yes", False: "no"}.get(value, value)
            own = [word for word, meant in part.words[field].items() if meant == canonical and value is not None
                   and (word or number and field != "attended")]  # a column has a value
            if own and chance(rng, 0.5):
                return rng.choice(own) or None
        if value is None:
            return self.rng.choice([" ", "\u3000", "\t "]) if "white-cells" in self.edge and chance(rng, 0.1) else None
        if field == "status":
            return self.word(STATUS[value])
        if field == "channel":
            return self.word(CHANNEL[value])
        if field == "country":
            return self.word(self.countries(value))
        if field in ("first_time", "attended"):
            if kind != "csv" and chance(rng, 0.3):
                return rng.choice([value, 1 if value else 0])
            return self.word(ATTENDED[value] if field == "attended" else YES if value else NO)
        if kind == "xlsx" and field in part.digits:
            return int(value)
        if kind == "xlsx" and field in ("code", "buyer", "exhibitor") and re.fullmatch("[0-9]{2,9}", value) and chance(rng, 0.5):
            return ZeroPadded(value)
        if kind == "csv" and field in ("code", "buyer") and chance(rng, 0.02):
            return "'" + value
        if field in ("sent_on", "seen_on"):
            text = spell_day(rng, value)
            if kind == "xlsx" and chance(rng, 0.6):
                hour = rng.choice([0, 0, 9, 23])
                return rng.choice([value, datetime.datetime(value.year, value.month, value.day, hour, 59 if hour else 0)])
            return text
        if field == "fairs":
            if kind == "yaml" and chance(rng, 0.7):
                return value
            if kind == "xlsx" and len(value) == 1 and chance(rng, 0.5):
                return value[0]
            between = rng.choice([";", "；", "、", "; ", "； ", ",", "，", "\n"])
            spelled = rng.choice(["{}", "{}", "第{}届", "{}届"])
            text = between.join(spelled.format(n) for n in value)
            if "loose-fairs" in self.edge and chance(rng, 0.5):
                text = rng.choice([text + ";", f" {text} ", full_width(rng, text, 1).replace("；", "；"), text.replace(between, between * 2)])
            return text
        if field in ("sections", "booths"):
            return rng.choice([";", "；", "、"]).join(value)
        if field in ("from_fair", "until_fair"):
            return str(value) if kind == "csv" or chance(rng, 0.3) else value
        if field == "exhibitor" and "spaced-exhibitors" in self.edge and chance(rng, 0.2):
            return f" {value}\u00a0"
        return value

    # -- parts

    def plan(self, table, rows):
        """Divides the rows into parts and chooses what each part looks like."""
        rng = self.rng
        groups = []
        if table == "attendance" and chance(rng, 0.4):
            for channel in rng.sample(["onsite", "online"], 2):
                groups.append([row for row in rows if row["channel"] == channel])
        else:
            groups.append(rows)
        if table == "invitations" and chance(rng, 0.3):
            half = {row["exhibitor"] for row in rows if chance(rng, 0.5)}
            groups = [[row for row in rows if row["exhibitor"] in half], [row for row in rows if row["exhibitor"] not in half]]
        parts = []
        for group in groups:
            cuts = sorted(rng.sample(range(1, len(group)), min(rng.choice([0, 0, 1, 2]), len(group) - 1))) if len(group) > 1 else []
            for a, b in zip([0] + cuts, cuts + [len(group)]):
                parts.append(Part(table, group[a:b]))
        parts = [part for part in parts if part.rows] or [Part(table, [])]
        if table == "invitations" and share_rows(parts):
            parts = [Part(table, rows)]
        formats = ["csv", "csv", "yaml"] + (["xlsx", "xlsx"] if openpyxl else [])
        for part in parts:
            part.format = rng.choice(formats)
            if part.format == "yaml" and not part.rows:
                part.format = "csv"
            for field in ("status", "channel", "country", "first_time", "attended"):
                values = {row.get(field, "absent") for row in part.rows}
                if len(values) == 1 and values != {"absent"} and values != {None} and chance(rng, 0.6):
                    value = values.pop()
                    words = {"status": STATUS, "channel": CHANNEL}.get(field, {}).get(value) or (
                        self.countries(value) if field == "country" else (YES if value else NO))
                    part.given[field] = rng.choice(words)
        return parts

    def explain_words(self, parts):
        """Words of `values`, for parts that share one entry."""
        rng = self.rng
        table, given = parts[0].table, parts[0].given
        words = {}
        for field, by_value in OWN_WORDS.items():
            if field in HEADINGS[table] and field not in given and chance(rng, 0.15):
                chosen = rng.sample(sorted(by_value), rng.randint(1, len(by_value)))
                words[field] = {word: value for value in chosen for word in by_value[value]}
                if field != "attended" and chance(rng, 0.3):
                    words[field][""] = chosen[0]
        if table == "attendance" and "attended" not in given:
            for part in parts:
                if {row["attended"] for row in part.rows} == {True, None}:
                    words.setdefault("attended", {})[""] = rng.choice(["yes", "yes", "no"])
        for part in parts:
            part.words = words

    def say_absent(self, parts):
        """Fields that decide and have no value in parts that share one entry; refused under a policy where it is not said."""
        table, given = parts[0].table, parts[0].given
        for part in parts:
            part.absent = [field for field in DECIDING[table] if field not in given and is_lacking(parts[0], field)
                           and not (field in UNDER_A_POLICY and chance(self.rng, 0.1))]
        if parts[0].absent != parts[-1].absent:
            for part in parts:
                part.absent = parts[0].absent

    def choose_fields(self, parts, use_columns):
        """The columns of parts that share one entry of fair.yaml."""
        rng = self.rng
        table = parts[0].table
        given = parts[0].given
        fields = [f for f in HEADINGS[table] if f not in given]
        for part in parts:
            for field in list(fields):
                if field not in REQUIRED[table] and all(row[field] is None for row in part.rows) and chance(rng, 0.5):
                    if len(parts) == 1:
                        fields.remove(field)
        columns = {}
        if use_columns and chance(rng, 0.3):
            own = rng.sample(OWN_HEADINGS + (["企业名称"] if table in ("invitations", "attendance") else ["采购商编号"]), 2)
            there = [f for f in fields if not is_lacking(parts[0], f)]
            for field, heading in zip(rng.sample(there, min(len(there), rng.randint(1, 2))), own):
                columns[field] = heading
        doubled = use_columns and columns and chance(rng, 0.2)
        digits = {}
        if "exhibitor" in fields and chance(rng, 0.5):
            lengths = {len(row["exhibitor"]) if re.fullmatch("[0-9]+", row["exhibitor"]) else None for part in parts for row in part.rows}
            if len(lengths) == 1 and None not in lengths:
                digits["exhibitor"] = lengths.pop()
        for part in parts:
            part.fields = rng.sample(fields, len(fields))
            part.columns = dict(columns)
            part.second = None
            if doubled:
                part.second = sorted(columns)[0]
                part.columns[part.second] += "#2"
            part.digits = digits if all(part.format == "xlsx" for part in parts) else {}
        self.explain_words(parts)
        self.say_absent(parts)
        if use_columns and chance(rng, 0.1):
            self.ignore_a_field(parts)

    def ignore_a_field(self, parts):
        """Another column with a heading of a field, which `ignore` takes away."""
        field = self.rng.choice(parts[0].fields)
        names = self.headings[parts[0].table][field]
        if field in parts[0].columns or len(names) < 2:
            return
        ignored = self.rng.choice(names)
        if judge.heading_key(ignored) in {judge.heading_key(h) for h in parts[0].columns.values()}:
            return
        for part in parts:
            part.ignore = [ignored]

    def grid(self, part, kind):
        """Heading row and rows of a part, with unused columns, blank rows."""
        rng = self.rng
        taken = {unicodedata.normalize("NFKC", h).casefold() for h in part.columns.values()}
        unused = [h for h in rng.sample(UNUSED[part.table], rng.choice([0, 0, 1, 2])) if h.casefold() not in taken]
        columns = [("field", f) for f in part.fields] + [("unused", h) for h in unused + part.ignore]
        if part.faults & {"set-and-column"}:
            columns += [("over", f) for f in part.given]
        if "columns-and-heading" in self.edge:
            columns += [("over", f) for f in part.columns]
        if "empty-headings" in self.edge:
            columns += [("none", "")]
        rng.shuffle(columns)
        if part.second is not None:
            columns.insert(rng.randint(0, columns.index(("field", part.second))), ("first", part.second))
        header = []
        for what, name in columns:
            if what in ("field", "first"):
                own = part.columns.get(name)
                known = [h for h in self.headings[part.table][name] if h not in part.ignore]
                heading = own.split("#")[0] if own else rng.choice(known)
                header.append(spell_heading(rng, heading, own is None))
            elif what == "over":
                header.append(spell_heading(rng, rng.choice(self.headings[part.table][name])))
            else:
                header.append(name or None)
        result = [header]
        for number, row in enumerate(part.rows):
            cells = []
            for what, name in columns:
                if what == "field":
                    cells.append(part.raw.get((number, name), self.cell(part, number, name, row[name], kind)))
                elif what == "over":
                    cells.append(self.rng.choice(["CN", "否", "online", "x"]))
                elif what == "none":
                    cells.append(None)
                else:
                    cells.append(self.rng.choice([None, "x", "备注", "12"]))
            result.append(cells)
        self.totals(part, columns, result)
        if chance(rng, 0.15):
            title = [rng.choice(["第137届广交会（导出）", "i-Invite export", "名单 2025"])] + [None] * (len(header) - 1)
            result.insert(0, title)
        return result

    def totals(self, part, columns, result):
        """Rows of totals and remarks, where nothing but them is meant."""
        rng = self.rng
        width = len(columns)
        at = rng.randrange(width) if chance(rng, 0.3) else 0
        lacking = [f for i, (what, f) in enumerate(columns) if what == "field" and i != at and f in REQUIRED[part.table]
                   and "" not in part.words.get(f, {})]
        # Whether remarks are skipped in a sheet of which no row is used is open.
        if not lacking or all(row.get("exhibitor") in STRANGERS for row in part.rows):
            return

        def row(text):
            cells = [None] * width
            cells[at] = text
            after = [i for i in range(at + 1, width) if columns[i][1] not in lacking]
            if after and chance(rng, 0.5):
                cells[rng.choice(after)] = rng.choice(["120", "x", "2025-04-30"])
            return cells

        if chance(rng, 0.12):
            for _ in range(rng.choice([1, 1, 3])):
                text = rng.choice(["合计", "小计", "总计", "Total", "Subtotal", "合计：120", "合计:", "小计12", "Total: 5", "Subtotal 7", "总计 9家"])
                result.insert(rng.randint(2, len(result)), row(text))
        if chance(rng, 0.12):
            for text in rng.sample(["注：系统导出", "备注：含线上", "制表人：陈伟", "审核：李娜", "Note: exported", "制表：王五"], rng.randint(1, 2)):
                result.append(row(text))
        if "remark-in-the-middle" in part.faults:
            result.insert(2, row("备注：以下为线上"))

    def blanks(self, rows, make):
        """Puts blank rows somewhere after the heading."""
        rng = self.rng
        for _ in range(rng.choice([0, 0, 1, 3])):
            rows.insert(rng.randint(min(3, len(rows)), len(rows)), make())
        return rows

    def write_csv(self, part):
        rng = self.rng
        delimiter = rng.choice([",", ";", "\t"])
        grid = self.grid(part, "csv")
        width = len(grid[0])
        lines = []
        quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        end = rng.choice(["\n", "\r\n"])
        for row in grid:
            out = io.StringIO()
            cells = ["" if cell is None else str(cell) for cell in row]
            if "short-rows" in self.edge and row is not grid[0]:
                while len(cells) > 1 and cells[-1] == "":
                    cells.pop()
            csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerow(cells)
            lines.append(out.getvalue())

        def blank():
            choices = ["", delimiter * (width - 1)]
            if "white-rows" in self.edge:
                choices += [" ", "  " + delimiter * (width - 1)]
            return rng.choice(choices) + end

        self.blanks(lines, blank)
        if "blank-before-heading" in self.edge:
            lines.insert(0, end)
        text = "".join(lines)
        if chance(rng, 0.2) and not lines[-1].strip("\r\n") == "":
            text = text[:-len(end)]  # the last line need not end
        encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030", "gb18030"])
        if encoding == "gb18030" and not self.may_be_gb18030(part, grid, text):
            encoding = "utf-8"
        if part.entry is not None and chance(rng, 0.1):
            for named in rng.sample(["shift_jis", "euc-kr", "big5"], 3):
                if survives(text, named):
                    encoding = part.entry["encoding"] = named
                    break
        bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
        self.texts[part.name] = bom + text.encode({"shift_jis": "cp932"}.get(encoding, encoding))

    def may_be_gb18030(self, part, grid, text):
        """Whether the encoding can be told from the headings; `encoding` says it where it cannot."""
        if not safe_for_gb18030(text):
            return False
        fields = judge.field_headings(part.table)
        keys = [judge.without_brackets(judge.heading_key(heading)) for row in grid[:2] for heading in row if isinstance(heading, str)]
        plain = text.isascii()
        told = any(key in fields and not key.isascii() for key in keys)
        if part.entry is not None and not plain and (not told or chance(self.rng, 0.3)):
            part.entry["encoding"] = "gb18030"
            return True
        return told

    def write_yaml(self, part):
        rng = self.rng
        items = []
        for number, row in enumerate(part.rows):
            item = {}
            for field in part.fields:
                value = part.raw.get((number, field), self.cell(part, number, field, row[field], "yaml"))
                if value is not None or chance(rng, 0.2):
                    item[field] = value
            if "yaml-extra-keys" in self.edge and chance(rng, 0.2):
                item["remark"] = "x"
            items.append(item)
        if "yaml-blank-items" in self.edge:
            items.insert(rng.randint(0, len(items)), {part.fields[0]: rng.choice([None, ""])})
        self.texts[part.name] = yaml_text(items).encode("utf-8")

    def write_xlsx(self, part):
        grid = self.grid(part, "xlsx")
        rows = self.blanks(grid[:-1], lambda: [None] * len(grid[0])) + grid[-1:] if len(grid) > 1 else grid
        self.books.setdefault(part.name, []).append((part.sheet, False, rows))

    def garbage(self, table):
        """A hidden sheet, whose rows would count if it were read."""
        header = [self.rng.choice(words) for words in self.headings[table].values()]
        return [header] + [["x"] * len(header)] * 2

    def sources(self, broken):
        """Chooses the files; gives the `sources` of fair.yaml and all parts."""
        rng = self.rng
        result = {}
        everything = []
        for table in rng.sample(list(self.tables), len(self.tables)):
            rows = self.tables[table]
            if table == "penalties" and not rows and chance(rng, 0.6):
                result[table] = "none"
                continue
            entries = []
            parts = self.plan(table, rows)
            csv_parts = [p for p in parts if p.format == "csv" and not p.given]
            if len(csv_parts) > 1 and lack_the_same(csv_parts) and chance(rng, 0.7):
                self.choose_fields(csv_parts, True)
                numbers = rng.sample([1, 2, 3, 10, 20, 100], len(csv_parts))
                for part, number in zip(csv_parts, numbers):
                    part.name = f"{table}-{number}.csv"
                entries.append((self.entry(csv_parts[0], f"{table}-*.csv"), csv_parts))
                parts = [p for p in parts if p not in csv_parts]
            books = [p for p in parts if p.format == "xlsx"]
            if len(books) > 1 and chance(rng, 0.5) and all(p.given == books[0].given for p in books) and lack_the_same(books):
                self.choose_fields(books, True)  # several visible sheets, none named
                for n, part in enumerate(books):
                    part.name, part.sheet = f"{table}.xlsx", f"表{n + 1}"
                entries.append((self.entry(books[0], f"{table}.xlsx"), books))
                if chance(rng, 0.6):
                    self.books.setdefault(f"{table}.xlsx", []).append(("隐藏", True, self.garbage(table)))
                if "empty-sheet" in self.edge:
                    self.books.setdefault(f"{table}.xlsx", []).append(("Sheet9", False, []))
                parts = [p for p in parts if p not in books]
            shared = chance(rng, 0.4)
            for n, part in enumerate(parts):
                self.choose_fields([part], part.format != "yaml")
                if part.format == "xlsx":
                    part.name = "all.xlsx" if shared else f"{table}_{n}.xlsx"
                    part.sheet = f"{table}{n}" if shared else rng.choice(["Sheet1", "现场", "数据"])
                    entry = self.entry(part, part.name)
                    if shared or chance(rng, 0.4):
                        entry["sheet"] = part.sheet
                    if not shared and chance(rng, 0.3):
                        self.books.setdefault(part.name, []).append(("hidden", True, self.garbage(table)))
                else:
                    part.name = f"{table}_{n}.{part.format}"
                    entry = self.entry(part, part.name)
                part.entry = entry
                entries.append((entry, [part]))
            rng.shuffle(entries)
            result[table] = [entry for entry, _parts in entries]
            for _entry, its_parts in entries:
                everything.extend(its_parts)
        expected = self.break_something(everything, result) if broken else None
        for part in everything:
            {"csv": self.write_csv, "yaml": self.write_yaml, "xlsx": self.write_xlsx}[part.format](part)
        return result, expected

    @staticmethod
    def entry(part, name):
        entry = {"file": name}
        said = {"set": part.given, "columns": part.columns, "values": part.words, "absent": part.absent, "ignore": part.ignore,
                "digits": part.digits}
        entry.update({option: value for option, value in said.items() if value})
        return entry

    # -- faults

    def break_something(self, parts, sources):
        """Puts one fault in; gives the name of its file."""
        rng = self.rng
        faults = ["country", "status", "channel", "first_time", "date", "no-value", "unknown-exhibitor", "second-exhibitor",
                  "no-identity", "no-column", "no-file", "no-match", "number-for-code", "error-cell", "formula", "no-sheet",
                  "penalty-number", "no-name", "fair-number", "set-and-column", "two-columns", "one-column-twice",
                  "absent-and-there", "no-deciding-column", "no-penalties", "remark-in-the-middle", "rounded-code", "long-code",
                  "taken-twice", "same-bytes", "same-rows", "many-rows-again", "only-yes"]
        rng.shuffle(faults)
        for fault in faults:
            name = self.try_fault(fault, parts, sources)
            if name is not None:
                return name, fault
        raise AssertionError("no fault fits")

    def try_fault(self, fault, parts, sources):
        rng = self.rng

        def place(table, field, formats=("csv", "xlsx", "yaml"), also=lambda row: True):
            """A part and a row of it in which the field is written as a cell."""
            found = [(p, n) for p in parts if p.table == table and field in p.fields and p.format in formats
                     for n, row in enumerate(p.rows) if also(row)]
            return rng.choice(found) if found else (None, None)

        def put(table, field, bad, **more):
            part, number = place(table, field, **more)
            if part is None:
                return None
            part.raw[(number, field)] = bad
            return part.name

        listed = sorted(table for table, entries in sources.items() if entries != "none")
        if fault == "country":
            return put("attendance", "country", rng.choice(["Atlantis", "XX", "亚特兰蒂斯", "1"]))
        if fault == "status":
            return put("invitations", "status", rng.choice(["delivered", "已读", "?"]))
        if fault == "channel":
            return put("attendance", "channel", rng.choice(["hybrid", "场外"]))
        if fault == "first_time":
            return put("attendance", "first_time", rng.choice(["maybe", "2", "也许"]))
        if fault == "date":
            table, field = rng.choice([("invitations", "sent_on"), ("attendance", "seen_on")])
            return put(table, field, rng.choice(["2025-02-30", "yesterday", "2025-13-01", "15.04.2025x"]))
        if fault == "no-value":
            table, field = rng.choice([("invitations", "status"), ("attendance", "country"), ("attendance", "first_time"),
                                       ("attendance", "channel")])
            if any("" in p.words.get(field, {}) for p in parts if p.table == table):
                return None
            return put(table, field, None, also=lambda row: row.get("exhibitor") or row.get("buyer"))
        if fault == "unknown-exhibitor":
            return put("invitations", "exhibitor", "NOBODY-1")
        if fault == "second-exhibitor":
            part, number = place("exhibitors", "exhibitor")
            part.rows = part.rows + [dict(part.rows[number], name_zh="另一家公司")]
            return part.name
        if fault == "no-identity":
            whole = [p for p in parts if p.table == "attendance" and "buyer" in p.fields and p.rows]
            if not whole:
                return None
            part = rng.choice(whole)
            row = dict(rng.choice(part.rows), buyer=None, email=rng.choice([None, "nobody", "a@b@c.example"]), attended=None)
            if "email" not in part.fields:
                row["email"] = None
            if "attended" in part.given:
                return None
            part.rows = part.rows + [row]
            return part.name
        if fault == "no-column":
            found = [(p, f) for p in parts for f in REQUIRED[p.table] if f in p.fields and f not in p.columns
                     and p.format != "yaml" and len(p.fields) > 1 and p.rows]
            if not found:
                return None
            part, field = rng.choice(found)
            part.fields = [f for f in part.fields if f != field]
            return part.name
        if fault == "no-file":
            sources[rng.choice(listed)].append({"file": "missing.csv"})
            return "missing.csv"
        if fault == "no-match":
            sources[rng.choice(listed)].append({"file": "missing-*.csv"})
            return "missing-*.csv"
        if fault == "number-for-code":
            return put("invitations", "code", 1234, formats=("xlsx",))
        if fault == "error-cell":
            return put("invitations", rng.choice(["status", "code"]), ErrorCell("#N/A"), formats=("xlsx",))
        if fault == "formula":
            return put("invitations", "status", Formula('=CONCATENATE("se","nt")'), formats=("xlsx",))
        if fault == "no-sheet":
            found = [e for table in listed for e in sources[table] if e["file"].endswith(".xlsx") and "sheet" in e]
            if not found:
                return None
            entry = rng.choice(found)
            entry["sheet"] = "没有这个表"
            return entry["file"]
        if fault == "penalty-number":
            return put("penalties", "until_fair", "next year")
        if fault == "no-name":
            part, _ = place("exhibitors", "name_zh")
            if "exhibitor" in part.digits:
                return None
            part.rows = part.rows + [dict(part.rows[0], exhibitor="NAMELESS-1", name_zh=None)]
            return part.name
        if fault == "fair-number":
            return put("exhibitors", "fairs", rng.choice(["136137", "1136;137", "0", "136,140", "第2025届"]))
        if fault == "rounded-code":
            return put("invitations", "code", rng.choice(["1.23457E+15", "2.02504E+11"]), formats=("csv",))
        if fault == "no-penalties":
            del sources["penalties"]
            return "fair.yaml"

        def alone(table, also=lambda part: True, formats=("csv", "xlsx")):
            """A part that has an entry of its own, and rows."""
            found = [p for p in parts if p.table == table and p.entry is not None and p.format in formats and len(p.rows) > 3 and also(p)]
            return rng.choice(found) if found else None

        table = rng.choice(["exhibitors", "invitations", "attendance"])
        if fault == "set-and-column":
            part = alone(table, lambda part: part.given)
        elif fault == "long-code":
            part = alone(table, lambda part: part.digits, ("xlsx",))
            if part is not None:
                part.entry["digits"] = {field: n - 1 for field, n in part.digits.items()}
                if max(int(row["exhibitor"]) for row in part.rows) < 10 ** (part.digits["exhibitor"] - 1):
                    return None
        elif fault == "one-column-twice":
            part = alone(table, lambda part: part.columns and not part.second)
            if part is not None:
                other = rng.choice([f for f in part.fields if f not in part.columns] or [None])
                if other is None:
                    return None
                part.entry["columns"] = {**part.columns, other: rng.choice(sorted(part.columns.values()))}
        elif fault == "two-columns":
            part = alone(table, lambda part: len(part.ignore) > 0)
            if part is not None:
                del part.entry["ignore"]
        elif fault == "absent-and-there":
            part = alone(table, lambda part: any(f in part.fields and not is_lacking(part, f) for f in DECIDING[table]))
            if part is not None:
                there = [f for f in DECIDING[table] if f in part.fields and not is_lacking(part, f)]
                part.entry["absent"] = part.absent + [rng.choice(there)]
        elif fault == "no-deciding-column":
            part = alone(table, lambda part: set(part.absent) - set(UNDER_A_POLICY), ("csv", "xlsx", "yaml"))
            if part is not None:
                part.entry["absent"] = [f for f in part.absent if f in UNDER_A_POLICY]
        elif fault == "remark-in-the-middle":
            part = alone(table, lambda part: all(f in part.fields for f in REQUIRED[table]) and not part.words)
        elif fault == "only-yes":
            part = alone("attendance", lambda part: "attended" in part.fields and "attended" not in part.words)
            if part is not None:
                for number in range(len(part.rows)):
                    part.raw[(number, "attended")] = None if number else rng.choice(ATTENDED[True])
        elif fault == "taken-twice":
            part = alone("invitations", formats=("csv", "xlsx", "yaml"))
            if part is not None:
                sources["invitations"].append(dict(part.entry))
        elif fault == "same-bytes":
            part = alone("invitations", formats=("csv", "yaml"))
            if part is not None:
                self.copies.append((part.name, "again-" + part.name))
                sources["invitations"].append(dict(part.entry, file="again-" + part.name))
        elif fault in ("same-rows", "many-rows-again"):
            part = alone("invitations", lambda part: len(part.rows) >= 20, ("csv", "xlsx", "yaml"))
            if part is not None:
                rows = part.rows if fault == "same-rows" else rng.sample(part.rows, len(part.rows) // 2)
                again = Part("invitations", rows)
                again.format, again.name = "csv", "second-download.csv"
                self.choose_fields([again], False)
                again.entry = self.entry(again, again.name)
                parts.append(again)
                sources["invitations"].append(again.entry)
        if part is None:
            return None
        part.faults.add(fault)
        return part.name

    # -- files

    def save(self):
        for name, data in self.texts.items():
            (self.folder / name).write_bytes(data)
        for name, copy in self.copies:
            (self.folder / copy).write_bytes((self.folder / name).read_bytes())
        for name, sheets in self.books.items():
            self.save_book(self.folder / name, sheets)

    def save_book(self, path, sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, hidden, rows in sheets:
            sheet = book.create_sheet(title)
            if hidden:
                sheet.sheet_state = "hidden"
            for r, row in enumerate(rows, start=1):
                for c, value in enumerate(row, start=1):
                    if value is None:
                        continue
                    cell = sheet.cell(r, c)
                    if isinstance(value, ErrorCell):
                        cell.value = value.text
                        cell.data_type = "e"
                    elif isinstance(value, Formula):
                        cell.value = value.text
                    elif isinstance(value, ZeroPadded):
                        cell.value = int(value.text)
                        cell.number_format = "0" * len(value.text)
                    else:
                        cell.value = value
                        if isinstance(value, str):
                            cell.data_type = "s"
        book.active = next(i for i, (_t, hidden, _r) in enumerate(sheets) if not hidden)
        out = io.BytesIO()
        book.save(out)
        # The same bytes at any time of day.
        with zipfile.ZipFile(out) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                data = source.read(name)
                if name == "docProps/core.xml":
                    data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2025-05-06T00:00:00Z", data)
                target.writestr(zipfile.ZipInfo(name, (2025, 5, 6, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def is_lacking(part, field):
    return bool(part.rows) and all(row[field] is None for row in part.rows)


def lack_the_same(parts):
    """Whether parts can share one entry: what has no value in one of them has none in the others."""
    return all(is_lacking(part, field) == is_lacking(parts[0], field) for part in parts for field in DECIDING[part.table])


PLACEHOLDERS = judge.read_placeholders(judge.SHIPPED_RULEBOOK)


def share_rows(parts):
    """Whether so many rows of a part may be said to occur in another that it is no fair to compare on."""
    keys = [[(row["exhibitor"], row["status"], PLACEHOLDERS.code_key(row["code"]), PLACEHOLDERS.company_key(row["company"]),
              PLACEHOLDERS.email_key(row["email"])) for row in part.rows] for part in parts]
    for i, own in enumerate(keys):
        others = {key for j, other in enumerate(keys) if j != i for key in other}
        if 12 * sum(1 for key in own if key in others) > len(own):
            return True
    return False


def survives(text, encoding):
    try:
        return text.encode(judge.ENCODINGS[encoding]).decode(judge.ENCODINGS[encoding]) == text
    except UnicodeError:
        return False


class ZeroPadded:
    """A number in a cell whose format is all zeros."""

    def __init__(self, text):
        self.text = text


class ErrorCell:
    def __init__(self, text):
        self.text = text


class Formula:
    def __init__(self, text):
        self.text = text


def yaml_text(value):
    """JSON that is YAML too: what cannot be printed is escaped, and no character as two surrogates."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return "".join(
        f"\\u{ord(c):04x}" if ord(c) < 0x10000 and ord(c) > 0x7E and unicodedata.category(c) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "Co")
        else c for c in text) + "\n"


# --------------------------------------------------------------------------------------------------

EDGES = [
    "loose-words", "country-names", "white-cells", "white-rows", "loose-fairs", "spaced-exhibitors", "short-rows",
    "blank-before-heading", "columns-and-heading", "empty-headings", "empty-sheet", "yaml-extra-keys",
    "yaml-blank-items", "penalty-headings", "stranger-penalty", "final-sigma", "empty-number", "loose-names",
]


def add_edges(rng, tables, edge):
    if "stranger-penalty" in edge:
        tables["penalties"].append({"exhibitor": "STRANGER-9", "reason": None, "from_fair": 137, "until_fair": 137})
    if "final-sigma" in edge:
        for row in rng.sample(tables["invitations"], len(tables["invitations"]) // 5):
            row["email"] = rng.choice(["ΟΔΟΣ@x.example", "οδος@x.example", "οδοσ@X.example", "odos@ΟΔΟΣ"])
        for row in rng.sample(tables["attendance"], len(tables["attendance"]) // 5):
            row["email"] = rng.choice(["ΟΔΟΣ@x.example", "οδος@x.example", "οδοσ@X.example", "odos@οδος"])
    if "empty-number" in edge:
        for row in tables["attendance"]:
            if row["buyer"] is None:
                row["buyer"] = rng.choice(["\u200b", "\u2060\u00ad"])
    if "loose-names" in edge:
        for row in tables["invitations"]:
            if row["buyer_name"] is not None and chance(rng, 0.3):
                row["buyer_name"] = rng.choice([row["buyer_name"].upper(), row["buyer_name"] + " ", full_width(rng, row["buyer_name"], 1)])


def add_strangers(rng, tables):
    """Letters of exhibitors that withdrew, and that it is meant."""
    if any(re.fullmatch("[0-9]+", row["exhibitor"]) for row in tables["exhibitors"]):
        name = STRANGERS[0]
    else:
        name = STRANGERS[1]
    count = rng.randint(1, 5)
    for _ in range(count):
        letter = dict(rng.choice(tables["invitations"]), exhibitor=name)
        tables["invitations"].insert(rng.randint(0, len(tables["invitations"])), letter)
    return [{"finding": "unknown-exhibitor", "count": count, "awards": 0, "because": "withdrew"}]


def write_root(root, seed, index, use_edge, broken):
    rng = random.Random(f"{seed}/{index}/{'edge' if use_edge else ''}/{'broken' if broken else ''}")
    folder = root / "data" / "fairs" / str(FAIR)
    folder.mkdir(parents=True)
    tables = make_large(rng) if index % 10 == 7 and not broken else make_small(rng)
    edge = set()
    if use_edge:
        names = sorted(rng.sample(EDGES, rng.randint(1, 2)))
        edge = set(names)
        add_edges(rng, tables, edge)
        (root / "edge").write_text("\n".join(names) + "\n", encoding="utf-8")
    accepted = add_strangers(rng, tables) if chance(rng, 0.15) else []
    writer = Writer(rng, folder, edge, tables)
    sources, expected = writer.sources(broken)
    writer.save()
    settings = {"fair": FAIR, "previous_fair": 136, "rulebook": {"id": "i-invite", "version": 1}, "sources": sources}
    if accepted:
        settings["accepted"] = accepted
    (folder / "fair.yaml").write_text(yaml_text(settings), encoding="utf-8")
    if expected is not None:
        (root / "expect-refused").write_text(expected[0] + "\n", encoding="utf-8")
        (root / "expect-why").write_text(expected[1] + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", metavar="OUT", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--edge", action="store_true")
    parser.add_argument("--broken", action="store_true")
    arguments = parser.parse_args()
    if arguments.out.exists() and any(arguments.out.iterdir()):
        print(f"fairs.py: {arguments.out} is not empty", file=sys.stderr)
        return 2
    for index in range(arguments.count):
        write_root(arguments.out / f"{index:04d}", arguments.seed, index, arguments.edge, arguments.broken)
    return 0


if __name__ == "__main__":
    sys.exit(main())
