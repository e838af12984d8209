#!/usr/bin/env python3
"""Writes the raw exports of a made-up fair as several registration systems would, and what is right for it.

    make.py        writes `tables/` and `formulas/` beside it, and `expected.json`

Needs openpyxl, XlsxWriter and xlwt, and LibreOffice (`soffice`). The test does not: the files are committed.

Every exhibitor, buyer, firm and address is invented. What is right is known by construction, from the list of letters
below and not from the files; `tests/second/judge.py` makes awards of it, from tables without any of the oddities.
The oddities of each file are named where it is written.
"""

import codecs
import csv
import datetime
import io
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import openpyxl
import xlsxwriter
import xlwt
from openpyxl.styles import Alignment

HERE = Path(__file__).resolve().parent
OUT = HERE / "tables"
FORMULAS = HERE / "formulas"
JUDGE = HERE.parent / "second" / "judge.py"

INVENTED = "虚构数据，仅供测试"
MADE = datetime.datetime(2025, 5, 20, 9, 0, 0)
rng = random.Random(137)

# ------------------------------------------------------------------------------------------------------------------
# The fair: 24 exhibitors, 8 a phase; 90 buyers; letters from each exhibitor to some buyers and to others who stay away.

EXHIBITORS = [f"{number:06d}" for number in range(101, 125)]
ONLY_THIS_FAIR = "000105"
PENALISED = "000116"
WITHDRAWN = "000150"
DELEGATIONS = ["虚构一团", "虚构二团", "虚构三团"]
PHASES = ["一期", "二期", "三期"]

COUNTRIES = [
    ("DE", "德国", "Germany"), ("BR", "巴西", "Brazil"), ("MY", "马来西亚", "Malaysia"), ("CN", "中国", "China"),
    ("HK", "中国香港", "Hong Kong"), ("ZA", "南非", "South Africa"), ("US", "美国", "United States"),
    ("EG", "埃及", "Egypt"), ("FR", "法国", "France"),
]


def phase_of(exhibitor):
    return (int(exhibitor) - 101) // 8


def booths_of(exhibitor):
    return [f"{phase_of(exhibitor) + 1}.1A{int(exhibitor) % 100:02d}", f"{phase_of(exhibitor) + 1}.1B01"][: 1 + int(exhibitor) % 3 // 2]


class Buyer:
    """A buyer, with the rows in which it was seen: (file, first time, attended, when in Beijing)."""

    def __init__(self, number):
        self.number = number
        self.id = str(20250000 + number)
        self.name = f"Invented Person {number}"
        self.company = f"Made-up Trading {number} GmbH"
        self.email = f"person{number}@made-up-{number}.example"
        self.country = COUNTRIES[number % len(COUNTRIES)]
        self.is_new = number % 5 < 3
        self.rows = []
        # By what its rows can be matched: all keys, the e-mail, the company, or the code of one letter.
        self.by = ["all", "email", "company", "code"][number % 4]
        self.code = None

    def attends(self):
        return any(attended for _, _, attended, _ in self.rows)

    def counts_as(self):
        """New, regular, or nothing for an exhibitor that invited it."""
        if self.country[0] == "CN" or not self.attends():
            return None
        on_site = [row for row in self.rows if row[2] and row[0] in ("badges-1", "badges-2")]
        deciding = on_site or [row for row in self.rows if row[2]]
        return "new" if all(first for _, first, _, _ in deciding) else "regular"

    def company_seen(self):
        if self.by in ("all", "company"):
            return self.company
        placeholders = ["NULL", "无", "个人", ""]
        return dict(enumerate(placeholders)).get(self.number // 4 % 6, f"Elsewhere {self.number} Ltd")

    def email_seen(self):
        return self.email if self.by in ("all", "email") else f"private{self.number}@elsewhere.example"

    def code_seen(self):
        return self.code if self.by == "code" and self.code else {3: "NULL"}.get(self.number % 7, "")


def at(month, day, hour, minute=0, second=0):
    return datetime.datetime(2025, month, day, hour, minute, second)


BUYERS = [Buyer(number) for number in range(1, 91)]
for buyer in BUYERS:
    n = buyer.number
    if n <= 40:
        buyer.rows.append(("badges-1", buyer.is_new, n not in (7, 14, 21, 28), at(4, 15 + n % 5, 10)))
    elif n <= 65:
        buyer.rows.append(("badges-2", buyer.is_new, n not in (45, 52, 59), at(*[(4, 23 + n % 5), (5, 1 + n % 5)][n % 2], 11)))
    elif n <= 80:
        # 04:00 in Beijing is 20:00 of the day before in the notation of the file.
        buyer.rows.append(("online", buyer.is_new, True, at(4, 14 + n % 7, 4)))
    else:
        buyer.rows.append(("online-hk", buyer.is_new, n != 84, at(4, 15 + n % 6, 15, 30)))
for n in (2, 3, 5, 8, 9, 11, 12, 16, 17, 19, 22, 23):  # came again in a later phase
    BUYERS[n - 1].rows.append(("badges-2", BUYERS[n - 1].is_new, True, at(4, 25, 9)))
for n in (1, 4, 6, 10, 13, 42, 43, 44):  # and online, where each said the opposite
    BUYERS[n - 1].rows.append(("online", not BUYERS[n - 1].is_new, True, at(4, 20, 4)))
for n in (66, 67, 68, 69, 70):  # twice online
    BUYERS[n - 1].rows.append(("online", BUYERS[n - 1].is_new, True, at(4, 21, 4)))
for n in (81, 82, 83, 84, 85):
    BUYERS[n - 1].rows.append(("online-hk", BUYERS[n - 1].is_new, n != 84, at(4, 22, 15, 30)))


class Letter:
    def __init__(self, exhibitor, name, company, emails, status, sent, file, buyer=None):
        self.exhibitor, self.name, self.company, self.emails = exhibitor, name, company, emails
        self.status, self.sent, self.file, self.buyer = status, sent, file, buyer
        self.code = f"YQ{len(LETTERS) + 1:04d}{exhibitor[-3:]}"
        LETTERS.append(self)


LETTERS = []
FILES = ["letters-1", "letters-2", "letters-3"]


def when(file, early):
    """When a letter was sent, in Beijing: mostly before the fair. What was sent late is in a file of its own."""
    if file == "letters-late":
        return at(4, 16 + rng.randrange(8), 9 + rng.randrange(9), rng.randrange(60))
    return at(3, 10 + early % 20, 8 + rng.randrange(10), rng.randrange(60), rng.randrange(60))


stranger = 1000
for number, exhibitor in enumerate(EXHIBITORS):
    invited = rng.sample(BUYERS, [14, 5, 11, 8, 13, 4, 9, 16][number % 8] - number // 8)
    own = FILES[phase_of(exhibitor)]
    for place, buyer in enumerate(invited):
        file = "letters-late" if phase_of(exhibitor) == 2 and place % 3 == 0 else own
        status = "sent" if place % 9 != 8 else "failed"
        emails = [buyer.email]
        if place % 6 == 2:
            emails = [f"office{buyer.number}@made-up-{buyer.number}.example", buyer.email]
        letter = Letter(exhibitor, buyer.name, buyer.company, emails, status, when(file, place), file, buyer)
        if status == "sent" and buyer.by == "code" and buyer.code is None:
            buyer.code = letter.code
    for place in range(max(3, 6 + number * 7 % 11)):
        stranger += 1
        status = ["sent"] * 8 + ["failed", "withdrawn", "unsent", "bounced"]
        status = status[(place * 5 + number) % 12]
        company = ["", "NULL", "无", "个人"][place % 4] if place % 5 == 1 else f"Nowhere Imports {stranger} Ltd"
        Letter(exhibitor, f"Invented Stranger {stranger}", company, [f"s{stranger}@nowhere.example"], status, when(own, place), own)
for place in range(7):
    Letter(WITHDRAWN, f"Invented Stranger {place}", "", [f"w{place}@nowhere.example"], "sent", when("letters-3", place), "letters-3")


def matches(letter):
    buyer = letter.buyer
    return buyer is not None and letter.status == "sent" and (
        buyer.by != "code" or buyer.code == letter.code
    )


def counts():
    """Letters sent, new and regular buyers of each exhibitor, by construction."""
    result = {}
    for exhibitor in EXHIBITORS:
        letters = [letter for letter in LETTERS if letter.exhibitor == exhibitor]
        matched = {letter.buyer for letter in letters if matches(letter)}
        kinds = Counter(buyer.counts_as() for buyer in matched)
        sent = sum(letter.status == "sent" for letter in letters)
        result[exhibitor] = {"invitations": sent, "new": kinds["new"], "regular": kinds["regular"]}
    return result


# ------------------------------------------------------------------------------------------------------------------
# What is right: the clean tables, judged by the second implementation.


def write_clean(folder):
    def table(name, heading, rows):
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *rows])

    plain = lambda text: "" if text in ("NULL", "无", "个人") else text
    fairs = lambda exhibitor: "137" if exhibitor == ONLY_THIS_FAIR else "136;137"
    table("exhibitors", ["exhibitor", "name_zh", "fairs"], [[e, f"虚构{e}", fairs(e)] for e in EXHIBITORS])
    status = {"unsent": "failed"}
    table(
        "invitations", ["exhibitor", "code", "buyer_name", "company", "email", "sent_on", "status"],
        [[x.exhibitor, x.code, x.name, plain(x.company), x.emails[-1], x.sent.date(), status.get(x.status, x.status)]
         for x in LETTERS if x.exhibitor != WITHDRAWN],
    )
    table(
        "attendance", ["buyer", "name", "company", "email", "code", "country", "channel", "first_time", "attended", "seen_on"],
        [[b.id, b.name, plain(b.company_seen()), b.email_seen(), plain(b.code_seen()), b.country[0],
          "onsite" if file.startswith("badges") else "online", "yes" if first else "no", "yes" if attended else "no", seen.date()]
         for b, (file, first, attended, seen) in attendance(*ATTENDANCE)],
    )
    table("penalties", ["exhibitor", "from_fair", "until_fair"], [[PENALISED, 135, 138]])
    tables = ("exhibitors", "invitations", "attendance", "penalties")
    fair = {"fair": 137, "previous_fair": 136, "rulebook": {"id": "i-invite", "version": 1},
            "sources": {table: [{"file": f"{table}.csv"}] for table in tables}}
    (folder / "fair.yaml").write_text(json.dumps(fair), encoding="utf-8")


def judge(*policies):
    with tempfile.TemporaryDirectory() as root:
        fair = Path(root) / "data/fairs/137"
        fair.mkdir(parents=True)
        rulebooks = Path(root) / "data/rulebooks"
        shutil.copytree(HERE.parents[1] / "data/rulebooks", rulebooks)
        write_clean(fair)
        command = [sys.executable, JUDGE, root, "137"]
        for policy in policies:
            command += ["--policy", policy]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


ATTENDANCE = ["badges-1", "badges-2", "online", "online-hk"]


def attendance(*files):
    """The rows of some files, in their order."""
    return [(buyer, row) for file in files for buyer in BUYERS for row in buyer.rows if row[0] == file]


def letters(file):
    return [letter for letter in LETTERS if letter.file == file]


# ------------------------------------------------------------------------------------------------------------------
# The files. Each writer says how many rows of its sheets are headings, blank or skipped.

ACCOUNT = {table: Counter() for table in ("exhibitors", "invitations", "attendance", "penalties")}


def account(table, **rows):
    ACCOUNT[table].update(rows)


def libreoffice(book, name, kind):
    """Has LibreOffice calculate a workbook and save it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in" / f"{name}.xlsx"
        source.parent.mkdir()
        book.save(source)
        subprocess.run(
            ["soffice", "--headless", "--convert-to", kind, "--outdir", folder, source],
            check=True, capture_output=True, env={"HOME": folder, "PATH": "/usr/bin:/bin"},
        )
        shutil.copy(Path(folder) / f"{name}.{kind}", OUT / f"{name}.{kind}")


def exhibitors_openpyxl():
    """xlsx of openpyxl: a sheet a phase and a hidden one, two rows of headings with merged cells, a row a booth, numbers
    of the format 000000, fairs in three notations, subtotals, remarks. Beside it the lock file of an office program."""
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = MADE
    book.remove(book.active)
    for phase, name in enumerate(PHASES):
        sheet = book.create_sheet(name)
        sheet.append([f"第137届参展企业名录（{name}）　{INVENTED}"])
        sheet.append(["导出时间：2025-05-20 09:00"])
        sheet.append(["序号", "企业编号", "企业名称", None, "交易团", "展位号", "参展届次", "网址", "备注"])
        sheet.append([None, None, "中文", "英文"])
        sheet.merge_cells("A1:I1")
        sheet.merge_cells("C3:D3")
        for column in "ABEFGHI":
            sheet.merge_cells(f"{column}3:{column}4")
        rows = 0
        for exhibitor in (e for e in EXHIBITORS if phase_of(e) == phase):
            both = ["第136届、第137届", "136,137", "136\n137"][phase]
            fairs = {ONLY_THIS_FAIR: "第137届"}.get(exhibitor, both)
            for booth in booths_of(exhibitor):
                rows += 1
                sheet.append([
                    rows, int(exhibitor), f"虚构第{int(exhibitor)}机械厂", f"Invented Machinery No. {int(exhibitor)}",
                    DELEGATIONS[int(exhibitor) % 3], booth, fairs, f"https://www.invented-{int(exhibitor)}.example", None,
                ])
                sheet.cell(sheet.max_row, 2).number_format = "000000"
                sheet.cell(sheet.max_row, 7).alignment = Alignment(wrap_text=True)
        sheet.append([f"小计：8家企业，{rows}个展位"])
        sheet.append([])
        sheet.append(["制表：测试人员　审核：测试人员"])
        sheet.append(["注：一家企业有几个展位的，一个展位一行。"])
        account("exhibitors", headings=4, used=rows, skipped=3, blank=1)
    hidden = book.create_sheet("字典")
    hidden.append(["交易团", INVENTED])
    for delegation in DELEGATIONS:
        hidden.append([delegation])
    hidden.sheet_state = "hidden"
    book.save(OUT / "第137届参展企业名录.xlsx")
    (OUT / "~$第137届参展企业名录.xlsx").write_bytes("\x06测试人员".encode().ljust(165, b" "))


HEADINGS = ["企业编号", "*邀请函编码", "采购商姓名", "公司名称", "邮箱地址（必填）", "发送时间", "发送状态"]
STATUS = {"sent": "发送成功", "failed": "失败", "bounced": "退信", "withdrawn": "撤回", "unsent": "失败"}


def letters_xlsxwriter():
    """xlsx of XlsxWriter: numbers of exhibitors in the format General, additions to headings, Excel dates, several
    addresses in a cell, a total; and a sheet that somebody copied."""
    book = xlsxwriter.Workbook(OUT / "邀请记录-一期.xlsx")
    book.set_properties({"created": MADE})
    date = book.add_format({"num_format": "yyyy/m/d h:mm"})
    for name in ("数据", "数据 (2)"):
        sheet = book.add_worksheet(name)
        sheet.merge_range("A1:G1", f"邀请记录（{INVENTED}）")
        sheet.write_row(1, 0, HEADINGS)
        rows = letters("letters-1")
        for row, x in enumerate(rows, 2):
            sheet.write_number(row, 0, int(x.exhibitor))
            sheet.write_row(row, 1, [x.code, x.name, x.company, "；".join(x.emails)])
            sheet.write_datetime(row, 5, x.sent, date)
            sheet.write_string(row, 6, STATUS[x.status])
        sheet.write_row(len(rows) + 2, 0, ["合计", len(rows)])
        sheet.write_string(len(rows) + 3, 0, "注：发送时间为北京时间。")
    account("invitations", headings=2, used=len(rows), skipped=2, blank=0)
    book.close()


def letters_gb18030():
    """csv in GB18030 with a title, tabs after codes as some systems write them, Chinese dates, words for states that the
    program does not know; and a second download of it."""
    words = {**STATUS, "failed": "发送失败", "withdrawn": "已撤回", "unsent": "未发送"}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([f"邀请记录（二期） {INVENTED}"])
    writer.writerow(["企业编号", "邀请函编码", "采购商姓名", "公司名", "电子邮件", "发送日期", "状态"])
    rows = letters("letters-2")
    for x in rows:
        sent = f"{x.sent.year}年{x.sent.month}月{x.sent.day}日"
        writer.writerow([f"{x.exhibitor}\t", f"{x.code}\t", x.name, x.company, "、".join(x.emails), sent, words[x.status]])
    writer.writerow(["合计", len(rows)])
    account("invitations", headings=2, used=len(rows), skipped=1, blank=0)
    for name in ("邀请记录-二期.csv", "邀请记录-二期 (1).csv"):
        (OUT / name).write_bytes(text.getvalue().encode("gb18030"))


def letters_xls():
    """xls: the buyer's headings below one merged cell, times as 20250416103000, a subtotal after each exhibitor,
    letters of an exhibitor that withdrew."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("邀请记录")
    sheet.write(0, 0, INVENTED)
    for column, heading in enumerate(["企业编号", "邀请码"]):
        sheet.write_merge(1, 2, column, column, heading)
    sheet.write_merge(1, 1, 2, 4, "采购商")
    for column, heading in enumerate(["姓名", "公司名称", "邮箱"], 2):
        sheet.write(2, column, heading)
    for column, heading in enumerate(["发送时间", "发送状态"], 5):
        sheet.write_merge(1, 2, column, column, heading)
    row, before, subtotals = 3, None, 0
    rows = letters("letters-3")
    for x in [*rows, None]:
        if before is not None and (x is None or x.exhibitor != before):
            sheet.write(row, 0, "小计")
            sheet.write(row, 1, sum(y.exhibitor == before for y in rows))
            row, subtotals = row + 1, subtotals + 1
        if x is None:
            break
        before = x.exhibitor
        cells = [x.exhibitor, x.code, x.name, x.company, "\n".join(x.emails), x.sent.strftime("%Y%m%d%H%M%S"), STATUS[x.status]]
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
        row += 1
    sheet.write(row, 0, f"总计：{len(rows)}")
    sheet.write(row + 2, 0, "制表：测试人员")
    withdrawn = sum(x.exhibitor == WITHDRAWN for x in rows)
    account("invitations", headings=3, used=len(rows) - withdrawn, skipped=withdrawn + subtotals + 2, blank=1)
    book.save(str(OUT / "邀请记录-三期.xls"))


def letters_utf16():
    """csv in UTF-16 with tabs, as Excel saves "Unicode text": apostrophes before codes, times with 上午 and 下午, two
    addresses with names and mailto."""
    lines = [HEADINGS]
    rows = letters("letters-late")
    for x in rows:
        half, hour = ("上午", x.sent.hour) if x.sent.hour < 13 else ("下午", x.sent.hour - 12)
        sent = f"{x.sent.year}-{x.sent.month}-{x.sent.day} {half}{hour}:{x.sent.minute:02d}"
        emails = " | ".join([*x.emails[:-1], f"{x.name} <mailto:{x.emails[-1]}>"])
        lines.append([f"'{x.exhibitor}", x.code, x.name, x.company, emails, sent, STATUS[x.status]])
    lines.append([f"注：{INVENTED}"])
    text = "".join("\t".join(line) + "\r\n" for line in lines)
    (OUT / "邀请记录-三期补发.csv").write_bytes(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))
    account("invitations", headings=1, used=len(rows), skipped=1, blank=0)


def badges_libreoffice():
    """xlsx of LibreOffice: a column of formulas with results, Excel dates, no column for how a buyer took part."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "签到"
    sheet.append([f"现场签到（一期）　{INVENTED}"])
    sheet.append([])
    sheet.append(["采购商编号", "姓名", "公司名称", "电子邮箱", "国家/地区", "邀请函编码", "登记类别", "是否首次", "到会情况", "到会日期"])
    rows = attendance("badges-1")
    for row, (b, (_, first, attended, seen)) in enumerate(rows, 4):
        sheet.append([
            b.id, b.name, b.company_seen(), b.email_seen(), b.country[1], b.code_seen(), "新采购商" if first else "老采购商",
            f'=IF(G{row}="新采购商","是","否")', "已到会" if attended else "未到会", seen.date(),
        ])
        sheet.cell(row, 10).number_format = "yyyy-mm-dd"
    sheet.append(["合计", f"=COUNTA(B4:B{len(rows) + 3})"])
    account("attendance", headings=2, used=len(rows), skipped=1, blank=1)
    libreoffice(book, "到会-现场一期", "xlsx")


def badges_ods():
    """ods of LibreOffice: numbers of buyers as numbers, a tick or nothing for whether they came."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "签到"
    sheet.append(["采购商编号", "姓名", "公司名称", "邮箱", "国家地区", "邀请码", "参会方式", "首次参会", "是否签到", "参会日期"])
    rows = attendance("badges-2")
    for b, (_, first, attended, seen) in rows:
        sheet.append([
            int(b.id), b.name, b.company_seen(), b.email_seen(), b.country[1], b.code_seen(), "现场", "是" if first else "否",
            "√" if attended else None, seen,
        ])
        sheet.cell(sheet.max_row, 10).number_format = "yyyy-mm-dd hh:mm"
    sheet.append([])
    sheet.append([f"注：{INVENTED}"])
    account("attendance", headings=1, used=len(rows), skipped=1, blank=1)
    libreoffice(book, "到会-现场二三期", "ods")


def online_utf8():
    """csv in UTF-8 with a mark: English headings, times in UTC, nothing that says whether a buyer came."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Buyer ID", "Buyer Name", "Company", "Email (required)", "Country", "Invitation Code", "Channel", "First Time", "Seen On"])
    rows = attendance("online")
    for b, (_, first, _, seen) in rows:
        utc = (seen - datetime.timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
        writer.writerow([b.id, b.name, b.company_seen(), b.email_seen(), b.country[2], b.code_seen(), "online", "Y" if first else "N", utc])
    writer.writerow([f"Note: {INVENTED}"])
    account("attendance", headings=1, used=len(rows), skipped=1, blank=0)
    (OUT / "到会-线上.csv").write_bytes(codecs.BOM_UTF8 + text.getvalue().encode())


def online_big5():
    """csv in Big5 with English headings, so that the headings do not tell the encoding."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Buyer ID", "Buyer Name", "Company", "Email", "Country", "Code", "Channel", "First Time", "Attended", "Seen On"])
    rows = attendance("online-hk")
    for b, (_, first, attended, seen) in rows:
        company = b.company_seen().replace("无", "無").replace("个人", "個人")
        when = f"{seen.year}/{seen.month}/{seen.day} {seen.hour}:{seen.minute:02d}"
        name = f"{b.name} 虛構人物"
        writer.writerow([b.id, name, company, b.email_seen(), b.country[2], b.code_seen().replace("无", "無"), "online",
                         "yes" if first else "no", "yes" if attended else "no", when])
    writer.writerow(["Note: 虛構數據，僅供測試"])
    account("attendance", headings=1, used=len(rows), skipped=1, blank=0)
    (OUT / "到会-线上香港.csv").write_bytes(text.getvalue().encode("big5"))


def penalties_ods():
    """ods of LibreOffice: fairs as 第135届."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "处罚"
    sheet.append([f"处罚名单（{INVENTED}）"])
    sheet.append(["企业编号", "企业名称", "事由", "起始届次", "截止届次"])
    sheet.append([PENALISED, f"虚构第{int(PENALISED)}机械厂", "虚构的违规转让展位", "第135届", "第138届"])
    account("penalties", headings=2, used=1, skipped=0, blank=0)
    libreoffice(book, "处罚名单", "ods")


def formulas():
    """Formulas that nothing calculated: openpyxl leaves out the result, XlsxWriter writes 0 for all of them."""
    cells = [["企业编号", "企业名称", "参展届次"], ["000101", '="虚构"&"一厂"', "136;137"], ["000102", '="虚构"&"二厂"', "136;137"]]
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = MADE
    for row in [[INVENTED], *cells]:
        book.active.append(row)
    book.save(FORMULAS / "openpyxl.xlsx")
    book = xlsxwriter.Workbook(FORMULAS / "xlsxwriter.xlsx")
    book.set_properties({"created": MADE})
    sheet = book.add_worksheet()
    for number, row in enumerate([[INVENTED], *cells]):
        sheet.write_row(number, 0, row)
    book.close()


def main():
    for folder in (OUT, FORMULAS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    exhibitors_openpyxl()
    letters_xlsxwriter()
    letters_gb18030()
    letters_xls()
    letters_utf16()
    badges_libreoffice()
    badges_ods()
    online_utf8()
    online_big5()
    penalties_ods()
    formulas()

    right = judge()
    known = counts()
    for e in right["exhibitors"]:
        assert {kind: e[kind] for kind in ("invitations", "new", "regular")} == known[e["exhibitor"]], e
        # A policy decides what a count of zero earns; it is not what is tried here.
        assert e["standing"] == "outside" or e["new"] and e["regular"], e
    late = judge("invited-before-arrival=required")
    before = {e["exhibitor"]: e for e in late["exhibitors"]}
    rows = {
        table: {"read": sum(rows.values()), "refused": 0, **{kind: rows[kind] for kind in ("used", "skipped", "blank", "headings")}}
        for table, rows in ACCOUNT.items()
    }
    expected = {
        "about": f"{INVENTED}: written by make.py",
        "pool": right["pool"],
        "awards": right["awards"],
        "rows": rows,
        "exhibitors": {
            e["exhibitor"]: {
                **known[e["exhibitor"]], "award": e["award"], "failed": e["failed"],
                "invited before arrival": {kind: before[e["exhibitor"]][kind] for kind in ("new", "regular", "award")},
            }
            for e in right["exhibitors"]
        },
    }
    lines = json.dumps(expected, ensure_ascii=False, indent=1)
    (HERE / "expected.json").write_text(lines + "\n", encoding="utf-8")
    print(len(LETTERS), "letters;", len(attendance(*ATTENDANCE)), "rows of attendance;", right["pool"], right["awards"])
    for e in right["exhibitors"]:
        print(e["exhibitor"], known[e["exhibitor"]], e["award"], e["failed"], before[e["exhibitor"]]["award"])


main()
