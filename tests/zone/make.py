#!/usr/bin/env python3
"""Writes site/data/fairs/138/zone.xlsx: the sourcing zone of a made-up fair as an office keeps it, in one workbook.

60 enterprises, 3 phases, 12 sessions and their purchasing lists. Every name says that it is a sample. The addresses and
sort keys in addresses.tsv are those that `jinbang check` proposed for the workbook without them, pasted as they were.

    python3 -m pip install openpyxl && python3 tests/zone/make.py
"""

import datetime
import pathlib

import openpyxl
from openpyxl.styles import Font

HERE = pathlib.Path(__file__).parent

ANIMALS = [
    ("蓝鲸", "Blue Whale"), ("雪豹", "Snow Leopard"), ("白鹭", "Egret"), ("松鼠", "Squirrel"), ("海豚", "Dolphin"),
    ("羚羊", "Antelope"), ("刺猬", "Hedgehog"), ("企鹅", "Penguin"), ("云雀", "Skylark"), ("河狸", "Beaver"),
    ("蜂鸟", "Hummingbird"), ("麋鹿", "Elk"), ("海龟", "Turtle"), ("天鹅", "Swan"), ("狐狸", "Fox"),
    ("骆驼", "Camel"), ("考拉", "Koala"), ("水獭", "Otter"), ("火烈鸟", "Flamingo"), ("长颈鹿", "Giraffe"),
]
TRADES = [
    ("样例百货公司", "Sample Department Stores", "综合百货零售", "General merchandise retailer", "综合百货；家居用品"),
    ("样例商超集团", "Sample Supermarkets", "食品杂货连锁超市", "Grocery supermarket chain", "食品杂货"),
    ("样例家装", "Sample Home Improvement", "建材及家装连锁", "Building and home improvement chain", "建材及家装、家具"),
]
COUNTRIES = ["法国", "芬兰", "土耳其", "印度尼西亚", "西班牙", "摩洛哥", "美国", "中国", "韩国", "中国香港"]
ITEMS = [
    ("不锈钢餐具", "Stainless steel tableware", "5000套"), ("折叠椅", "Folding chairs", "2000把"),
    ("LED灯具", "LED lamps", "1万件"), ("棉质毛巾", "Cotton towels", "8000条"), ("电动工具", "Power tools", None),
]
TITLES = [("采购说明会", "Sourcing briefing"), ("供采对接会", "Matchmaking session")]
PHASES = [datetime.date(2025, 10, 15), datetime.date(2025, 10, 23), datetime.date(2025, 10, 31)]


def enterprises():
    """Name, name in English, home, kind, trade and the phases of each enterprise."""
    for number in range(60):
        animal, trade = ANIMALS[number % 20], TRADES[number // 20]
        country = COUNTRIES[number % len(COUNTRIES)]
        phases = [[1], [1, 2, 3], [2, 3], [1, 2], [3], [1, 2, 3], [1, 3]][number * 5 % 7]
        yield {
            "zh": animal[0] + trade[0],
            "en": f"{animal[1]} {trade[1]}",
            "country": country,
            "kind": "境内机构" if country == "中国" else "跨国公司",
            "trade": trade,
            "website": f"https://sample-{number + 1:02}.example.com" if number % 4 else None,
            "phases": phases,
        }


def main():
    addresses = HERE / "addresses.tsv"
    columns = [line.split("\t") for line in addresses.read_text(encoding="utf-8").splitlines()] if addresses.exists() else []
    book = openpyxl.Workbook()
    roster = book.active
    roster.title = "入驻名单"
    roster.append(["第138届头部企业采购服务区入驻名单（虚构数据，仅供测试）"])
    headings = ["采购企业", "英文名称", "国家/地区", "类型", "主营（中文）", "主营（英文）", "商品类别", "网址",
                "第一期", "第二期", "第三期"]
    roster.append(headings + (columns[0] if columns else []))
    listed = list(enterprises())
    for number, one in enumerate(listed, start=1):
        marks = ["√" if phase in one["phases"] else None for phase in (1, 2, 3)]
        trade = one["trade"]
        roster.append([one["zh"], one["en"], one["country"], one["kind"], trade[2], trade[3], trade[4], one["website"],
                       *marks, *(columns[number] if columns else [])])
    roster.append(["合计", None, None, None, None, None, None, None,
                   *(sum(phase in one["phases"] for one in listed) for phase in (1, 2, 3))])
    sessions = book.create_sheet("场次")
    sessions.append(["采购企业", "日期", "开始时间", "结束时间", "主题（中文）", "主题（英文）", "地点（中文）", "地点（英文）"])
    for number in range(12):
        phase = number % 3 + 1
        there = [one for one in listed if phase in one["phases"]]
        who = there[number * 2]["zh"] if number % 4 else f"{there[number * 2]['zh']}、{there[number * 2 + 1]['en']}"
        title = TITLES[number % 2]
        place = ("A区2.2号馆会议室", "Meeting room, Hall 2.2, Area A") if number % 3 == 0 else (None, None)
        begins = datetime.time(9 + number % 4 * 2, 30)
        ends = f"{'上午' if begins.hour < 11 else '下午'}{(begins.hour) % 12 + 1}:30" if number % 2 else datetime.time(begins.hour + 1, 45)
        day = PHASES[phase - 1] + datetime.timedelta(days=number // 3)
        sessions.append([who, day, begins, ends, *title, *place])
    purchases = book.create_sheet("采购清单")
    purchases.append(["采购企业", "采购商品（中文）", "采购商品（英文）", "数量"])
    for number, one in enumerate(listed):
        for item in ITEMS[number % 5:][: 1 + number % 3]:
            purchases.append([one["zh"], *item])
    for sheet in book:
        for cell in sheet[2 if sheet is roster else 1]:
            cell.font = Font(bold=True)
    book.properties.created = book.properties.modified = datetime.datetime(2025, 9, 1)
    book.save(HERE / "site/data/fairs/138/zone.xlsx")


main()
