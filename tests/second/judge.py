#!/usr/bin/env python3
"""A second, independent implementation of the award rules, written from the contract alone.

    judge.py ROOT FAIR [--policy NAME=CHOICE]...   the results of one fair, as JSON (without `rulebook`)
    judge.py --many OUT [--pairs]                  every root below OUT under every policy, one JSON a line

Exit status: 0 results printed; 1 the fair has a row or a file that must be refused; 2 wrong command line.

Plain and slow on purpose. No floating point: every number is an int or a Fraction.
"""

import csv
import datetime
import fnmatch
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
ATTENDED_WORDS = {**YES_NO_WORDS, "已到会": True, "已签到": True, "√": True, "未到会": False, "未签到": False, "×": False}

EXHIBITOR_HEADINGS = ["exhibitor", "exhibitor_id", "企业编号", "参展商编号"]
COMPANY_HEADINGS = ["company", "buyer_company", "公司名", "采购商公司名", "公司名称"]
EMAIL_HEADINGS = [
    "email", "buyer_email", "email_address", "邮箱", "邮箱地址", "电子邮箱", "电子邮件", "采购商邮箱", "采购商邮箱地址",
]
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
        "attended": (False, "attended", ["attended", "是否到会", "到会情况", "是否签到", "是否入场", "实际到会", "到会"]),
        "seen_on": (False, "date", ["seen_on", "参会日期", "到会日期"]),
    },
    "penalties": {
        "exhibitor": (True, "identifier", EXHIBITOR_HEADINGS),
        "reason": (False, "text", ["reason", "事由"]),
        "from_fair": (True, "number", ["from_fair", "起始届次"]),
        "until_fair": (True, "number", ["until_fair", "截止届次"]),
    },
}

# The fields that gates, measures and readings use, each with the policy under which it does (None: always).
DECIDING = {
    "exhibitors": {"fairs": None},
    "invitations": {
        "code": None, "company": None, "email": None,
        "sent_on": ("invited-before-arrival", "required"),
        "buyer_name": ("invitation-unit", "distinct-recipients"),
    },
    "attendance": {
        "buyer": None, "attended": None, "first_time": None, "country": None, "channel": None,
        "code": None, "company": None, "email": None,
        "seen_on": ("invited-before-arrival", "required"),
    },
    "penalties": {},
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


def without_apostrophe(key):
    """Before a code or number, a leading apostrophe is dropped."""
    return key[1:] if key.startswith("'") else key


def number_letters(text):
    return without_apostrophe(without_white_space_and_format(nfkc(text)))


def code_letters(text):
    return number_letters(text).upper()


def email_letters(text):
    return without_white_space_and_format(nfkc(text)).lower()


# Between the addresses of one cell, in half and full width; then the line breaks of Unicode.
SEPARATORS = frozenset(";；,，、､|｜\n\r\v\f\u0085\u2028\u2029")
OPENING_QUOTES = {'"': '"', "“": "”"}
QUOTES = "\"'“”‘’"


def addresses(text):
    """What stands between the separators of a cell, each without name, `mailto:` and quotes."""
    parts = [""]
    closing = None
    for c in text:
        if closing is None and c in SEPARATORS:
            parts.append("")
            continue
        if closing is not None:
            closing = None if c == closing else closing
        else:
            closing = OPENING_QUOTES.get(c)
        parts[-1] += c
    return [bare_address(part) for part in parts if trim(part) != ""]


def bare_address(part):
    named = re.fullmatch(r"[^<>]*<([^<>]*)>", trim(part))
    part = trim(named[1] if named else part)
    while True:
        before = part
        part = trim(part.strip(QUOTES))
        if part.lower().startswith("mailto:"):
            part = trim(part[len("mailto:"):])
        if part == before:
            return part


def company_letters(text):
    folded = nfkc(text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LNM")


KEY_LETTERS = {"company": company_letters, "code": code_letters, "email": email_letters, "buyer": number_letters}


class Placeholders:
    """What the rulebook lists as written where there is no key. Compared after the same normalising as the keys."""

    def __init__(self, listed):
        self.keys = {kind: {letters(text) for text in listed.get(kind, [])} for kind, letters in KEY_LETTERS.items()}

    def _key(self, kind, text):
        if text is None:
            return None
        key = KEY_LETTERS[kind](text)
        return None if key == "" or key in self.keys[kind] else key

    def company_key(self, text):
        return self._key("company", text)

    def code_key(self, text):
        return self._key("code", text)

    def buyer_number(self, text):
        """The number a buyer is compared by; None where there is none."""
        return self._key("buyer", text)

    def email_keys(self, text):
        """The key of each address of a cell, in their order."""
        keys = []
        for address in addresses(text or ""):
            key = self._key("email", address)
            if key is not None and re.fullmatch(r"[^@]+@[^@]+", key, re.DOTALL):
                keys.append(key)
        return keys

    def email_key(self, text):
        """The first address of a cell, which identifies a buyer and a recipient."""
        return next(iter(self.email_keys(text)), None)


def flow_list(text):
    """The texts of a YAML list in brackets."""
    items = re.finditer(r"""\s*(?:"([^"\\]*)"|'((?:[^']|'')*)'|([^\s,'"][^,]*?))\s*(?:,|$)""", text)
    return [m[1] if m[1] is not None else m[2].replace("''", "'") if m[2] is not None else m[3] for m in items]


def read_placeholders(path):
    """The lists below `placeholders` of a rulebook. This reads no YAML but lists of texts in brackets."""
    lines = path.read_text(encoding="utf-8").splitlines()
    block = []
    for line in lines[lines.index("placeholders:") + 1:]:
        if line != "" and not line.startswith(" "):
            break
        block.append(line)
    found = re.finditer(r"^  (\w+): \[(.*?)\]\s*$", "\n".join(block), re.MULTILINE | re.DOTALL)
    listed = {m[1]: flow_list(" ".join(m[2].split("\n")).strip()) for m in found}
    assert set(listed) == set(KEY_LETTERS), sorted(listed)
    return Placeholders(listed)


SHIPPED_RULEBOOK = Path(__file__).resolve().parent.parent.parent / "data" / "rulebooks" / "i-invite-1.yaml"


def heading_key(text):
    """A heading is matched after NFKC, case folding and removal of spaces, underscores, line breaks and asterisks."""
    folded = nfkc(text).casefold()
    return "".join(c for c in folded if c not in WHITE_SPACE and c not in "_*")


def without_brackets(key):
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕", "", key)


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


class Padded(int):
    """A number whose format is all zeros."""

    def code(self):
        return str(int(self)).rjust(self.width, "0")


ENCODINGS = {
    "utf-8": "utf-8-sig", "utf-16": "utf-16", "gb18030": "gb18030", "big5": "cp950", "shift_jis": "cp932", "euc-kr": "cp949",
}


def decode(data, encoding, known):
    """The text of a file. Without an encoding that is named or that the bytes say, the one in which the headings are
    known: in which more of them are than in any other. `known` counts them in a text."""
    if encoding is not None:
        return data.decode(ENCODINGS[encoding])
    if data.startswith(b"\xff\xfe") or data.startswith(b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    texts = {}  # number of known headings: texts
    for name in ["gb18030", "big5", "shift_jis", "euc-kr"]:
        try:
            text = data.decode(ENCODINGS[name])
        except UnicodeDecodeError:
            continue
        texts.setdefault(known(text), []).append(text)
    best = max(texts, default=0)
    if best == 0 or len(texts[best]) > 1:
        raise Fault("an encoding that cannot be told: say `encoding`")
    return texts[best][0]


def parse_csv(text, delimiter):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def read_csv(path, source):
    """The delimiter is the one under which a row has the most known headings."""

    def known(rows):
        return max((sum(1 for cell in row if source.is_heading(cell)) for row in rows[:20]), default=0)

    def delimited(text):
        return max((parse_csv(text, delimiter) for delimiter in [",", ";", "\t"]), key=known)

    try:
        text = decode(path.read_bytes(), source.encoding, lambda text: known(delimited(text)))
    except UnicodeDecodeError:
        raise Fault(f"{path.name}: not a text in its encoding")
    except Fault as fault:
        raise Fault(f"{path.name}: {fault}")
    return [("", True, delimited(text))]


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
                elif isinstance(value, int) and not isinstance(value, bool) and re.fullmatch("00+", cell.number_format):
                    value = Padded(value)
                    value.width = len(cell.number_format)
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


DAY = r"(?:(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{4})(\d\d)(\d\d))"
TIME = r"(上午|下午|am|pm)? *(?:(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?|(\d{1,2})时(\d{1,2})分(?:(\d{1,2})秒)?|(\d\d)(\d\d)(\d\d)?)"
OFFSET = r" *(?:(z)|([-+])(\d\d):?(\d\d)?)"
DATE = re.compile(rf"{DAY}(?:(?:t| *){TIME}(?:{OFFSET})?)?", re.ASCII)
BEIJING = datetime.timezone(datetime.timedelta(hours=8))


def parse_date(cell):
    """A date with its time in Beijing; midnight where there is none."""
    if isinstance(cell, datetime.datetime):
        return cell
    if isinstance(cell, datetime.date):
        return datetime.datetime(cell.year, cell.month, cell.day)
    found = DATE.fullmatch(trim(nfkc(cell)).casefold()) if isinstance(cell, str) else None
    if not found:
        raise Fault("not a date")
    y1, _, m1, d1, y2, m2, d2, y3, m3, d3, half, h1, i1, s1, h2, i2, s2, h3, i3, s3, zulu, sign, oh, om = found.groups()
    hour = int(h1 or h2 or h3 or 0)
    if half is not None:
        if not 1 <= hour <= 12:
            raise Fault("a time that does not exist")
        hour = hour % 12 + (12 if half in ("下午", "pm") else 0)
    try:
        moment = datetime.datetime(int(y1 or y2 or y3), int(m1 or m2 or m3), int(d1 or d2 or d3), hour,
                                   int(i1 or i2 or i3 or 0), int(s1 or s2 or s3 or 0))
        if zulu or sign:
            minutes = int(oh or 0) * 60 + int(om or 0)
            zone = datetime.timezone(datetime.timedelta(minutes=-minutes if sign == "-" else minutes))
            moment = moment.replace(tzinfo=zone).astimezone(BEIJING).replace(tzinfo=None)
    except ValueError:
        raise Fault("a date or time that does not exist")
    return moment


def parse_number(cell):
    if isinstance(cell, bool):
        raise Fault("not a number")
    if isinstance(cell, int):
        return int(cell)
    if isinstance(cell, float) and cell == int(cell):
        return int(cell)
    if isinstance(cell, str):
        found = re.fullmatch(r"第?([0-9]+)届?", trim(nfkc(cell)))
        if found:
            return int(found[1])
    raise Fault("not a whole number")


def parse_fairs(cell):
    """Fair numbers in any notation. Whether they can be meant is seen where this fair is known."""
    if isinstance(cell, list):
        items = cell
    elif isinstance(cell, str):
        items = re.split(r"[;,、\s|/]+", nfkc(cell))
    else:
        items = [cell]
    return frozenset(parse_number(item) for item in items if not is_empty(item))


def parse_text(cell):
    if isinstance(cell, str):
        return trim(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, list) and all(isinstance(item, str) for item in cell):
        return ";".join(cell)
    raise Fault("not a text")


def parse_identifier(cell, digits):
    if isinstance(cell, Padded) and not digits:
        return cell.code()
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and digits:
        if cell != int(cell) or cell < 0:
            raise Fault("not a code")
        text = str(int(cell))
        lengths = sorted(n for n in digits if n >= len(text))
        if not lengths:
            raise Fault("more digits than `digits` says")
        return text.rjust(lengths[0], "0")
    if isinstance(cell, str):
        text = trim(cell)
        if re.fullmatch(r"[0-9]\.?[0-9]*[Ee]\+[0-9]+", nfkc(text)):
            raise Fault("a number that lost digits")
        return text
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


def parse_cell(kind, cell, digits):
    if isinstance(cell, BadCell):
        raise Fault(cell.what)
    if kind == "identifier":
        return parse_identifier(cell, digits)
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
    words = {"status": STATUS_WORDS, "channel": CHANNEL_WORDS, "yes-no": YES_NO_WORDS, "attended": ATTENDED_WORDS}
    return parse_word(cell, words[kind])


# --------------------------------------------------------------------------------------------------
# Tables.


def field_headings(table):
    return {heading_key(h): field for field, (_required, _kind, headings) in TABLES[table].items() for h in headings}


class Source:
    """What `fair.yaml` says of some sheets of a table."""

    def __init__(self, table, said):
        self.table = table
        self.file = said["file"]
        self.sheet = said.get("sheet")
        self.columns = said.get("columns", {})
        self.given = said.get("set", {})
        self.values = {field: {word_key(w): v for w, v in words.items()} for field, words in said.get("values", {}).items()}
        self.absent = said.get("absent", [])
        self.ignore = {heading_key(h) for h in said.get("ignore", [])}
        digits = said.get("digits", {})
        self.digits = {field: n if isinstance(n, list) else [n] for field, n in digits.items()}
        self.encoding = said.get("encoding")
        self.headings = field_headings(table)

    def field_of(self, key):
        """The field that a heading gives by itself."""
        if key in self.headings:
            return self.headings[key]
        return self.headings.get(without_brackets(key))

    def is_heading(self, cell):
        key = heading_key(str(cell))
        named = {heading_key(h.split("#")[0]) for h in self.columns.values()}
        return key != "" and (key in named or self.field_of(key) is not None)

    def takes(self, sheet, visible):
        if self.sheet is None:
            return visible
        names = self.sheet if isinstance(self.sheet, list) else [self.sheet]
        return any(fnmatch.fnmatchcase(sheet, name) for name in names)

    def columns_of(self, header):
        """Which column each field is read from: {field: index}. None where the row is not the headings."""
        keys = ["" if is_empty(cell) else heading_key(str(cell)) for cell in header]
        result = {}
        for field, heading in self.columns.items():
            name, _, number = heading.partition("#")
            found = [i for i, key in enumerate(keys) if key == heading_key(name)]
            if not found:
                return None
            if number == "" and len(found) > 1:
                raise Fault(f"the heading {heading!r} occurs twice")
            if number != "" and int(number) > len(found):
                raise Fault(f"no column {heading!r}")
            index = found[int(number or 1) - 1]
            if index in result.values():
                raise Fault(f"two fields on the column {heading!r}")
            result[field] = index
        named = set(result.values())
        for index, key in enumerate(keys):
            if key == "" or index in named or key in self.ignore:
                continue
            field = self.field_of(key)
            if field is None or field in self.columns:
                continue
            if field in result:
                raise Fault(f"two columns for {field}")
            result[field] = index
        required = [field for field, (required, _kind, _headings) in TABLES[self.table].items() if required]
        if not result or any(field not in result and field not in self.given for field in required):
            return None
        for field in self.given:
            if field in result:
                raise Fault(f"`set` and a column for {field}")
        return result

    def parse(self, cells):
        """One row: {field: cell} to {field: value}, every field present, None where there is no value."""
        record = {}
        for field, (required, kind, _headings) in TABLES[self.table].items():
            cell = self.said(field, cells.get(field))
            if is_empty(cell) or cell == []:
                if required:
                    raise Fault(f"{field}: no value")
                record[field] = None
            else:
                try:
                    record[field] = parse_cell(kind, cell, self.digits.get(field))
                except Fault as fault:
                    raise Fault(f"{field}: {fault}")
        return record

    def said(self, field, cell):
        """The cell, or what `values` says that it means."""
        word = "" if is_empty(cell) else word_key(cell) if isinstance(cell, str) else None
        return self.values.get(field, {}).get(word, cell)


TOTALS = re.compile(r"(合计|小计|总计|total|subtotal) *(:.*|[0-9].*)?", re.DOTALL)
REMARKS = ("注:", "备注:", "制表", "审核", "note:")


def left_out(source, row, places):
    """`totals` or `remark` where a row may be one: by its first cell, and because another required field is missing."""
    first = next(i for i, cell in enumerate(row) if not is_empty(cell))
    if not isinstance(row[first], str):
        return None
    missing = False
    for field, (required, _kind, _headings) in TABLES[source.table].items():
        if required and field not in source.given and places.get(field) != first:
            cell = row[places[field]] if places[field] < len(row) else None
            missing = missing or is_empty(source.said(field, cell))
    text = word_key(row[first])
    if missing and TOTALS.fullmatch(text):
        return "totals"
    if missing and text.startswith(REMARKS):
        return "remark"
    return None


class Table:
    """All rows of a table in reading order, its row account, and what its sheets lack."""

    def __init__(self, folder, table, sources, placeholders):
        self.table = table
        self.placeholders = placeholders
        self.records = []
        self.account = {name: 0 for name in ("read", "used", "refused", "skipped", "blank", "headings")}
        self.lacks = []  # (where, field)
        self.inputs = []  # (file, sheet, its records)
        for source in (Source(table, said) for said in sources):
            for path in files_of(folder, source.file):
                self.read_file(source, path)

    def read_file(self, source, path):
        suffix = path.suffix.lower()
        if suffix in (".yaml", ".yml", ".json"):
            items = json.loads(path.read_text(encoding="utf-8"))
            fields = {field for item in items for field in item or {}}
            for field in source.given:
                if field in fields:
                    raise Fault(f"{path.name}: `set` and a column for {field}")
            rows = []
            for number, item in enumerate(items, start=1):
                self.account["read"] += 1
                if item is None or all(is_empty(v) or v == [] for v in item.values()):
                    self.account["blank"] += 1
                else:
                    rows.append((f"{path.name}: item {number}", {**item, **source.given}))
            self.use(source, path, "", rows)
            return
        if suffix == ".csv":
            sheets = read_csv(path, source)
        elif suffix == ".xlsx":
            sheets = [sheet for sheet in read_xlsx(path) if source.takes(sheet[0], sheet[1])]
            if not sheets:
                raise Fault(f"{path.name}: no sheet {source.sheet!r}")
        else:
            raise Fault(f"{path.name}: a format this program does not read")
        for name, _visible, rows in sheets:
            self.read_sheet(source, path, name, rows)

    def read_sheet(self, source, path, name, rows):
        where = f"{path.name}: {name}" if name else path.name
        self.account["read"] += len(rows)
        self.account["blank"] += sum(1 for row in rows if is_blank(row))
        filled = [(number, row) for number, row in enumerate(rows, start=1) if not is_blank(row)]
        places = None
        while filled and places is None:
            _number, row = filled.pop(0)
            self.account["headings"] += 1
            try:
                places = source.columns_of(row)
            except Fault as fault:
                raise Fault(f"{where}: {fault}")
        if places is None:
            if any(not is_blank(row) for row in rows):
                raise Fault(f"{where}: no headings with all required fields")
            return
        kinds = [left_out(source, row, places) for _number, row in filled]
        last = max((i for i, kind in enumerate(kinds) if kind is None), default=-1)
        cells = []
        for i, (number, row) in enumerate(filled):
            if kinds[i] == "totals" or kinds[i] == "remark" and i > last:
                self.account["skipped"] += 1
            else:
                read = {field: row[at] for field, at in places.items() if at < len(row)}
                cells.append((f"{where}: row {number}", {**read, **source.given}))
        self.use(source, path, name, cells)

    def use(self, source, path, sheet, rows):
        records = []
        for where, cells in rows:
            try:
                record = source.parse(cells)
                if self.table == "attendance":
                    number = self.placeholders.buyer_number(record["buyer"])
                    if number is None and self.placeholders.email_key(record["email"]) is None:
                        raise Fault("buyer: neither a buyer number nor an e-mail")
            except Fault as fault:
                raise Fault(f"{where}: {fault}")
            records.append({**record, "where": where})
        self.account["used"] += len(records)
        self.records += records
        self.inputs.append((path, sheet, records))
        where = f"{path.name}: {sheet}" if sheet else path.name
        for field in source.absent:
            if any(not is_empty(cells.get(field)) for _where, cells in rows):
                raise Fault(f"{where}: {field} is said to be absent and is there")
        for field in DECIDING[self.table] if rows else []:
            has = any(not is_empty(cells.get(field)) and cells.get(field) != [] for _where, cells in rows)
            if not has and field not in source.absent:
                self.lacks.append((where, field))
        if self.table == "attendance" and "attended" not in source.given:
            said = {record["attended"] for record in records}
            if said == {True, None}:
                raise Fault(f"{where}: attended: yes and empty cells only: `values` must say what empty means")

    def check_doubles(self):
        """Refuses rows that are counted twice."""
        seen = {}
        for path, sheet, _records in self.inputs:
            if (path, sheet) in seen:
                raise Fault(f"{path.name}: {sheet}: taken twice")
            for other, _sheet in seen:
                if other != path and other.read_bytes() == path.read_bytes():
                    raise Fault(f"{path.name}: the same bytes as {other.name}")
            seen[path, sheet] = True
        inputs = [(path, [self.normalised(record) for record in records]) for path, _sheet, records in self.inputs]
        for i, (path, rows) in enumerate(inputs):
            for j, (other, other_rows) in enumerate(inputs):
                if i == j:
                    continue
                there = set(other_rows)
                again = sum(1 for row in rows if row in there)
                if 10 * again > len(rows):
                    raise Fault(f"{path.name}: {again} of {len(rows)} rows occur in {other.name}")

    def normalised(self, record):
        letters = {"code": code_letters, "company": company_letters, "email": lambda text: tuple(map(email_letters, addresses(text)))}
        return tuple(letters.get(field, lambda value: value)(record[field]) if record[field] is not None else None
                     for field in TABLES[self.table])


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
        days = [row["seen_on"].date() for row in self.rows if row["seen_on"] is not None]
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


def match_keys(row, placeholders):
    """The keys of an invitation or of an attendance row, each with its kind."""
    keys = [("email", key) for key in placeholders.email_keys(row["email"])]
    if placeholders.code_key(row["code"]) is not None:
        keys.append(("code", placeholders.code_key(row["code"])))
    if placeholders.company_key(row["company"]) is not None:
        keys.append(("company", placeholders.company_key(row["company"])))
    return keys


ADDED_UP = ("sections", "booths", "where")


def merged(first, second):
    """Two rows of one exhibitor as one; refused where they differ in a field that is not added up."""
    result = dict(first)
    for field, value in second.items():
        if value is None or field in ADDED_UP:
            continue
        if first[field] is not None and first[field] != value:
            raise Fault(f"{second['where']}: {field}: differs from that of {first['where']}")
        result[field] = value
    return result


class Fair:
    def __init__(self, root, fair):
        folder = Path(root) / "data" / "fairs" / str(fair)
        settings = json.loads((folder / "fair.yaml").read_text(encoding="utf-8"))
        if (folder / "rulings.yaml").exists():
            raise SystemExit("judge.py: rulings are not implemented")
        self.number = settings["fair"]
        self.previous = settings["previous_fair"]
        rulebook = Path(root) / "data" / "rulebooks" / "i-invite-1.yaml"
        self.placeholders = read_placeholders(rulebook if rulebook.is_file() else SHIPPED_RULEBOOK)
        self.accounts = {}
        self.lacks = []
        tables = {table: [] for table in TABLES}
        if "penalties" not in settings["sources"]:
            raise Fault("fair.yaml: no penalties: say `penalties: none` where there are none")
        for table, sources in settings["sources"].items():
            if sources == "none":
                continue
            read = Table(folder, table, sources, self.placeholders)
            tables[table], self.accounts[table] = read.records, read.account
            self.lacks += [(table, where, field) for where, field in read.lacks]
            if table == "invitations":
                read.check_doubles()

        self.exhibitors = {}
        for row in tables["exhibitors"]:
            for fair in row["fairs"] or []:
                if not 1 <= fair <= self.number + 2:
                    raise Fault(f"{row['where']}: fairs: {fair} cannot be meant")
            known = self.exhibitors.get(row["exhibitor"])
            self.exhibitors[row["exhibitor"]] = row if known is None else merged(known, row)

        accepted = sum(a["count"] for a in settings.get("accepted", []) if a["finding"] == "unknown-exhibitor")
        unknown = [row for row in tables["invitations"] if row["exhibitor"] not in self.exhibitors]
        if len(unknown) > accepted:
            raise Fault(f"{unknown[0]['where']}: exhibitor: unknown exhibitor {unknown[0]['exhibitor']!r}")
        self.sent = {exhibitor: [] for exhibitor in self.exhibitors}
        for row in tables["invitations"]:
            if row["exhibitor"] not in self.exhibitors:
                self.accounts["invitations"]["used"] -= 1
                self.accounts["invitations"]["skipped"] += 1
            elif row["status"] == "sent":
                self.sent[row["exhibitor"]].append(row)
        for table, account in self.accounts.items():
            assert account["read"] == sum(n for name, n in account.items() if name != "read"), (table, account)

        self.penalised = set()
        for row in tables["penalties"]:
            if row["from_fair"] <= self.number <= row["until_fair"]:
                self.penalised.add(row["exhibitor"])

        self.buyers = {}
        for row in tables["attendance"]:
            if row["attended"] is False:
                continue
            number = self.placeholders.buyer_number(row["buyer"])
            identity = ("number", number) if number is not None else ("email", self.placeholders.email_key(row["email"]))
            self.buyers.setdefault(identity, Buyer()).rows.append(row)

        # matches[exhibitor] = [(overseas buyer, [sent invitations that match it])], each buyer once
        keys_of_buyer = []
        for buyer in self.buyers.values():
            if buyer.overseas():
                keys = []
                for row in buyer.rows:
                    keys.extend(key for key in match_keys(row, self.placeholders) if key not in keys)
                keys_of_buyer.append((buyer, keys))
        self.matches = {}
        for exhibitor, invitations in self.sent.items():
            by_key = {}
            for invitation in invitations:
                for key in match_keys(invitation, self.placeholders):
                    by_key.setdefault(key, []).append(invitation)
            found = []
            for buyer, keys in keys_of_buyer:
                matching = [invitation for key in keys for invitation in by_key.get(key, [])]
                if matching:
                    found.append((buyer, matching))
            self.matches[exhibitor] = found


# --------------------------------------------------------------------------------------------------
# The rules.


def count_invitations(invitations, policy, placeholders):
    if policy == "row":
        return len(invitations)
    recipients = set()
    alone = 0
    for row in invitations:
        email = placeholders.email_key(row["email"])
        company = placeholders.company_key(row["company"])
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
    return not sent_on.date() > first_seen


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
    for table, where, field in fair.lacks:
        asked = DECIDING[table][field]
        if asked is None or policies[asked[0]] == asked[1]:
            raise Fault(f"{where}: no value of {field}, which decides: say `set` or `absent`")
    entries = {}
    pool = []
    for exhibitor in sorted(fair.exhibitors):
        invitations = count_invitations(fair.sent[exhibitor], policies["invitation-unit"], fair.placeholders)
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
            fair = None
            for changed in deviations(pairs):
                line = {"root": root.name, "policy": changed}
                try:
                    fair = fair or Fair(root, folder.name)
                    line["result"] = award(fair, {**default_policies(), **changed})
                except Fault as fault:
                    line.update({"result": None, "refused": str(fault)})
                print(json.dumps(line, ensure_ascii=False))
                if fair is None:
                    break


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
        results = award(Fair(places[0], places[1]), policies)
    except Fault as fault:
        print(f"refused: {fault}", file=sys.stderr)
        return 1
    print(json.dumps(results, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
