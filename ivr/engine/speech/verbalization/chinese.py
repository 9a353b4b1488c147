"""Mandarin as a bank's hotline speaks it: amounts, counts, digits one by one, dates and hours.

Choices, where usage allows two:
- 八千元, not 八千元整: 整 belongs to the cheque, where it keeps anyone from writing more behind it.
- 两 at the head of an amount before 千, 万, 亿 and a measure word (两千元, 两万元, 两元, 两角), 二 before 十 and 百
  (二百元) and anywhere further in (一万二千元, 十元二角): so 吕叔湘, 现代汉语八百词, and so the recorded hotlines.
- zeros at the end of a group of four are silent (一百万一千), zeros within or at its head are one 零 (一万零五).
"""

import re
from datetime import date, datetime, time

from ivr.engine.speech.verbalization.opening_hours import FULL_DAY, Week, hour, runs
from ivr.engine.speech.verbalization.rules import VERBALIZATION_RULES, VerbalizationRules

_FIGURES = "零一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))
_WEEKDAYS = "一二三四五六日"
_ALONE = str.maketrans("0123456789", "零幺二三四五六七八九")
_YEAR = str.maketrans("0123456789", _FIGURES)


def _group(value: int) -> str:
    """1 to 9999 in full: 10 is 一十 here."""
    spoken, gap = "", False
    for size, place in _PLACES:
        figure, value = divmod(value, size)
        if figure:
            spoken += ("零" if gap and spoken else "") + _FIGURES[figure] + place
            gap = False
        else:
            gap = True
    if value:
        spoken += ("零" if gap and spoken else "") + _FIGURES[value]
    return spoken


def _full(value: int) -> str:
    """Any number above 0, 二 and 一十 not yet smoothed."""
    for size, unit in ((100_000_000, "亿"), (10_000, "万")):
        if value >= size:
            high, low = divmod(value, size)
            link = "零" if 0 < low < size // 10 else ""
            return f"{_full(high)}{unit}{link}{_full(low) if low else ''}"
    return _group(value)


def cardinal(value: int) -> str:
    """A number: 两千, 二百, 十二, 一万零一十, 负三."""
    if value < 0:
        return f"负{cardinal(-value)}"
    if value < 10:
        return _FIGURES[value]
    spoken = _full(value)
    if spoken.startswith("一十"):
        return spoken[1:]
    return f"两{spoken[1:]}" if spoken[0] == "二" and spoken[1] in "千万亿" else spoken


def count(value: int) -> str:
    """A number before a measure word: 两笔, 十二笔."""
    return "两" if value == 2 else cardinal(value)


def money(fen: int) -> str:
    """五万二千三百八十元六角六分; 十元零五分; 零元; 负 before what is below zero (prompts better say 支出)."""
    if fen < 0:
        return f"负{money(-fen)}"
    yuan, rest = divmod(fen, 100)
    jiao, last = divmod(rest, 10)
    spoken = f"{count(yuan)}元" if yuan or not rest else ""
    if jiao:
        spoken += f"{_FIGURES[jiao] if spoken or jiao != 2 else '两'}角"
    elif spoken and last:
        spoken += "零"
    if last:
        spoken += f"{_FIGURES[last] if spoken or last != 2 else '两'}分"
    return spoken


def minutes(value: int) -> str:
    """A duration: 两分钟, 一小时三十分钟."""
    hours, rest = divmod(value, 60)
    spoken = f"{count(hours)}小时" if hours else ""
    return f"{spoken}{count(rest)}分钟" if rest or not hours else spoken


def digits(groups: tuple[str, ...]) -> str:
    """Every digit alone, 1 as 幺, a pause between groups."""
    return "，".join(groups).translate(_ALONE)


def day(value: date) -> str:
    """二零二六年十一月二十九日."""
    return f"{str(value.year).translate(_YEAR)}年{month_and_day(value)}"


def month_and_day(value: date) -> str:
    """十一月二十九日."""
    return f"{cardinal(value.month)}月{cardinal(value.day)}日"


def _part_of_day(hour: int) -> str:
    if hour < 6:
        return "凌晨"
    if hour < 12:
        return "上午"
    return "中午" if hour == 12 else "下午" if hour < 18 else "晚上"


def clock(value: time) -> str:
    """上午九点零五分, 凌晨两点, 中午十二点零二分; the full hour has no 整, and seconds are not spoken."""
    hour = value.hour if value.hour <= 12 else value.hour - 12
    spoken = f"{_part_of_day(value.hour)}{count(hour)}点"
    if not value.minute:
        return spoken
    return f"{spoken}{'零' if value.minute < 10 else ''}{cardinal(value.minute)}分"


def moment(value: datetime) -> str:
    """The day and the hour."""
    return day(value.date()) + clock(value.time())


def opening_hours(week: Week) -> str:
    """每日上午九点到晚上九点; 周一到周五上午九点到下午五点三十分，周六到周日上午十点到下午四点."""
    return "，".join(_run(*run) for run in runs(week)) or "另行通知的时间"


def _run(first: int, last: int, spans: tuple[tuple[int, int], ...]) -> str:
    day, until = f"周{_WEEKDAYS[first]}", f"到周{_WEEKDAYS[last]}" if last > first else ""
    days = "每日" if (first, last) == (0, 6) else f"{day}{until}"
    return days + ("二十四小时" if spans == FULL_DAY else "和".join(_span(*span) for span in spans))


def _span(start: int, end: int) -> str:
    return f"{clock(hour(start))}到{'晚上十二点' if end == 24 * 60 else clock(hour(end))}"


VERBALIZATION_RULES.register(
    "zh-CN",
    VerbalizationRules(
        money=money,
        yuan="{}元".format,
        number=cardinal,
        count=count,
        minutes=minutes,
        digits=digits,
        abroad="加",
        date=day,
        day=month_and_day,
        time=clock,
        datetime=moment,
        opening_hours=opening_hours,
        unit=re.compile("[\u3400-\u9fff\uf900-\ufaff0-9]|[A-Za-z]+"),
        units_a_second=4.5,
        sentence=re.compile(r"[。！？；!?;][”’）》」』\"')]*|\.(?=\s|$)"),
        pause=re.compile("[，、：,]"),
        numeral=re.compile(
            "[0-9０-９零〇一二两三四五六七八九十百千万亿幺]+(?:[.,，:：][0-9０-９零一二三四五六七八九幺]+)*"
        ),
    ),
)
