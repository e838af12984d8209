#!/usr/bin/env python3
"""Runs the portable cases of tests/cases with this implementation.

    cases.py FOLDER

Prints a line for each case that comes out otherwise. Exit status: 0 all as expected; 1 some are not.
"""

import datetime
import json
import sys
import tempfile
from pathlib import Path

import judge

RULEBOOK = {"id": "i-invite", "version": 1}
FIRST_FAIR = 137
WORKING_DAYS = {"publish-within": 20, "notice": 5}
BONUS = {"gold": 2, "silver": 1}


def repeated(rows):
    """The rows, each as often as its `times` says."""
    result = []
    for row in rows:
        cells = {key: value for key, value in row.items() if key != "times"}
        result.extend([cells] * row.get("times", 1))
    return result


def award(case):
    """The object of `award --format json` without `rulebook`, or None where the fair is refused."""
    if case["rulebook"] != RULEBOOK or case["fair"] < FIRST_FAIR:
        return None
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "data" / "fairs" / str(case["fair"])
        folder.mkdir(parents=True)
        sources = {"penalties": "none"}
        for table, rows in case["rows"].items():
            (folder / f"{table}.yaml").write_text(json.dumps(repeated(rows)), encoding="utf-8")
            empty = [field for field in judge.DECIDING[table] if not any(field in row for row in rows)]
            sources[table] = [{"file": f"{table}.yaml", "absent": empty}]
        fair = {"fair": case["fair"], "previous_fair": case["previous_fair"], "sources": sources}
        (folder / "fair.yaml").write_text(json.dumps(fair), encoding="utf-8")
        try:
            read = judge.Fair(root, case["fair"])
        except judge.Fault:
            return None
        return judge.award(read, {**judge.default_policies(), **case.get("policies", {})})


def days(case):
    """The last day to publish, and the last day of a notice."""
    asked = case["days"]
    off = {datetime.date.fromisoformat(day) for day in asked["off"]}
    worked = {datetime.date.fromisoformat(day) for day in asked["worked"]}

    def is_working_day(day):
        return day in worked or (day.weekday() < 5 and day not in off)

    def after(day, count):
        while count > 0:
            day += datetime.timedelta(days=1)
            count -= is_working_day(day)
        return day

    ends = datetime.date.fromisoformat(asked["platform_ends"])
    published = datetime.date.fromisoformat(asked["published"])
    left = WORKING_DAYS["notice"]
    if case.get("policies", {}).get("notice-first-day", "counts") == "counts" and is_working_day(published):
        left -= 1
    return {
        "publish_by": after(ends, WORKING_DAYS["publish-within"]).isoformat(),
        "notice_ends": after(published, left).isoformat(),
    }


def rewards(asked):
    """What an exhibitor is given beside the awards. Levels of rewards in kind are not published."""
    takes_part = asked["invitations"] >= 1 and "two-latest-fairs" not in asked["failed"]
    return {
        "online-display": "winners" if asked["award"] else None,
        "social-media": "participants" if takes_part else None,
        "goods": None,
    }


def outcome(case):
    if "rewarded" in case:
        return [rewards(asked) for asked in case["rewarded"]]
    if "days" in case:
        return days(case)
    if "received" in case:
        return {"points": sum(BONUS[award] for award in case["received"])}
    return award(case)


def main(arguments):
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    wrong = 0
    paths = sorted(Path(arguments[0]).glob("*.json"))
    if not paths:
        print("there are no cases")
        return 1
    for path in paths:
        case = json.loads(path.read_text(encoding="utf-8"))
        if outcome(case) != case["expected"]:
            print(f"{path.name}: comes out otherwise: {json.dumps(outcome(case), ensure_ascii=False)}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
