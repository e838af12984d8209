#!/usr/bin/env python3
"""Checks of judge.py computed by hand, on tiny fairs. `python3 selftest.py`; exit status 1 when one fails."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from fractions import Fraction
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import judge  # noqa: E402

KEYS = judge.read_placeholders(judge.SHIPPED_RULEBOOK)


def exhibitor(number, fairs="136;137"):
    return {"exhibitor": number, "name_zh": "甲公司", "fairs": fairs}


def letters(number, count, **more):
    return [{"exhibitor": number, "status": "sent", **more} for _ in range(count)]


def letter(number, **more):
    return {"exhibitor": number, "status": "sent", **more}


def seen(buyer, **more):
    return {"buyer": buyer, "country": "US", "channel": "onsite", "first_time": "yes", **more}


def source(table, rows):
    """The entry of a table, which says which fields it lacks."""
    absent = [f for f in judge.DECIDING[table] if rows and all(row.get(f) in (None, "") for row in rows)]
    return {"file": f"{table}.yaml", **({"absent": absent} if absent else {})}


def write(root, tables, files=None, sources=None, **more):
    folder = Path(root) / "data" / "fairs" / "137"
    folder.mkdir(parents=True)
    all_sources = {}
    for table in ("exhibitors", "invitations", "attendance", "penalties"):
        rows = tables.get(table)
        if rows is not None:
            (folder / f"{table}.yaml").write_text(json.dumps(rows), encoding="utf-8")
            all_sources[table] = [source(table, rows)]
    for name, data in (files or {}).items():
        (folder / name).write_bytes(data)
    all_sources.setdefault("penalties", "none")
    all_sources.update(sources or {})
    settings = {"fair": 137, "previous_fair": 136, "rulebook": {"id": "i-invite", "version": 1}, "sources": all_sources, **more}
    (folder / "fair.yaml").write_text(json.dumps(settings), encoding="utf-8")


def run(tables, files=None, sources=None, more=None, **policies):
    with tempfile.TemporaryDirectory() as root:
        write(root, tables, files, sources, **(more or {}))
        chosen = judge.default_policies()
        for name, choice in policies.items():
            chosen[name.replace("_", "-")] = choice
        return judge.award(judge.Fair(root, 137), chosen)


def of(result, number):
    return next(entry for entry in result["exhibitors"] if entry["exhibitor"] == number)


def matched(invitations, attendance, **policies):
    """(invitations, new, regular) of one exhibitor."""
    rows = [letter("A", **row) for row in invitations]
    entry = of(run({"exhibitors": [exhibitor("A")], "invitations": rows, "attendance": attendance}, **policies), "A")
    return entry["invitations"], entry["new"], entry["regular"]


def counted(counts, **policies):
    """A fair in which exhibitors have exactly these counts: {number: (sent, new, regular)}."""
    most_new = max(new for _sent, new, _regular in counts.values())
    most_regular = max(regular for _sent, _new, regular in counts.values())
    attendance = [seen(f"N{i}", code=f"n{i}") for i in range(most_new)]
    attendance += [seen(f"R{i}", code=f"r{i}", first_time="no") for i in range(most_regular)]
    invitations = []
    for number, (sent, new, regular) in counts.items():
        codes = [f"n{i}" for i in range(new)] + [f"r{i}" for i in range(regular)]
        assert len(codes) <= sent
        invitations += [letter(number, code=code) for code in codes] + letters(number, sent - len(codes))
    return run({"exhibitors": [exhibitor(n) for n in counts], "invitations": invitations, "attendance": attendance}, **policies)


FIVE = {"A": (50, 25, 10), "B": (40, 20, 8), "C": (30, 15, 6), "D": (20, 10, 4), "E": (10, 5, 2)}


class FiveInARow(unittest.TestCase):
    def test_scores(self):
        result = counted(FIVE)
        self.assertEqual(result["pool"], 5)
        self.assertEqual([e["score"] for e in result["exhibitors"]], ["100", "80", "60", "40", "20"])
        self.assertEqual([e["award"] for e in result["exhibitors"]], ["gold", "gold", "silver", None, None])
        self.assertEqual(result["awards"], {"gold": 2, "silver": 1})
        self.assertEqual(of(result, "C")["indicators"]["new"], {"count": 15, "rank": "3", "percent": "60", "points": 60})

    def test_one_more(self):
        # Six in the pool: 1/6 = 16.67 -> 17, 33, 50, 67, 83, 100: points 100, 80, 60, 40, 20, 20.
        result = counted({**FIVE, "F": (10, 5, 2)})
        self.assertEqual([e["indicators"]["new"]["percent"] for e in result["exhibitors"]], ["17", "33", "50", "67", "83", "83"])
        self.assertEqual([e["score"] for e in result["exhibitors"]], ["100", "80", "60", "40", "20", "20"])

    def test_exact_percent(self):
        result = counted({**FIVE, "F": (11, 6, 3)}, rounding="none")
        self.assertEqual([of(result, n)["indicators"]["new"]["percent"] for n in "ABCDFE"],
                         ["16.666667", "33.333333", "50", "66.666667", "83.333333", "100"])


class Rounding(unittest.TestCase):
    def test_41_of_200(self):
        exact = Fraction(100 * 41, 200)
        self.assertEqual(judge.round_half_up(exact), 21)
        self.assertEqual(judge.round_half_even(exact), 20)
        self.assertEqual(judge.round_half_even(Fraction(43, 2)), 22)
        self.assertEqual(judge.round_half_even(Fraction(1, 2)), 0)
        policies = judge.default_policies()
        self.assertEqual(judge.points_of(1, judge.percent_of(Fraction(41), 200, "half-up"), policies), 80)
        self.assertEqual(judge.points_of(1, judge.percent_of(Fraction(41), 200, "half-even"), policies), 100)
        self.assertEqual(judge.points_of(1, judge.percent_of(Fraction(41), 200, "none"), policies), 80)
        self.assertEqual(judge.points_of(1, judge.percent_of(Fraction(40), 200, "none"), policies), 100)

    def test_a_pool_of_200(self):
        counts = {f"{n:03d}": (12, 7 if n < 40 else 6, 0) for n in range(200)}
        for rounding, percent, points in [("half-up", "21", 80), ("half-even", "20", 100), ("none", "20.5", 80)]:
            result = counted(counts, rounding=rounding)
            self.assertEqual(result["pool"], 200)
            self.assertEqual(of(result, "040")["indicators"]["new"], {"count": 6, "rank": "41", "percent": percent, "points": points})
        # the first of 200: 0.5 -> 1, or 0 under half-even, which no-band gives nothing
        self.assertEqual(of(counted(counts), "000")["indicators"]["new"]["percent"], "1")
        first = of(counted(counts, rounding="half-even", zero_percent="no-band"), "000")["indicators"]
        self.assertEqual(first["new"], {"count": 7, "rank": "1", "percent": "0", "points": 0})
        # all have 0 regular buyers: rank 1, percent 0, and no band either
        self.assertEqual(first["regular"], {"count": 0, "rank": "1", "percent": "0", "points": 0})
        lowest = counted(counts, rounding="half-even", zero_percent="no-band", zero_count="lowest-band")
        self.assertEqual(of(lowest, "000")["indicators"]["regular"]["points"], 20)

    def test_decimal_strings(self):
        for number, text in [(Fraction(100), "100"), (Fraction(3, 2), "1.5"), (Fraction(25, 16), "1.5625"), (Fraction(0), "0"),
                             (Fraction(200, 3), "66.666667"), (Fraction(100, 3), "33.333333"), (Fraction(1, 128), "0.0078125"),
                             (Fraction(500, 23), "21.739130"), (Fraction(1, 20), "0.05")]:
            self.assertEqual(judge.decimal_string(number), text)


class Ties(unittest.TestCase):
    COUNTS = {"A": (12, 6, 0), "B": (12, 5, 0), "C": (12, 5, 0), "D": (12, 5, 0), "E": (11, 5, 1)}

    def ranks(self, **policies):
        return [e["indicators"]["new"]["rank"] for e in counted(self.COUNTS, **policies)["exhibitors"]]

    def test_ranks(self):
        self.assertEqual(self.ranks(), ["1", "2", "2", "2", "2"])
        self.assertEqual(self.ranks(ties="max"), ["1", "5", "5", "5", "5"])
        self.assertEqual(self.ranks(ties="average"), ["1", "3.5", "3.5", "3.5", "3.5"])

    def test_points(self):
        # invitations 12 12 12 12 11: average rank (1+4)/2 = 2.5 -> 50 % -> 60 points
        entry = of(counted(self.COUNTS, ties="average"), "A")
        self.assertEqual(entry["indicators"]["invitations"], {"count": 12, "rank": "2.5", "percent": "50", "points": 60})
        # 6 + 70 + regular 0, average rank (2+5)/2 = 3.5 of 5, 70 % -> 40 points -> 8
        self.assertEqual(entry["score"], "84")

    def test_zero_count(self):
        entry = of(counted(self.COUNTS), "A")["indicators"]["regular"]
        self.assertEqual(entry, {"count": 0, "rank": "2", "percent": "40", "points": 80})
        entry = of(counted(self.COUNTS, zero_count="lowest-band"), "A")["indicators"]["regular"]
        self.assertEqual(entry, {"count": 0, "rank": "2", "percent": "40", "points": 20})


class Gates(unittest.TestCase):
    def test_thresholds(self):
        result = counted({"A": (10, 3, 2), "B": (9, 5, 0), "C": (10, 2, 2), "D": (4, 4, 0)})
        self.assertEqual([e["failed"] for e in result["exhibitors"]],
                         [[], ["enough-invitations"], ["enough-buyers"], ["enough-invitations", "enough-buyers"]])
        self.assertEqual([e["standing"] for e in result["exhibitors"]], ["evaluated", "outside", "outside", "outside"])
        self.assertEqual(of(result, "B")["indicators"], None)
        self.assertEqual(of(result, "B")["score"], None)
        self.assertEqual((result["pool"], of(result, "A")["score"]), (1, "20"))  # alone: rank 1 of 1 is 100 %

    def tables(self, fairs, penalties=()):
        attendance = [seen(f"B{i}", code=f"c{i}") for i in range(9)]
        invitations = []
        for n, number in enumerate("ABCDE"):
            invitations += [letter(number, code=f"c{i}") for i in range(9 - n)] + letters(number, 6)
        return {"exhibitors": [exhibitor(n, fairs if n == "A" else "136;137") for n in "ABCDE"], "invitations": invitations,
                "attendance": attendance, "penalties": list(penalties)}

    def test_two_latest_fairs(self):
        result = run(self.tables("137"))
        first = of(result, "A")
        self.assertEqual((first["standing"], first["failed"], first["earned"], first["award"]),
                         ("evaluated", ["two-latest-fairs"], "gold", None))
        self.assertEqual((result["pool"], of(result, "B")["indicators"]["new"]["rank"]), (5, "2"))
        result = run(self.tables("137"), two_latest_fairs="pool")
        first = of(result, "A")
        self.assertEqual((first["standing"], first["failed"], first["earned"], first["award"], first["indicators"]),
                         ("outside", ["two-latest-fairs"], None, None, None))
        self.assertEqual((result["pool"], of(result, "B")["indicators"]["new"]["rank"]), (4, "1"))

    def test_fairs_cells(self):
        for cell, both in [("136;137", True), ("137；136", True), ("135、136、137", True), ([136, 137], True), ("136,137", True), ("第136届、第137届", True),
                           ("136\n137", True), ("１３６，１３７届", True), ("137", False), ("136", False), ([137], False), (None, False),
                           ("", False), ("139;137", False)]:
            self.assertEqual(of(run(self.tables(cell)), "A")["failed"], [] if both else ["two-latest-fairs"], cell)

    def test_fairs_that_cannot_be_meant(self):
        for cell in ["136137", "1136;1137", "0", "140;137", [136, 137, 140], 136137, "136;x"]:
            with self.assertRaises(judge.Fault, msg=cell):
                run(self.tables(cell))

    def test_penalties(self):
        for first, last, covered in [(137, 137, True), (130, 137, True), (137, 140, True), (136, 136, False), (138, 140, False)]:
            row = {"exhibitor": "A", "from_fair": first, "until_fair": str(last)}
            entry = of(run(self.tables("136;137", [row])), "A")
            self.assertEqual(entry["failed"], ["no-penalty"] if covered else [])
            self.assertEqual(entry["standing"], "outside" if covered else "evaluated")

    def test_order_of_failed(self):
        row = {"exhibitor": "A", "from_fair": 137, "until_fair": 137}
        result = run({"exhibitors": [exhibitor("A", "136")], "invitations": [], "attendance": [], "penalties": [row]})
        self.assertEqual(of(result, "A")["failed"], ["enough-invitations", "enough-buyers", "no-penalty", "two-latest-fairs"])

    def test_sorted_by_code_point(self):
        result = run({"exhibitors": [exhibitor(n) for n in ["b", "A2", "A10", "甲", "Z"]], "invitations": [], "attendance": []})
        self.assertEqual([e["exhibitor"] for e in result["exhibitors"]], ["A10", "A2", "Z", "b", "甲"])


class Keys(unittest.TestCase):
    def test_codes(self):
        self.assertEqual(KEYS.code_key(" a\u00adb\u00a0\uff11\u200b"), "AB1")
        self.assertEqual(KEYS.code_key("straße"), "STRASSE")
        self.assertEqual(KEYS.code_key("\u0085\u2028xy\u180e"), "XY")
        self.assertEqual(KEYS.code_key("x\u001f"), "X\u001f")  # neither White_Space nor Cf
        self.assertEqual(KEYS.code_key("x\ufe0f"), "X\ufe0f")  # a variation selector is Mn
        self.assertIsNone(KEYS.code_key("\u200b "))
        self.assertNotEqual(KEYS.code_key("007"), KEYS.code_key("7"))

    def test_emails(self):
        self.assertEqual(KEYS.email_key(" Ana＠X.Example\u200b"), "ana@x.example")
        for bad in ["a", "a@b@c", "@b", "a@", " @ b", "a@\u200b", ""]:
            self.assertIsNone(KEYS.email_key(bad))

    def test_addresses_of_a_cell(self):
        for cell, keys in [("a@x; b@y", ["a@x", "b@y"]), ("a@x，b@y、c@z|d@w｜e@v\nf@u；g@t,h@s", list("a@x b@y c@z d@w e@v f@u g@t h@s".split())),
                           ("Ana <A@X.example>", ["a@x.example"]), ('"Li, Wei" <li@x>; mailto:b@y', ["li@x", "b@y"]),
                           ("'a@x'", ["a@x"]), ("<MAILTO:a@x>", ["a@x"]), ('"a@x";"b@y"', ["a@x", "b@y"]), ("call first; a@x;", ["a@x"]),
                           ("none@none.com; a@x", ["a@x"]), ("a@x b@y", [])]:
            self.assertEqual(KEYS.email_keys(cell), keys, cell)

    def test_placeholders(self):
        for bad in ["NULL", "ｎ／ａ", "0", "０ 0", "-", "\\N", "'0", "未 填写"]:
            self.assertIsNone(KEYS.code_key(bad), bad)
        for bad in ["NULL", "n/a", "'-", "无", "０"]:
            self.assertIsNone(KEYS.buyer_number(bad), bad)
        for good in ["nULL", "00000000", "B0"]:
            self.assertIsNotNone(KEYS.buyer_number(good), good)
        self.assertEqual(KEYS.code_key("'0012"), "0012")
        rows = [seen("NULL", email="a@x", code="c"), seen("NULL", email="b@x", code="c"), seen("无", email="B@x;z@z", code="c")]
        self.assertEqual(matched([{"code": "c"}], rows), (1, 2, 0))

    def test_companies(self):
        for one, other in [("Straße GmbH", "STRASSE-GMBH."), ("广州（进出口）", "广州进出口"), ("Cafe\u0301", "CAFÉ"), ("ﬁne", "FINE"),
                           ("İx", "i\u0307X"), ("Ⅷ", "viii"), ("ΣΟΦΟΣ", "σοφος"), ("ǰ", "J\u030c"), ("A&B", "AB")]:
            self.assertEqual(KEYS.company_key(one), KEYS.company_key(other), one)
        for one, other in [("İx", "ix"), ("ı", "i"), ("Cafe", "Café"), ("A Ltd", "A"), ("हिन्दी", "हनद")]:
            self.assertNotEqual(KEYS.company_key(one), KEYS.company_key(other), one)
        for bad in ["n/a", "N. A.", "个 人", "（无）", "-", "—", "Self employed", "ｎｕｌｌ", "未填写", "公司名称", "0", "Company"]:
            self.assertIsNone(KEYS.company_key(bad))

    def test_not_a_name_matches_nobody(self):
        self.assertEqual(matched([{"company": "N/A", "email": "x", "code": "\u200b"}],
                                 [seen("1", company="n/a", email="x", code="\u00ad")]), (1, 0, 0))


class Buyers(unittest.TestCase):
    def test_each_way(self):
        for field, value in [("code", "c1"), ("company", "Acme"), ("email", "a@x.example")]:
            self.assertEqual(matched([{field: value}], [seen("1", **{field: value.upper()})]), (1, 1, 0))
        # the kinds do not mix
        self.assertEqual(matched([{"code": "Acme"}], [seen("1", company="Acme")]), (1, 0, 0))

    def test_once_each(self):
        self.assertEqual(matched([{"code": "c1"}, {"company": "Acme"}, {"code": "c1"}], [seen("1", code="c1", company="acme")]), (3, 1, 0))

    def test_only_sent(self):
        self.assertEqual(matched([{"code": "c1", "status": "退信"}], [seen("1", code="c1")]), (0, 0, 0))

    def test_numbers_are_texts(self):
        rows = [seen("B 1", code="c1"), seen("Ｂ1\u200b", code="c2"), seen("b1", code="c3")]
        self.assertEqual(matched([{"code": "c1"}, {"code": "c2"}, {"code": "c3"}], rows), (3, 2, 0))

    def test_email_buyers_stay_apart(self):
        rows = [seen("1", email="a@x.example"), seen(None, email="A@x.example"), seen("", email="a@x. example")]
        self.assertEqual(matched([{"email": "a@x.example"}], rows), (1, 2, 0))

    def test_attended(self):
        self.assertEqual(matched([{"code": "c1"}], [seen("1", code="c1", attended="否")]), (1, 0, 0))
        for word, counts in [("√", 1), ("已到会", 1), ("已签到", 1), ("×", 0), ("未到会", 0), ("未签到", 0)]:
            rows = [seen("1", code="c1", attended=word), seen("2", attended="no")]
            self.assertEqual(matched([{"code": "c1"}], rows), (1, counts, 0), word)
        # matched by the row that says no: not looked at again
        self.assertEqual(matched([{"code": "c1"}], [seen("1", code="c1", attended="no"), seen("1", code="c2")]), (1, 0, 0))
        # and it decides nothing
        rows = [seen("1", code="c1", attended="no", country="CN", first_time="no"), seen("1", code="c1", channel="online")]
        self.assertEqual(matched([{"code": "c1"}], rows), (1, 1, 0))

    def test_overseas(self):
        for country, counts in [("CN", 0), ("中国", 0), ("HK", 1), ("MO", 1), ("TW", 1), ("中国香港", 1), ("Germany", 1)]:
            self.assertEqual(matched([{"code": "c"}], [seen("1", code="c", country=country)]), (1, counts, 0))

    def test_rows_that_disagree(self):
        online_us, onsite_cn = seen("1", code="c", channel="online"), seen("1", code="c", country="CN")
        onsite_us = seen("1", code="c")
        self.assertEqual(matched([{"code": "c"}], [online_us, onsite_cn, onsite_us]), (1, 0, 0))
        self.assertEqual(matched([{"code": "c"}], [online_us, onsite_us, onsite_cn]), (1, 1, 0))
        online_cn = seen("1", code="c", country="CN", channel="online")
        self.assertEqual(matched([{"code": "c"}], [online_cn, online_us]), (1, 0, 0))

    def test_new_or_regular(self):
        cases = [  # (rows: channel and first time), deciding-rows, any-new, any-regular: is the buyer new?
            ([("onsite", "yes")], True, True, True),
            ([("onsite", "yes"), ("onsite", "no")], False, True, False),
            ([("onsite", "yes"), ("online", "no")], True, True, False),
            ([("onsite", "no"), ("online", "yes")], False, True, False),
            ([("online", "yes"), ("online", "no")], False, True, False),
            ([("online", "no")], False, False, False),
        ]
        for rows, *expected in cases:
            # only the first row matches: the whole register decides
            attendance = [seen("1", channel=c, first_time=f, **({"code": "c"} if i == 0 else {})) for i, (c, f) in enumerate(rows)]
            for policy, new in zip(["deciding-rows", "any-new", "any-regular"], expected):
                self.assertEqual(matched([{"code": "c"}], attendance, new_or_regular=policy), (1, int(new), int(not new)), (rows, policy))

    def test_invited_before_arrival(self):
        def count(sent_on, *days):
            rows = [seen("1", code="c", seen_on=day) for day in days]
            return matched([{"code": "c", "sent_on": sent_on}], rows, invited_before_arrival="required")[1]

        self.assertEqual(count("2025-04-14", "2025-04-15"), 1)
        self.assertEqual(count("2025/4/15", "2025-04-15"), 1)  # the day itself is not after
        self.assertEqual(count("2025-04-15 23:59:59", "2025-04-15 00:00:00"), 1)
        self.assertEqual(count("2025-04-16", "2025-04-15"), 0)
        self.assertEqual(count("2025-04-16", "2025-04-17", "2025-04-15"), 0)  # the earliest
        self.assertEqual(count("2025-04-16", "2025-04-17", None), 1)
        self.assertEqual(count(None, "2025-04-15"), 1)
        self.assertEqual(count("2025-04-16", None), 1)
        invitations = [{"code": "c", "sent_on": "2025-05-01"}, {"company": "Acme", "sent_on": "2025-04-01"}]
        rows = [seen("1", code="c", company="ACME", seen_on="2025-04-15")]
        self.assertEqual(matched(invitations, rows, invited_before_arrival="required"), (2, 1, 0))
        # a row that says no has no say about the first day
        rows = [seen("1", code="c", seen_on="2025-04-15", attended="no"), seen("1", code="c", seen_on="2025-04-20")]
        self.assertEqual(matched([{"code": "c", "sent_on": "2025-04-18"}], rows, invited_before_arrival="required"), (1, 1, 0))


class Recipients(unittest.TestCase):
    def count(self, *rows):
        return matched(list(rows), [], invitation_unit="distinct-recipients")[0]

    def test_units(self):
        self.assertEqual(matched([{"email": "a@x.example"}] * 3, [])[0], 3)
        self.assertEqual(self.count({"email": "a@x.example"}, {"email": "A@X.example ", "company": "Acme"}), 1)
        self.assertEqual(self.count({"company": "Acme", "buyer_name": "Ana"}, {"company": "ACME.", "buyer_name": "Ana", "email": "bad"}), 1)
        self.assertEqual(self.count({"company": "Acme", "buyer_name": "Ana"}, {"company": "Acme", "buyer_name": "Bo"}, {"company": "Acme"}), 3)
        self.assertEqual(self.count({"company": "n/a", "buyer_name": "Ana"}, {"company": "无", "buyer_name": "Ana"}), 1)
        self.assertEqual(self.count({}, {"company": "-"}, {"code": "x"}, {"code": "x"}), 4)
        self.assertEqual(self.count({"email": "a@x.example", "status": "failed"}, {"email": "b@x.example"}), 1)

    def test_gate(self):
        tables = {"exhibitors": [exhibitor("A")], "invitations": letters("A", 10, email="a@x.example"), "attendance": []}
        self.assertEqual(of(run(tables), "A")["failed"], ["enough-buyers"])
        self.assertEqual(of(run(tables, invitation_unit="distinct-recipients"), "A")["failed"], ["enough-invitations", "enough-buyers"])


class Files(unittest.TestCase):
    BASE = {"exhibitors": [exhibitor("A")], "attendance": [seen("1", code="c1")]}

    LACKING = ["code", "company", "email", "sent_on", "buyer_name"]

    def read(self, data, has=(), more=None, **source):
        absent = [field for field in self.LACKING if field not in has]
        return run(self.BASE, {"i.csv": data}, {"invitations": [{"file": "i.csv", "absent": absent, **source}]}, more)

    @staticmethod
    def account(read, used, skipped=0, blank=0, headings=1):
        return {"read": read, "used": used, "refused": 0, "skipped": skipped, "blank": blank, "headings": headings}

    def test_encodings_and_delimiters(self):
        text = "邀请函 编码,备注,ＥＸＨＩＢＩＴＯＲ_id,状态\r\nC1,甲,A,成功\r\n\r\n,,,\r\nc2,\"x\ny\",A,退信"
        for delimiter in ",;\t":
            body = text.replace(",", delimiter)
            for data in [body.encode("utf-8"), body.encode("utf-8-sig"), b"\xff\xfe" + body.encode("utf-16-le"),
                         b"\xfe\xff" + body.encode("utf-16-be"), body.encode("gb18030")]:
                result = self.read(data, has=["code"])
                self.assertEqual(result["rows"]["invitations"], self.account(5, 2, blank=2))
                self.assertEqual((of(result, "A")["invitations"], of(result, "A")["new"]), (1, 1))

    def test_set_and_columns(self):
        result = self.read("用户,exhibitor\nc1,A\n".encode(), has=["code"], set={"status": "sent"}, columns={"code": "用户"})
        self.assertEqual((of(result, "A")["invitations"], of(result, "A")["new"]), (1, 1))

    def test_globs_are_sorted_by_name(self):
        # first on-site row: -10 comes before -2
        head = "buyer,code,country,channel,first_time\n"
        absent = ["company", "email", "attended", "seen_on"]
        files = {"a-2.csv": (head + "1,c,US,线下,是\n").encode(), "a-10.csv": (head + "1,c,CN,线下,是\n").encode()}
        tables = {"exhibitors": [exhibitor("A")], "invitations": [letter("A", code="c")]}
        result = run(tables, files, {"attendance": [{"file": "a-*.csv", "absent": absent}]})
        self.assertEqual(of(result, "A")["new"], 0)
        self.assertEqual(result["rows"]["attendance"], self.account(4, 2, headings=2))
        result = run(tables, files, {"attendance": [{"file": f"a-{n}.csv", "absent": absent} for n in (2, 10)]})
        self.assertEqual(of(result, "A")["new"], 1)

    def test_rows_of_the_tables_named(self):
        result = self.read(b"exhibitor,status\nA,sent\n")
        self.assertEqual(result["rows"], {
            "exhibitors": self.account(1, 1, headings=0), "attendance": self.account(1, 1, headings=0), "invitations": self.account(2, 1)})
        self.assertEqual(set(result), {"fair", "policies", "pool", "awards", "rows", "exhibitors"})
        self.assertEqual(result["policies"]["struck-off"], "hold-harmless")

    def test_refusals(self):
        cases = [
            b"exhibitor,status\nA,delivered\n", b"exhibitor,status\nA,\n", b"exhibitor,status\nX,sent\n", b"exhibitor\nA\n",
            b"exhibitor,status,sent_on\nA,sent,2025-02-30\n", b"exhibitor,status\n,sent\n",
        ]
        for data in cases:
            with self.assertRaises(judge.Fault, msg=data):
                self.read(data, has=["sent_on"] if b"sent_on" in data else [])
        for row in [seen(None), seen("", email="a@b@c"), seen("1", country="Atlantis"), seen("1", channel="x"), seen("1", first_time=None)]:
            with self.assertRaises(judge.Fault, msg=row):
                run({"exhibitors": [], "invitations": [], "attendance": [row]})
        with self.assertRaises(judge.Fault):
            run({"exhibitors": [exhibitor("A"), {**exhibitor("A"), "name_zh": "乙公司"}], "invitations": [], "attendance": []})
        with self.assertRaises(judge.Fault):
            run({"exhibitors": [], "invitations": []}, sources={"attendance": [{"file": "gone-*.csv"}]})

    def test_rows_of_booths(self):
        rows = [exhibitor("A", None), {**exhibitor("A"), "booths": "1.1A01"}, {**exhibitor("A", "137、136"), "booths": "1.1A02", "name_en": "X"}]
        result = run({"exhibitors": rows, "invitations": letters("A", 1), "attendance": []})
        self.assertEqual((of(result, "A")["failed"], result["rows"]["exhibitors"]["used"]), (["enough-invitations", "enough-buyers"], 3))
        for other in [{"name_en": "Y"}, {"fairs": "137"}]:
            with self.assertRaises(judge.Fault, msg=other):
                run({"exhibitors": rows + [{**exhibitor("A"), **other}], "invitations": letters("A", 1), "attendance": []})

    def test_totals_and_remarks(self):
        body = "第137届,\n,\nexhibitor（必填）,状态*\nA,sent\n小计：1,\nA,sent\n合计,\n注：系统导出,\n,\n制表人 张三,\n"
        result = self.read(body.encode())
        self.assertEqual(result["rows"]["invitations"], self.account(10, 2, skipped=4, blank=2, headings=2))
        for row in ["注：x,", "合计,sent", "合计人数,", "Totals,"]:
            with self.assertRaises(judge.Fault, msg=row):
                self.read(f"exhibitor,status\nA,sent\n{row}\nA,sent\n".encode())

    def test_unknown_exhibitors_that_are_accepted(self):
        accepted = {"accepted": [{"finding": "unknown-exhibitor", "count": 2, "awards": 0, "because": "withdrew"}]}
        result = self.read(b"exhibitor,status\nX,sent\nA,sent\nX,failed\n", more=accepted)
        self.assertEqual(result["rows"]["invitations"], self.account(4, 1, skipped=2))
        with self.assertRaises(judge.Fault):
            self.read(b"exhibitor,status\nX,sent\nA,sent\nX,failed\nY,sent\n", more=accepted)

    def test_options(self):
        self.assertEqual(of(self.read("X,exhibitor,X\nc1,A,发送\n".encode(), columns={"status": "X#2"},
                                      values={"status": {"发送": "sent"}}), "A")["invitations"], 1)
        self.assertEqual(of(self.read(b"status,exhibitor\n,A\n", values={"status": {"": "sent"}}), "A")["invitations"], 1)
        self.assertEqual(of(self.read("状态,发送状态,exhibitor\nsent,?,A\n".encode(), ignore=["发送状态"]), "A")["invitations"], 1)
        self.assertEqual(of(self.read("備註,status,exhibitor\n廣州,成功,A\n".encode("big5"), encoding="big5"), "A")["invitations"], 1)
        for data, options in [
            ("状态,发送状态,exhibitor\nsent,?,A\n".encode(), {}),
            (b"exhibitor,status\nA,sent\n", {"set": {"status": "sent"}}),
            (b"X,exhibitor,X,status\nc1,A,c2,sent\n", {"columns": {"code": "X"}, "has": ["code"]}),
            (b"X,exhibitor,status\nc1,A,sent\n", {"columns": {"code": "X", "company": "X"}, "has": ["code", "company"]}),
            (b"exhibitor,status,code\nA,sent,c1\n", {}),
            (b"exhibitor,status,code\nA,sent,\n", {"has": ["code"]}),
            (b"exhibitor,status,code\nA,sent,1.5E+10\n", {"has": ["code"]}),
        ]:
            with self.assertRaises(judge.Fault, msg=data):
                self.read(data, **options)

    def test_fields_that_a_policy_reads(self):
        tables = {"exhibitors": [exhibitor("A")], "invitations": letters("A", 1), "attendance": []}
        said = [{"file": "invitations.yaml", "absent": ["code", "company", "email"]}]
        self.assertEqual(run(tables, sources={"invitations": said})["pool"], 0)
        for policies in [{"invitation_unit": "distinct-recipients"}, {"invited_before_arrival": "required"}]:
            with self.assertRaises(judge.Fault):
                run(tables, sources={"invitations": said}, **policies)
        with self.assertRaises(judge.Fault):
            run({**tables, "invitations": letters("A", 1, code="c")}, sources={"invitations": [{"file": "invitations.yaml"}]})

    def test_yes_and_empty_cells_only(self):
        tables = {"exhibitors": [exhibitor("A")], "invitations": letters("A", 1)}
        rows = [seen("1", attended="yes", code="c"), seen("2", code="c")]
        for values, fine in [({}, False), ({"attended": {"": "no"}}, True)]:
            entry = {"file": "attendance.yaml", "absent": ["company", "email", "seen_on"], "values": values}
            if fine:
                run({**tables, "attendance": rows}, sources={"attendance": [entry]})
            else:
                with self.assertRaises(judge.Fault):
                    run({**tables, "attendance": rows}, sources={"attendance": [entry]})

    def test_rows_counted_twice(self):
        def rows(numbers):
            return ("exhibitor,status,code\n" + "".join(f"A,sent,c{n}\n" for n in numbers)).encode()

        absent = ["company", "email"]
        for numbers, fine in [(range(20), False), (range(18, 38), True), (range(17, 37), False), (range(30, 40), True)]:
            files = {"i.csv": rows(range(20)), "j.csv": rows(numbers) + b"\n"}
            sources = {"invitations": [{"file": "?.csv", "absent": absent}]}
            if fine:
                self.assertEqual(of(run(self.BASE, files, sources), "A")["invitations"], 20 + len(numbers))
            else:
                with self.assertRaises(judge.Fault, msg=numbers):
                    run(self.BASE, files, sources)
        with self.assertRaises(judge.Fault):
            run(self.BASE, {"i.csv": rows(range(20))}, {"invitations": [{"file": "?.csv", "absent": absent}, {"file": "i.csv", "absent": absent}]})

    def test_dates(self):
        for text, day in [("2025-04-15", 15), ("2025/4/15", 15), ("2025年4月15日", 15), ("20250415", 15), ("20250415103000", 15),
                          ("2025-04-15 上午10:05", 15), ("2025-04-15 10时20分", 15), ("2025-04-15T23:30:00+08:00", 15),
                          ("2025-04-15T16:00:00Z", 16), ("20250415T160000Z", 16), ("2025-04-15T20:00:00-05:00", 16)]:
            self.assertEqual(judge.parse_date(text).day, day, text)
        for text in ["2025-02-30", "2025-04-15 25:00", "2025-04-15x", "2025-04-15 下午13:00", "15.04.2025", "2025-4", "20250431"]:
            with self.assertRaises(judge.Fault, msg=text):
                judge.parse_date(text)

    def test_exit_status(self):
        for status, expected in [("sent", 0), ("delivered", 1)]:
            with tempfile.TemporaryDirectory() as root:
                write(root, {"exhibitors": [exhibitor("A")], "invitations": [{"exhibitor": "A", "status": status}], "attendance": []})
                out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    self.assertEqual(judge.main([root, "137", "--policy", "ties=max"]), expected)
                    self.assertEqual(judge.main([root, "137", "--policy", "ties=min"]), 2)

    def test_xlsx(self):
        try:
            import openpyxl
        except ImportError:
            self.skipTest("no openpyxl")
        import datetime

        book = openpyxl.Workbook()
        first = book.active
        first.title = "隐藏"
        first.append(["exhibitor", "status", "code"])
        first.append(["A", "sent", "hidden"])
        first.sheet_state = "hidden"
        one = book.create_sheet("一")
        for row in [["Sent At", "code", "exhibitor", "status"], [datetime.datetime(2025, 4, 15, 23, 0), "c1", "A", "sent"],
                    [None] * 4, [datetime.date(2025, 4, 1), "c2", "A", "sent"]]:
            one.append(row)
        two = book.create_sheet("二")
        for row in [["exhibitor", "status"], ["A", "失败"]]:
            two.append(row)
        book.active = 1
        out = io.BytesIO()
        book.save(out)
        absent = ["company", "email", "buyer_name"]
        both = [{"file": "i.xlsx", "sheet": "一", "absent": absent}, {"file": "i.xlsx", "sheet": ["二"], "absent": absent + ["code"]}]
        result = run(self.BASE, {"i.xlsx": out.getvalue()}, {"invitations": both})
        self.assertEqual(result["rows"]["invitations"], self.account(6, 3, blank=1, headings=2))
        self.assertEqual((of(result, "A")["invitations"], of(result, "A")["new"]), (2, 1))
        result = run(self.BASE, {"i.xlsx": out.getvalue()}, {"invitations": [{"file": "i.xlsx", "sheet": "二*", "absent": absent + ["code"]}]})
        self.assertEqual(of(result, "A")["invitations"], 0)
        for number, form, digits, fine in [(1234, "General", {}, False), (1234, "000000", {}, True), (1234, "General", {"code": 6}, True),
                                           (1234567, "General", {"code": 6}, False)]:
            one["B2"] = number
            one["B2"].number_format = form
            out = io.BytesIO()
            book.save(out)
            tables = {**self.BASE, "attendance": [seen("1", code="001234")]}
            sources = {"invitations": [{"file": "i.xlsx", "sheet": "一", "absent": absent, "digits": digits}]}
            if fine:
                self.assertEqual(of(run(tables, {"i.xlsx": out.getvalue()}, sources), "A")["new"], 1)
            else:
                with self.assertRaises(judge.Fault, msg=(number, form)):
                    run(tables, {"i.xlsx": out.getvalue()}, sources)


class ManyRoots(unittest.TestCase):
    def test_order(self):
        changes = list(judge.deviations(False))
        self.assertEqual(changes[:3], [{}, {"invitation-unit": "distinct-recipients"}, {"new-or-regular": "any-new"}])
        self.assertEqual(len(changes), 15)


if __name__ == "__main__":
    unittest.main()
