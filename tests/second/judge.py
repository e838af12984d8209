#!/usr/bin/env python3
"""A second, independent implementation of the award rules, written from the contract alone.

    judge.py ROOT FAIR [--policy NAME=CHOICE]...   the results of one fair, as JSON (without `rulebook`)
    judge.py --many OUT [--pairs]                  every root below OUT under every policy, one JSON a line

Exit status: 0 results printed; 1 the fair has a row or a file that must be refused; 2 wrong command line.

Plain and slow on purpose. No floating point: every number is an int or a Fraction.
"""

import csv
import datetime
import io
import json
import re
import sys
import unicodedata
from fractions import Fraction
from pathlib import Path

# --------------------------------------------------------------------------------------------------
# Policies: the first of each list is the choice of the 137th's rulebook, the others the alternatives.

POLICIES = {
    "invitation-unit": ["row", "distinct-recipients"],
    "new-or-regular": ["deciding-rows", "any-new", "any-regular"],
    "invited-before-arrival": ["not-required", "required"],
    "two-latest-fairs": ["award", "pool"],
    "ties": ["competition", "max", "average"],
    "rounding": ["half-up", "half-even", "none"],
    "zero-percent": ["first-band", "no-band"],
    "zero-count": ["as-ranked", "lowest-band"],
    "struck-off": ["hold-harmless", "freeze", "rerank"],
    "notice-first-day": ["counts", "next-day"],
}


def default_policies():
    return {name: choices[0] for name, choices in POLICIES.items()}


MINIMUM_INVITATIONS = 10
MINIMUM_BUYERS = 5
BANDS = [(20, 100), (40, 80), (60, 60), (80, 40), (100, 20)]  # (up to this percent, points)
LOWEST_BAND_POINTS = 20
WEIGHTS = {"invitations": Fraction(10, 100), "new": Fraction(70, 100), "regular": Fraction(20, 100)}
GOLD_FROM = 80
SILVER_FROM = 60

NOT_A_NAME = [
    "n/a", "na", "none", "nil", "null", "no", "unknown", "individual", "personal", "private", "self",
    "self-employed", "freelance", "无", "没有", "暂无", "个人", "个体", "自由职业", "不详", "未知", "-", "/",
]

# --------------------------------------------------------------------------------------------------
# The tables: field, required, kind, headings.

STATUS_WORDS = {
    "sent": "sent", "成功": "sent", "发送成功": "sent",
    "failed": "failed", "失败": "failed",
    "bounced": "bounced", "退信": "bounced",
    "withdrawn": "withdrawn", "撤回": "withdrawn",
}
CHANNEL_WORDS = {"onsite": "onsite", "线下": "onsite", "现场": "onsite", "online": "online", "线上": "online"}
YES_NO_WORDS = {
    "yes": True, "y": True, "是": True, "true": True, "1": True,
    "no": False, "n": False, "否": False, "false": False, "0": False,
}

EXHIBITOR_HEADINGS = ["exhibitor", "exhibitor_id", "企业编号", "参展商编号"]
COMPANY_HEADINGS = ["company", "buyer_company", "公司名", "采购商公司名", "公司名称"]
EMAIL_HEADINGS = ["email", "buyer_email", "邮箱", "邮箱地址", "电子邮箱"]
CODE_HEADINGS = ["code", "invitation_code", "邀请函编码", "邀请码"]

TABLES = {
    "exhibitors": {
        "exhibitor": (True, "identifier", EXHIBITOR_HEADINGS),
        "name_zh": (True, "text", ["name_zh", "企业名称", "公司名称"]),
        "name_en": (False, "text", ["name_en", "企业英文名称", "英文名称"]),
        "delegation": (False, "text", ["delegation", "交易团"]),
        "sections": (False, "text", ["sections", "section", "展区"]),
        "booths": (False, "text", ["booths", "booth", "展位号", "展位"]),
        "fairs": (False, "fairs", ["fairs", "参展届次"]),
        "website": (False, "text", ["website", "网址"]),
    },
    "invitations": {
        "exhibitor": (True, "identifier", EXHIBITOR_HEADINGS),
        "code": (False, "identifier", CODE_HEADINGS),
        "buyer_name": (False, "text", ["buyer_name", "采购商姓名", "姓名"]),
        "company": (False, "text", COMPANY_HEADINGS),
        "email": (False, "text", EMAIL_HEADINGS),
        "sent_on": (False, "date", ["sent_on", "sent_at", "发送时间", "发送日期"]),
        "status": (True, "status", ["status", "发送状态", "状态"]),
    },
    "attendance": {
        "buyer": (False, "identifier", ["buyer", "buyer_id", "采购商编号"]),
        "name": (False, "text", ["name", "buyer_name", "姓名"]),
        "company": (False, "text", COMPANY_HEADINGS),
        "email": (False, "text", EMAIL_HEADINGS),
        "code": (False, "identifier", CODE_HEADINGS),
        "country": (True, "country", ["country", "国家地区", "国家/地区", "国家或地区"]),
        "channel": (True, "channel", ["channel", "参会方式"]),
        "first_time": (True, "yes-no", ["first_time", "是否首次", "首次参会"]),
        "attended": (False, "yes-no", ["attended", "是否到会"]),
        "seen_on": (False, "date", ["seen_on", "参会日期", "到会日期"]),
    },
    "penalties": {
        "exhibitor": (True, "identifier", EXHIBITOR_HEADINGS),
        "reason": (False, "text", ["reason", "事由"]),
        "from_fair": (True, "number", ["from_fair", "起始届次"]),
        "until_fair": (True, "number", ["until_fair", "截止届次"]),
    },
}

COUNTRIES = {
    "CN": ["中国", "China"],
    "HK": ["中国香港", "香港", "Hong Kong", "中国香港特别行政区", "Hong Kong SAR China"],
    "MO": ["中国澳门", "澳门", "Macao", "Macau", "中国澳门特别行政区", "Macao SAR China"],
    "TW": ["中国台湾", "台湾", "Taiwan", "Taiwan, China"],
    "AE": ["阿联酋", "United Arab Emirates"],
    "AU": ["澳大利亚", "Australia"],
    "BR": ["巴西", "Brazil"],
    "CA": ["加拿大", "Canada"],
    "DE": ["德国", "Germany"],
    "EG": ["埃及", "Egypt"],
    "ES": ["西班牙", "Spain"],
    "FR": ["法国", "France"],
    "GB": ["英国", "United Kingdom"],
    "GR": ["希腊", "Greece"],
    "IN": ["印度", "India"],
    "IT": ["意大利", "Italy"],
    "JP": ["日本", "Japan"],
    "MX": ["墨西哥", "Mexico"],
    "MY": ["马来西亚", "Malaysia"],
    "NA": ["纳米比亚", "Namibia"],
    "NO": ["挪威", "Norway"],
    "RU": ["俄罗斯", "Russia"],
    "SG": ["新加坡", "Singapore"],
    "TH": ["泰国", "Thailand"],
    "US": ["美国", "United States"],
    "ZA": ["南非", "South Africa"],
}


class Fault(Exception):
    """Something that must be refused: nothing is published while there is one."""


# --------------------------------------------------------------------------------------------------
# Characters.

# The Unicode property White_Space (PropList.txt), complete. Not str.isspace(), which has U+001C..U+001F too.
WHITE_SPACE = frozenset(
    [chr(n) for n in range(0x0009, 0x000D + 1)]
    + [chr(0x0020), chr(0x0085), chr(0x00A0), chr(0x1680)]
    + [chr(n) for n in range(0x2000, 0x200A + 1)]
    + [chr(0x2028), chr(0x2029), chr(0x202F), chr(0x205F), chr(0x3000)]
)
WHITE_SPACE_TEXT = "".join(sorted(WHITE_SPACE))


def is_format(character):
    return unicodedata.category(character) == "Cf"


def nfkc(text):
    return unicodedata.normalize("NFKC", text)


def without_white_space_and_format(text):
    return "".join(c for c in text if c not in WHITE_SPACE and not is_format(c))


def trim(text):
    return text.strip(WHITE_SPACE_TEXT)


def buyer_number(text):
    """The number a buyer is compared by; None where there is none."""
    if text is None:
        return None
    return without_white_space_and_format(nfkc(text)) or None


def code_key(text):
    if text is None:
        return None
    return without_white_space_and_format(nfkc(text)).upper() or None


def email_key(text):
    if text is None:
        return None
    key = without_white_space_and_format(nfkc(text)).lower()
    parts = key.split("@")
    if len(parts) != 2 or parts[0] == "" or parts[1] == "":
        return None
    return key


def company_letters(text):
    folded = nfkc(text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LNM")


NOT_A_NAME_KEYS = frozenset(company_letters(text) for text in NOT_A_NAME) - {""}


def company_key(text):
    if text is None:
        return None
    key = company_letters(text)
    if key == "" or key in NOT_A_NAME_KEYS:
        return None
    return key


def heading_key(text):
    """A heading is matched after NFKC, case folding and removal of spaces and underscores."""
    folded = nfkc(text).casefold()
    return "".join(c for c in folded if c not in WHITE_SPACE and c != "_")


def word_key(text):
    return trim(nfkc(text)).casefold()


COUNTRY_WORDS = {}
for _code, _names in COUNTRIES.items():
    COUNTRY_WORDS[word_key(_code)] = _code
    for _name in _names:
        COUNTRY_WORDS[word_key(_name)] = _code

# --------------------------------------------------------------------------------------------------
# Files. Every reader gives a list of sheets; a sheet is (name, visible, rows); a row is a list of cells.
# A cell is None, a str, a bool, an int or float, a datetime.date or datetime.datetime, or a BadCell.


class BadCell:
    """An error cell, or a formula without a stored result."""

    def __init__(self, what):
        self.what = what


def decode(data):
    if data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    elif data.startswith(b"\xff\xfe") or data.startswith(b"\xfe\xff"):
        encoding = "utf-16"
    else:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            encoding = "gb18030"
    return data.decode(encoding)


def parse_csv(text, delimiter):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def read_csv(path, known_headings):
    """The delimiter is the one under which the heading row has the most known headings."""
    try:
        text = decode(path.read_bytes())
    except UnicodeDecodeError:
        raise Fault(f"{path.name}: not a text in UTF-8, UTF-16 or GB18030")
    best_rows, best_known = None, -1
    for delimiter in [",", ";", "\t"]:
        rows = parse_csv(text, delimiter)
        header = next((row for row in rows if not is_blank(row)), [])
        known = sum(1 for cell in header if heading_key(cell) in known_headings)
        if known > best_known:
            best_rows, best_known = rows, known
    return [("", True, best_rows)]


def read_xlsx(path):
    import zipfile

    import openpyxl

    with zipfile.ZipFile(path) as archive:
        sheets_xml = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/")]
    has_formulas = any(b"<f>" in xml or b"<f " in xml or b"<f/>" in xml for xml in sheets_xml)
    book = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path, data_only=False) if has_formulas else None
    sheets = []
    for sheet in book.worksheets:
        rows = []
        for cells in sheet.iter_rows():
            row = []
            for cell in cells:
                value = cell.value
                if cell.data_type == "e":
                    value = BadCell(f"error cell {cell.value}")
                elif value is None and formulas is not None:
                    if formulas[sheet.title].cell(cell.row, cell.column).data_type == "f":
                        value = BadCell("formula without a stored result")
                row.append(value)
            rows.append(row)
        if all(is_blank(row) for row in rows):
            rows = []
        sheets.append((sheet.title, sheet.sheet_state == "visible", rows))
    book.close()
    return sheets


def is_empty(cell):
    return cell is None or (isinstance(cell, str) and trim(cell) == "")


def is_blank(row):
    return all(is_empty(cell) for cell in row)


def files_of(folder, name):
    if any(c in name for c in "*?["):
        found = sorted(folder.glob(name), key=lambda p: p.relative_to(folder).as_posix())
        if not found:
            raise Fault(f"{name}: no file of this name")
        return found
    path = folder / name
    if not path.is_file():
        raise Fault(f"{name}: no such file")
    return [path]


# --------------------------------------------------------------------------------------------------
# Cells.


def parse_date(cell):
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    if isinstance(cell, str):
        text = trim(nfkc(cell))
        found = re.fullmatch(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})(?: +([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?", text)
        if found:
            try:
                if found[5] is not None:
                    datetime.time(int(found[5]), int(found[6]), int(found[7] or 0))
                return datetime.date(int(found[1]), int(found[3]), int(found[4]))
            except ValueError:
                pass
    raise Fault("not a date")


def parse_number(cell):
    if isinstance(cell, bool):
        raise Fault("not a number")
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float) and cell == int(cell):
        return int(cell)
    if isinstance(cell, str):
        text = trim(nfkc(cell))
        if re.fullmatch(r"[0-9]+", text):
            return int(text)
    raise Fault("not a whole number")


def parse_fairs(cell):
    if isinstance(cell, list):
        items = cell
    elif isinstance(cell, str):
        items = re.split("[;；、]", cell)
    else:
        items = [cell]
    return [parse_number(item) for item in items if not is_empty(item)]


def parse_text(cell):
    if isinstance(cell, str):
        return trim(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, list) and all(isinstance(item, str) for item in cell):
        return ";".join(cell)
    raise Fault("not a text")


def parse_identifier(cell):
    if isinstance(cell, str):
        return trim(cell)
    raise Fault("not a text: leading zeros may be lost")


def parse_word(cell, words):
    if isinstance(cell, bool):
        cell = "true" if cell else "false"
    elif isinstance(cell, (int, float)) and cell == int(cell):
        cell = str(int(cell))
    if isinstance(cell, str) and word_key(cell) in words:
        return words[word_key(cell)]
    raise Fault("not one of the known words")


def parse_country(cell):
    if isinstance(cell, str) and word_key(cell) in COUNTRY_WORDS:
        return COUNTRY_WORDS[word_key(cell)]
    raise Fault("not a known country")


def parse_cell(kind, cell):
    if isinstance(cell, BadCell):
        raise Fault(cell.what)
    if kind == "identifier":
        return parse_identifier(cell)
    if kind == "text":
        return parse_text(cell)
    if kind == "fairs":
        return parse_fairs(cell)
    if kind == "date":
        return parse_date(cell)
    if kind == "number":
        return parse_number(cell)
    if kind == "country":
        return parse_country(cell)
    if kind == "status":
        return parse_word(cell, STATUS_WORDS)
    if kind == "channel":
        return parse_word(cell, CHANNEL_WORDS)
    if kind == "yes-no":
        return parse_word(cell, YES_NO_WORDS)
    raise AssertionError(kind)


# --------------------------------------------------------------------------------------------------
# Tables.


def columns_of(table, header, columns, given):
    """Which column each field is read from: {field: index}."""
    keys = ["" if is_empty(cell) else heading_key(str(cell)) for cell in header]
    result = {}
    for field, heading in columns.items():
        if heading_key(heading) not in keys:
            raise Fault(f"no column {heading!r}")
        result[field] = keys.index(heading_key(heading))
    claimed = set(result.values())
    for field, (required, _kind, headings) in TABLES[table].items():
        if field in result or field in given:
            continue
        wanted = {heading_key(h) for h in headings}
        found = [i for i, key in enumerate(keys) if key in wanted and i not in claimed]
        if len(found) > 1:
            raise Fault(f"two columns for {field}")
        if found:
            result[field] = found[0]
        elif required:
            raise Fault(f"no column for {field}")
    return result


def parse_record(table, cells):
    """One row: {field: cell} to {field: value}, every field present, None where there is no value."""
    record = {}
    for field, (required, kind, _headings) in TABLES[table].items():
        cell = cells.get(field)
        if is_empty(cell) or cell == []:
            if required:
                raise Fault(f"{field}: no value")
            record[field] = None
        else:
            try:
                record[field] = parse_cell(kind, cell)
            except Fault as fault:
                raise Fault(f"{field}: {fault}")
    if table == "attendance":
        if buyer_number(record["buyer"]) is None and email_key(record["email"]) is None:
            raise Fault("buyer: neither a buyer number nor an e-mail")
    return record


def read_table(folder, table, sources):
    """All rows of a table in reading order, and its row account."""
    records = []
    account = {"read": 0, "used": 0, "refused": 0, "blank": 0}

    def use(where, cells):
        try:
            record = parse_record(table, cells)
        except Fault as fault:
            raise Fault(f"{where}: {fault}")
        record["where"] = where
        records.append(record)
        account["used"] += 1

    for source in sources:
        given = source.get("set", {})
        columns = source.get("columns", {})
        for path in files_of(folder, source["file"]):
            suffix = path.suffix.lower()
            if suffix in (".yaml", ".yml", ".json"):
                for number, item in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1):
                    account["read"] += 1
                    if item is None or all(is_empty(v) or v == [] for v in item.values()):
                        account["blank"] += 1
                    else:
                        use(f"{path.name}: item {number}", {**item, **given})
                continue
            if suffix == ".csv":
                known = {heading_key(h) for _r, _k, headings in TABLES[table].values() for h in headings}
                known |= {heading_key(h) for h in columns.values()}
                sheets = read_csv(path, known)
            elif suffix == ".xlsx":
                sheets = read_xlsx(path)
                if "sheet" in source:
                    sheets = [sheet for sheet in sheets if sheet[0] == source["sheet"]]
                    if not sheets:
                        raise Fault(f"{path.name}: no sheet {source['sheet']!r}")
                else:
                    sheets = [sheet for sheet in sheets if sheet[1]]
            else:
                raise Fault(f"{path.name}: a format this program does not read")
            for name, _visible, rows in sheets:
                where = f"{path.name}: {name}" if name else path.name
                places = None
                for number, row in enumerate(rows, start=1):
                    account["read"] += 1
                    if is_blank(row):
                        account["blank"] += 1
                    elif places is None:
                        try:
                            places = columns_of(table, row, columns, given)
                        except Fault as fault:
                            raise Fault(f"{where}: {fault}")
                    else:
                        cells = {field: row[i] for field, i in places.items() if i < len(row)}
                        use(f"{where}: row {number}", {**cells, **given})
    return records, account


# --------------------------------------------------------------------------------------------------
# A fair, read and arranged. What is here depends on no policy.


class Buyer:
    def __init__(self):
        self.rows = []  # the attended rows, in reading order

    def overseas(self):
        onsite = [row for row in self.rows if row["channel"] == "onsite"]
        decides = onsite[0] if onsite else self.rows[0]
        return decides["country"] != "CN"

    def first_seen(self):
        days = [row["seen_on"] for row in self.rows if row["seen_on"] is not None]
        return min(days) if days else None

    def is_new(self, policy):
        if policy == "any-new":
            return any(row["first_time"] for row in self.rows)
        if policy == "any-regular":
            return not any(not row["first_time"] for row in self.rows)
        onsite = [row for row in self.rows if row["channel"] == "onsite"]
        online = [row for row in self.rows if row["channel"] == "online"]
        deciding = onsite if onsite else online
        return all(row["first_time"] for row in deciding)


def match_keys(row):
    """The keys of an invitation or of an attendance row, each with its kind."""
    keys = []
    if code_key(row["code"]) is not None:
        keys.append(("code", code_key(row["code"])))
    if company_key(row["company"]) is not None:
        keys.append(("company", company_key(row["company"])))
    if email_key(row["email"]) is not None:
        keys.append(("email", email_key(row["email"])))
    return keys


class Fair:
    def __init__(self, root, fair):
        folder = Path(root) / "data" / "fairs" / str(fair)
        settings = json.loads((folder / "fair.yaml").read_text(encoding="utf-8"))
        if (folder / "rulings.yaml").exists():
            raise SystemExit("judge.py: rulings are not implemented")
        self.number = settings["fair"]
        self.previous = settings["previous_fair"]
        self.accounts = {}
        tables = {table: [] for table in TABLES}
        for table, sources in settings["sources"].items():
            tables[table], self.accounts[table] = read_table(folder, table, sources)

        self.exhibitors = {}
        for row in tables["exhibitors"]:
            if row["exhibitor"] in self.exhibitors:
                raise Fault(f"{row['where']}: exhibitor: a second exhibitor {row['exhibitor']!r}")
            self.exhibitors[row["exhibitor"]] = row

        self.sent = {exhibitor: [] for exhibitor in self.exhibitors}
        for row in tables["invitations"]:
            if row["exhibitor"] not in self.exhibitors:
                raise Fault(f"{row['where']}: exhibitor: unknown exhibitor {row['exhibitor']!r}")
            if row["status"] == "sent":
                self.sent[row["exhibitor"]].append(row)

        self.penalised = set()
        for row in tables["penalties"]:
            if row["from_fair"] <= self.number <= row["until_fair"]:
                self.penalised.add(row["exhibitor"])

        self.buyers = {}
        for row in tables["attendance"]:
            if row["attended"] is False:
                continue
            number = buyer_number(row["buyer"])
            identity = ("number", number) if number is not None else ("email", email_key(row["email"]))
            self.buyers.setdefault(identity, Buyer()).rows.append(row)

        # matches[exhibitor] = [(overseas buyer, [sent invitations that match it])], each buyer once
        keys_of_buyer = []
        for buyer in self.buyers.values():
            if buyer.overseas():
                keys = []
                for row in buyer.rows:
                    keys.extend(key for key in match_keys(row) if key not in keys)
                keys_of_buyer.append((buyer, keys))
        self.matches = {}
        for exhibitor, invitations in self.sent.items():
            by_key = {}
            for invitation in invitations:
                for key in match_keys(invitation):
                    by_key.setdefault(key, []).append(invitation)
            found = []
            for buyer, keys in keys_of_buyer:
                matching = [invitation for key in keys for invitation in by_key.get(key, [])]
                if matching:
                    found.append((buyer, matching))
            self.matches[exhibitor] = found


# --------------------------------------------------------------------------------------------------
# The rules.


def count_invitations(invitations, policy):
    if policy == "row":
        return len(invitations)
    recipients = set()
    alone = 0
    for row in invitations:
        email = email_key(row["email"])
        company = company_key(row["company"])
        name = row["buyer_name"]
        if email is not None:
            recipients.add(("email", email))
        elif company is not None or name is not None:
            recipients.add(("company and name", company, name))
        else:
            alone += 1
    return len(recipients) + alone


def in_time(invitation, buyer):
    sent_on = invitation["sent_on"]
    first_seen = buyer.first_seen()
    if sent_on is None or first_seen is None:
        return True
    return not sent_on > first_seen


def count_buyers(matches, policies):
    new = 0
    regular = 0
    for buyer, invitations in matches:
        if policies["invited-before-arrival"] == "required":
            if not any(in_time(invitation, buyer) for invitation in invitations):
                continue
        if buyer.is_new(policies["new-or-regular"]):
            new += 1
        else:
            regular += 1
    return new, regular


def rank_of(count, counts, policy):
    competition = Fraction(1 + sum(1 for other in counts if other > count))
    maximum = Fraction(sum(1 for other in counts if other >= count))
    if policy == "competition":
        return competition
    if policy == "max":
        return maximum
    return (competition + maximum) / 2


def floor(number):
    return number.numerator // number.denominator


def round_half_up(number):
    return Fraction(floor(number + Fraction(1, 2)))


def round_half_even(number):
    below = floor(number)
    rest = number - below
    if rest < Fraction(1, 2):
        return Fraction(below)
    if rest > Fraction(1, 2):
        return Fraction(below + 1)
    return Fraction(below if below % 2 == 0 else below + 1)


def percent_of(rank, pool, policy):
    exact = 100 * rank / pool
    if policy == "half-up":
        return round_half_up(exact)
    if policy == "half-even":
        return round_half_even(exact)
    return exact


def points_of(count, percent, policies):
    if count == 0 and policies["zero-count"] == "lowest-band":
        return LOWEST_BAND_POINTS
    if percent == 0 and policies["zero-percent"] == "no-band":
        return 0
    for end, points in BANDS:
        if percent <= end:
            return points
    raise AssertionError("a percent above 100")


def decimal_string(number):
    """Exact where the decimal ends, else six places, half up."""
    number = Fraction(number)
    rest = number.denominator
    while rest % 2 == 0:
        rest //= 2
    while rest % 5 == 0:
        rest //= 5
    if rest == 1:
        places = 0
        while (number * 10**places).denominator != 1:
            places += 1
    else:
        places = 6
    digits = str(floor(number * 10**places + Fraction(1, 2))).rjust(places + 1, "0")
    return digits if places == 0 else digits[:-places] + "." + digits[-places:]


def award(fair, policies):
    entries = {}
    pool = []
    for exhibitor in sorted(fair.exhibitors):
        invitations = count_invitations(fair.sent[exhibitor], policies["invitation-unit"])
        new, regular = count_buyers(fair.matches[exhibitor], policies)
        fairs = fair.exhibitors[exhibitor]["fairs"] or []
        failed = []
        if invitations < MINIMUM_INVITATIONS:
            failed.append("enough-invitations")
        if new + regular < MINIMUM_BUYERS:
            failed.append("enough-buyers")
        if exhibitor in fair.penalised:
            failed.append("no-penalty")
        if not (fair.number in fairs and fair.previous in fairs):
            failed.append("two-latest-fairs")
        keeps_out = [gate for gate in failed if gate != "two-latest-fairs" or policies["two-latest-fairs"] == "pool"]
        if not keeps_out:
            pool.append(exhibitor)
        entries[exhibitor] = {
            "exhibitor": exhibitor,
            "invitations": invitations,
            "new": new,
            "regular": regular,
            "standing": "outside" if keeps_out else "evaluated",
            "failed": failed,
            "indicators": None,
            "score": None,
            "earned": None,
            "award": None,
        }

    counts = {indicator: [entries[exhibitor][indicator] for exhibitor in pool] for indicator in WEIGHTS}
    for exhibitor in pool:
        entry = entries[exhibitor]
        entry["indicators"] = {}
        score = Fraction(0)
        for indicator, weight in WEIGHTS.items():
            count = entry[indicator]
            rank = rank_of(count, counts[indicator], policies["ties"])
            percent = percent_of(rank, len(pool), policies["rounding"])
            points = points_of(count, percent, policies)
            entry["indicators"][indicator] = {
                "count": count,
                "rank": decimal_string(rank),
                "percent": decimal_string(percent),
                "points": points,
            }
            score += weight * points
        entry["score"] = decimal_string(score)
        if score >= GOLD_FROM:
            entry["earned"] = "gold"
        elif score >= SILVER_FROM:
            entry["earned"] = "silver"
        entry["award"] = None if entry["failed"] else entry["earned"]

    return {
        "fair": fair.number,
        "policies": dict(policies),
        "pool": len(pool),
        "awards": {
            "gold": sum(1 for entry in entries.values() if entry["award"] == "gold"),
            "silver": sum(1 for entry in entries.values() if entry["award"] == "silver"),
        },
        "rows": fair.accounts,
        "exhibitors": [entries[exhibitor] for exhibitor in sorted(entries)],
    }


# --------------------------------------------------------------------------------------------------
# The command line.


def deviations(pairs):
    """The default, then each alternative of each policy in turn, then (with pairs) every two of different policies."""
    single = [(name, choice) for name, choices in POLICIES.items() for choice in choices[1:]]
    yield {}
    for name, choice in single:
        yield {name: choice}
    if pairs:
        for i, (name, choice) in enumerate(single):
            for other_name, other_choice in single[i + 1:]:
                if other_name != name:
                    yield {name: choice, other_name: other_choice}


def many(out, pairs):
    for root in sorted((p for p in Path(out).iterdir() if (p / "data" / "fairs").is_dir()), key=lambda p: p.name):
        for folder in sorted((root / "data" / "fairs").iterdir(), key=lambda p: p.name):
            try:
                fair = Fair(root, folder.name)
            except Fault as fault:
                line = {"root": root.name, "policy": {}, "result": None, "refused": str(fault)}
                print(json.dumps(line, ensure_ascii=False))
                continue
            for changed in deviations(pairs):
                result = award(fair, {**default_policies(), **changed})
                print(json.dumps({"root": root.name, "policy": changed, "result": result}, ensure_ascii=False))


USAGE = "usage: judge.py ROOT FAIR [--policy NAME=CHOICE]... | judge.py --many OUT [--pairs]"


def main(arguments):
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stderr.reconfigure(encoding="utf-8", newline="\n")
    places = []
    policies = default_policies()
    is_many = False
    pairs = False
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument == "--many":
            is_many = True
        elif argument == "--pairs":
            pairs = True
        elif argument == "--policy" or argument.startswith("--policy="):
            if argument == "--policy":
                value = rest.pop(0) if rest else ""
            else:
                value = argument[len("--policy="):]
            name, _, choice = value.partition("=")
            if choice not in POLICIES.get(name, []):
                print(f"judge.py: no such policy or choice: {value!r}", file=sys.stderr)
                return 2
            policies[name] = choice
        else:
            places.append(argument)
    if len(places) != (1 if is_many else 2):
        print(USAGE, file=sys.stderr)
        return 2
    if is_many:
        many(places[0], pairs)
        return 0
    try:
        fair = Fair(places[0], places[1])
    except Fault as fault:
        print(f"refused: {fault}", file=sys.stderr)
        return 1
    print(json.dumps(award(fair, policies), ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
