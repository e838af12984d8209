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

try:
    import openpyxl
except ImportError:
    openpyxl = None

FAIR = 137
OPENING = datetime.date(2025, 4, 15)

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
        "email": ["email", "buyer_email", "邮箱", "邮箱地址", "电子邮箱"],
        "sent_on": ["sent_on", "sent_at", "发送时间", "发送日期"],
        "status": ["status", "发送状态", "状态"],
    },
    "attendance": {
        "buyer": ["buyer", "buyer_id", "采购商编号"],
        "name": ["name", "buyer_name", "姓名"],
        "company": ["company", "buyer_company", "公司名", "采购商公司名", "公司名称"],
        "email": ["email", "buyer_email", "邮箱", "邮箱地址", "电子邮箱"],
        "code": ["code", "invitation_code", "邀请函编码", "邀请码"],
        "country": ["country", "国家地区", "国家/地区", "国家或地区"],
        "channel": ["channel", "参会方式"],
        "first_time": ["first_time", "是否首次", "首次参会"],
        "attended": ["attended", "是否到会"],
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
NOT_EMAILS = ["nobody", "a@b@c.example", "@example.com", "someone@", "@", "a＠b＠c", " @ x.example", "x.example", "\u200b@\u200b", "无"]
NAMES = ["Ana", "Boris", "陈伟", "Dörte", "Émile", "فاطمة", "Giorgos", "花子", "Ivan", "José", "Kofi", "李娜"]
HAN = "华东新远大同和泰恒瑞通达"


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
    return sprinkle(rng, full_width(rng, email, rng.choice([0, 0, 0.3, 1])), WHITE + FORMAT)


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
        numbered = chance(rng, 0.85)
        if not numbered:
            number = None
        elif chance(rng, 0.1):
            email = rng.choice(NOT_EMAILS + [None])
        new = False if all_regular else chance(rng, 0.6)
        first = OPENING + datetime.timedelta(days=rng.randint(0, 18))
        own = []
        for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4])):
            row = {
                "buyer": None if number is None else respell_number(rng, number),
                "name": rng.choice(NAMES + [None]),
                "company": None if company is None else respell_company(rng, company),
                "email": None if email is None else (respell_email(rng, email) if email in emails else email),
                "code": respell_code(rng, make_code(rng, rng.randrange(10 * count))) if chance(rng, 0.4) else None,
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
            and row[way] not in NOT_NAMES and row[way] not in NOT_EMAILS]
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
                                                            [1136, 1137], [13, 6, 137]])
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


def spell_heading(rng, heading):
    if chance(rng, 0.5):
        heading = any_case(rng, heading)
    if chance(rng, 0.3):
        heading = full_width(rng, heading, rng.choice([0.4, 1]))
    if chance(rng, 0.3):
        heading = heading.replace("_", rng.choice([" ", "", "__", "＿"]))
    if chance(rng, 0.3):
        heading = sprinkle(rng, heading, [" ", "_", "\u3000", "\u00a0"], 2)
    return heading


class Part:
    """Some rows of a table, in one sheet of one file."""

    def __init__(self, table, rows):
        self.table = table
        self.rows = rows
        self.columns = {}  # field: heading, as fair.yaml will say
        self.given = {}  # field: word, as fair.yaml will say
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

    def cell(self, field, value, kind):
        """kind: csv, xlsx or yaml."""
        rng = self.rng
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
            return self.word(YES if value else NO)
        if field in ("sent_on", "seen_on"):
            text = rng.choice([value.isoformat(), f"{value.year}/{value.month}/{value.day}",
                               f"{value.isoformat()} {rng.choice(['00:00:00', '09:30:15', '23:59:59'])}"])
            if kind == "xlsx" and chance(rng, 0.6):
                hour = rng.choice([0, 0, 9, 23])
                return rng.choice([value, datetime.datetime(value.year, value.month, value.day, hour, 59 if hour else 0)])
            return text
        if field == "fairs":
            if kind == "yaml" and chance(rng, 0.7):
                return value
            if kind == "xlsx" and len(value) == 1 and chance(rng, 0.5):
                return value[0]
            between = rng.choice([";", "；", "、", "; ", "； "])
            text = between.join(str(n) for n in value)
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
        parts = []
        for group in groups:
            cuts = sorted(rng.sample(range(1, len(group)), min(rng.choice([0, 0, 1, 2]), len(group) - 1))) if len(group) > 1 else []
            for a, b in zip([0] + cuts, cuts + [len(group)]):
                parts.append(Part(table, group[a:b]))
        parts = [part for part in parts if part.rows] or [Part(table, [])]
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
            for field, heading in zip(rng.sample(fields, min(len(fields), rng.randint(1, 2))), own):
                columns[field] = heading
        for part in parts:
            part.fields = rng.sample(fields, len(fields))
            part.columns = columns

    def grid(self, part, kind):
        """Heading row and rows of a part, with unused columns, blank rows."""
        rng = self.rng
        taken = {unicodedata.normalize("NFKC", h).casefold() for h in part.columns.values()}
        unused = [h for h in rng.sample(UNUSED[part.table], rng.choice([0, 0, 1, 2])) if h.casefold() not in taken]
        columns = [("field", f) for f in part.fields] + [("unused", h) for h in unused]
        if "set-and-column" in self.edge:
            columns += [("over", f) for f in part.given]
        if "columns-and-heading" in self.edge:
            columns += [("over", f) for f in part.columns]
        if "empty-headings" in self.edge:
            columns += [("none", "")]
        rng.shuffle(columns)
        header = []
        for what, name in columns:
            if what == "field":
                header.append(spell_heading(rng, part.columns.get(name) or rng.choice(self.headings[part.table][name])))
            elif what == "over":
                header.append(spell_heading(rng, rng.choice(self.headings[part.table][name])))
            else:
                header.append(name or None)
        result = [header]
        for number, row in enumerate(part.rows):
            cells = []
            for what, name in columns:
                if what == "field":
                    cells.append(part.raw.get((number, name), self.cell(name, row[name], kind)))
                elif what == "over":
                    cells.append(self.rng.choice(["CN", "否", "online", "x"]))
                elif what == "none":
                    cells.append(None)
                else:
                    cells.append(self.rng.choice([None, "x", "备注", "12"]))
            result.append(cells)
        return result

    def blanks(self, rows, make):
        """Puts blank rows somewhere after the heading."""
        rng = self.rng
        for _ in range(rng.choice([0, 0, 1, 3])):
            rows.insert(rng.randint(1, len(rows)), make())
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
        encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030"])
        if encoding == "gb18030" and not safe_for_gb18030(text):
            encoding = "utf-8"
        bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
        self.texts[part.name] = bom + text.encode(encoding)

    def write_yaml(self, part):
        rng = self.rng
        items = []
        for number, row in enumerate(part.rows):
            item = {}
            for field in part.fields:
                value = part.raw.get((number, field), self.cell(field, row[field], "yaml"))
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
                if chance(rng, 0.5) and "no-sources" in self.edge:
                    result[table] = []
                continue
            entries = []
            parts = self.plan(table, rows)
            csv_parts = [p for p in parts if p.format == "csv" and not p.given]
            if len(csv_parts) > 1 and chance(rng, 0.7):
                self.choose_fields(csv_parts, True)
                numbers = rng.sample([1, 2, 3, 10, 20, 100], len(csv_parts))
                for part, number in zip(csv_parts, numbers):
                    part.name = f"{table}-{number}.csv"
                entries.append((self.entry(csv_parts[0], f"{table}-*.csv"), csv_parts))
                parts = [p for p in parts if p not in csv_parts]
            books = [p for p in parts if p.format == "xlsx"]
            if len(books) > 1 and chance(rng, 0.5) and all(p.given == books[0].given for p in books):
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
        if part.given:
            entry["set"] = part.given
        if part.columns:
            entry["columns"] = part.columns
        return entry

    # -- faults

    def break_something(self, parts, sources):
        """Puts one fault in; gives the name of its file."""
        rng = self.rng
        faults = ["country", "status", "channel", "first_time", "date", "no-value", "unknown-exhibitor", "second-exhibitor",
                  "no-identity", "no-column", "no-file", "no-match", "number-for-code", "error-cell", "formula", "no-sheet",
                  "penalty-number", "no-name"]
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
            sources[rng.choice(sorted(sources))].append({"file": "missing.csv"})
            return "missing.csv"
        if fault == "no-match":
            sources[rng.choice(sorted(sources))].append({"file": "missing-*.csv"})
            return "missing-*.csv"
        if fault == "number-for-code":
            return put("invitations", "code", 1234, formats=("xlsx",))
        if fault == "error-cell":
            return put("invitations", rng.choice(["status", "code"]), ErrorCell("#N/A"), formats=("xlsx",))
        if fault == "formula":
            return put("invitations", "status", Formula('=CONCATENATE("se","nt")'), formats=("xlsx",))
        if fault == "no-sheet":
            found = [e for table in sorted(sources) for e in sources[table] if e["file"].endswith(".xlsx") and "sheet" in e]
            if not found:
                return None
            entry = rng.choice(found)
            entry["sheet"] = "没有这个表"
            return entry["file"]
        if fault == "penalty-number":
            return put("penalties", "until_fair", "next year")
        if fault == "no-name":
            part, _ = place("exhibitors", "name_zh")
            part.rows = part.rows + [dict(part.rows[0], exhibitor="NAMELESS-1", name_zh=None)]
            return part.name
        raise AssertionError(fault)

    # -- files

    def save(self):
        for name, data in self.texts.items():
            (self.folder / name).write_bytes(data)
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
    "blank-before-heading", "set-and-column", "columns-and-heading", "empty-headings", "empty-sheet", "yaml-extra-keys",
    "yaml-blank-items", "penalty-headings", "stranger-penalty", "final-sigma", "empty-number", "loose-names", "no-sources",
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
    writer = Writer(rng, folder, edge, tables)
    sources, expected = writer.sources(broken)
    writer.save()
    settings = {"fair": FAIR, "previous_fair": 136, "rulebook": {"id": "i-invite", "version": 1}, "sources": sources}
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
