"""Every value is spoken as a large bank speaks it, in Mandarin and in English."""

import pytest

from ivr.engine.speech.value_formats import FORMATS, speak

ZH, EN = "zh-CN", "en"

MONEY = [
    (5238066, "五万二千三百八十元六角六分", "fifty-two thousand three hundred eighty yuan and sixty-six fen"),
    (800000, "八千元", "eight thousand yuan"),
    (0, "零元", "zero yuan"),
    (1, "一分", "one fen"),
    (2, "两分", "two fen"),
    (5, "五分", "five fen"),
    (20, "两角", "twenty fen"),
    (22, "两角二分", "twenty-two fen"),
    (50, "五角", "fifty fen"),
    (100, "一元", "one yuan"),
    (200, "两元", "two yuan"),
    (1000, "十元", "ten yuan"),
    (1005, "十元零五分", "ten yuan and five fen"),
    (1022, "十元二角二分", "ten yuan and twenty-two fen"),
    (1200, "十二元", "twelve yuan"),
    (2000, "二十元", "twenty yuan"),
    (2200, "二十二元", "twenty-two yuan"),
    (10000, "一百元", "one hundred yuan"),
    (10100, "一百零一元", "one hundred one yuan"),
    (11000, "一百一十元", "one hundred ten yuan"),
    (18640, "一百八十六元四角", "one hundred eighty-six yuan and forty fen"),
    (20000, "二百元", "two hundred yuan"),
    (100500, "一千零五元", "one thousand five yuan"),
    (200000, "两千元", "two thousand yuan"),
    (222200, "两千二百二十二元", "two thousand two hundred twenty-two yuan"),
    (1000000, "一万元", "ten thousand yuan"),
    (1001000, "一万零一十元", "ten thousand ten yuan"),
    (1050000, "一万零五百元", "ten thousand five hundred yuan"),
    (1200000, "一万二千元", "twelve thousand yuan"),
    (2000000, "两万元", "twenty thousand yuan"),
    (2000200, "两万零二元", "twenty thousand two yuan"),
    (2200000, "两万二千元", "twenty-two thousand yuan"),
    (10000005, "十万元零五分", "one hundred thousand yuan and five fen"),
    (20000000, "二十万元", "two hundred thousand yuan"),
    (20300000, "二十万三千元", "two hundred three thousand yuan"),
    (100100000, "一百万一千元", "one million one thousand yuan"),
    (999999999, "九百九十九万九千九百九十九元九角九分", None),
    (10000000500, "一亿零五元", "one hundred million five yuan"),
    (10000100000, "一亿零一千元", "one hundred million one thousand yuan"),
    (10010000000, "一亿零一十万元", "one hundred million one hundred thousand yuan"),
    (10500000000, "一亿零五百万元", "one hundred five million yuan"),
    (20000000000, "两亿元", "two hundred million yuan"),
    (22000000000, "两亿二千万元", "two hundred twenty million yuan"),
    (100000000000000, "一万亿元", "one trillion yuan"),
    (-500, "负五元", "minus five yuan"),
]


@pytest.mark.parametrize(("fen", "chinese", "english"), MONEY)
def test_money_is_spoken_as_a_bank_does(fen: int, chinese: str, english: str | None) -> None:
    assert speak(fen, "money", ZH) == chinese
    assert english is None or speak(fen, "money", EN) == english


OTHERS = [
    ("text", "天然气费", "天然气费", "天然气费"),
    ("text", "", "", ""),
    ("number", 0, "零", "zero"),
    ("number", 2, "二", "two"),
    ("number", 10, "十", "ten"),
    ("number", 110, "一百一十", "one hundred ten"),
    ("number", 2026, "两千零二十六", "two thousand twenty-six"),
    ("number", -3, "负三", "minus three"),
    ("count", 0, "零", "zero"),
    ("count", 1, "一", "one"),
    ("count", 2, "两", "two"),
    ("count", 12, "十二", "twelve"),
    ("count", 22, "二十二", "twenty-two"),
    ("count", 200, "二百", "two hundred"),
    ("minutes", 0, "零分钟", "zero minutes"),
    ("minutes", 1, "一分钟", "one minute"),
    ("minutes", 2, "两分钟", "two minutes"),
    ("minutes", 60, "一小时", "one hour"),
    ("minutes", 90, "一小时三十分钟", "one hour and thirty minutes"),
    ("minutes", 121, "两小时一分钟", "two hours and one minute"),
    ("digits", "1", "幺", "one"),
    ("digits", "358201", "三五八二零幺", "three five eight two zero one"),
    ("digits", "12345678", "幺二三四，五六七八", "one two three four, five six seven eight"),
    ("digits", "123456789", "幺二三四，五六七八九", "one two three four, five six seven eight nine"),
    ("digits", "6222021234567890", "六二二二，零二幺二，三四五六，七八九零", None),
    ("digits", "6222021234567890123", "六二二二，零二幺二，三四五六，七八九零，幺二三", None),
    ("digits", "11010519900101123x", "幺幺零幺零五，幺九九零，零幺零幺，幺二三X", None),
    ("digits", "622202123456789012", "六二二二，零二幺二，三四五六，七八九零，幺二", None),
    ("last4", "1234", "幺二三四", "one two three four"),
    ("last4", "6222021234560001", "零零零幺", "zero zero zero one"),
    ("last4", "11010519900101123x", "幺二三X", "one two three X"),
    ("phone", "+8613800138000", "幺三八，零零幺三，八零零零", None),
    (
        "phone",
        "13800138000",
        "幺三八，零零幺三，八零零零",
        "one three eight, zero zero one three, eight zero zero zero",
    ),
    ("phone", "+862162791234", "零二幺，六二七九，幺二三四", None),
    ("phone", "+861062791234", "零幺零，六二七九，幺二三四", None),
    ("phone", "+8653112345678", "零五三幺，幺二三四，五六七八", None),
    ("phone", "03711234567", "零三七幺，幺二三，四五六七", None),
    ("phone", "+864008208888", "四零零，八二零，八八八八", "four zero zero, eight two zero, eight eight eight eight"),
    ("phone", "95588", "九五五八八", "nine five five eight eight"),
    ("phone", "+8695588", "九五五八八", "nine five five eight eight"),
    (
        "phone",
        "+14155550100",
        "加幺四幺五，五五五零，幺零零",
        "plus one four one five, five five five zero, one zero zero",
    ),
    ("date", "2026-11-29", "二零二六年十一月二十九日", "November 29, 2026"),
    ("date", "2026-01-02", "二零二六年一月二日", "January 2, 2026"),
    ("date", "2010-10-10T23:59:00+08:00", "二零一零年十月十日", "October 10, 2010"),
    ("time", "00:00", "凌晨零点", "midnight"),
    ("time", "00:30", "凌晨零点三十分", "12:30 a.m."),
    ("time", "02:00", "凌晨两点", "2:00 a.m."),
    ("time", "05:59", "凌晨五点五十九分", "5:59 a.m."),
    ("time", "06:00", "上午六点", "6:00 a.m."),
    ("time", "09:05", "上午九点零五分", "9:05 a.m."),
    ("time", "11:59:59", "上午十一点五十九分", "11:59 a.m."),
    ("time", "12:00", "中午十二点", "noon"),
    ("time", "12:02", "中午十二点零二分", "12:02 p.m."),
    ("time", "13:00", "下午一点", "1:00 p.m."),
    ("time", "14:10", "下午两点十分", "2:10 p.m."),
    ("time", "17:59", "下午五点五十九分", "5:59 p.m."),
    ("time", "18:00", "晚上六点", "6:00 p.m."),
    ("time", "23:59", "晚上十一点五十九分", "11:59 p.m."),
    ("time", "2026-11-29T09:05:00+08:00", "上午九点零五分", "9:05 a.m."),
    ("yuan", 5238066, "52,380.66元", "CNY 52,380.66"),
    ("yuan", 5, "0.05元", "CNY 0.05"),
    ("yuan", -500, "-5.00元", "CNY -5.00"),
    ("stamp", "2026-11-09T09:05:30+08:00", "2026-11-09 09:05", "2026-11-09 09:05"),
    ("day", "2026-11-09T09:05:30+08:00", "十一月九日", "November 9"),
    ("figures", 300, "300", "300"),
    (
        "datetime",
        "2026-11-29T09:05:00+08:00",
        "二零二六年十一月二十九日上午九点零五分",
        "November 29, 2026, at 9:05 a.m.",
    ),
]


@pytest.mark.parametrize(("format_", "value", "chinese", "english"), OTHERS)
def test_every_other_value_is_spoken_as_a_bank_does(
    format_: str, value: object, chinese: str, english: str | None
) -> None:
    assert speak(value, format_, ZH) == chinese
    assert english is None or speak(value, format_, EN) == english


def test_every_format_stands_in_a_table() -> None:
    assert {row[0] for row in OTHERS} | {"money"} == set(FORMATS)
