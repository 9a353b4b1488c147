"""Values are spoken as a bank speaks them, and long texts fit into <Say>."""

import random
import re
from urllib.parse import quote

import cn2an
import num2words
import pytest
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from ivr.engine.speaking import FORMATS, speak, split_for_say
from ivr.engine.spoken.rules import SPOKEN
from ivr.engine.values import Secret

SEED = random.SystemRandom().randrange(2**32)
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


WRONG: list[tuple[str, object, type[Exception]]] = [
    ("text", 5238066, TypeError),
    ("text", None, TypeError),
    ("text", {"en": "gas"}, TypeError),
    ("money", "5238066", TypeError),
    ("money", 52.38, TypeError),
    ("money", True, TypeError),
    ("number", "2", TypeError),
    ("yuan", "5.00", TypeError),
    ("figures", "300", TypeError),
    ("stamp", "2026-11-29", ValueError),
    ("count", -1, ValueError),
    ("count", None, TypeError),
    ("minutes", -1, ValueError),
    ("digits", 1234, TypeError),
    ("digits", "", ValueError),
    ("digits", "12X4", ValueError),
    ("digits", "１２３４", ValueError),
    ("last4", "123", ValueError),
    ("last4", "****1234", ValueError),
    ("phone", "anonymous", ValueError),
    ("phone", "+86", ValueError),
    ("phone", 13800138000, TypeError),
    ("date", "29/11/2026", ValueError),
    ("date", "2026-02-30", ValueError),
    ("date", 20261129, TypeError),
    ("time", "25:00", ValueError),
    ("time", "2026-11-29X09:05:99", ValueError),
    ("time", 905, TypeError),
    ("datetime", "2026-11-29T09:05:00", ValueError),
    ("datetime", "\ud800", ValueError),
]


@pytest.mark.parametrize("language", [ZH, EN])
@pytest.mark.parametrize(("format_", "value", "error"), WRONG)
def test_a_value_of_the_wrong_kind_is_refused_by_the_name_of_its_format(
    format_: str, value: object, error: type[Exception], language: str
) -> None:
    with pytest.raises(error, match=f"^{format_}: "):
        speak(value, format_, language)


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"text"}))
def test_a_refused_value_stays_out_of_the_error_since_it_may_be_a_card_number(format_: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        speak("6222-0212-3456-7890", format_, ZH)
    assert "6222" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_a_secret_is_never_spoken(format_: str) -> None:
    with pytest.raises(TypeError, match=f"{format_}: a secret is never spoken") as caught:
        speak(Secret("258963"), format_, ZH)
    assert "258963" not in str(caught.value)


def test_an_unknown_format_is_answered_with_the_list() -> None:
    with pytest.raises(LookupError, match=r"no format 'dollar'; use one of count, date, .*money"):
        speak(1, "dollar", ZH)


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_an_unknown_language_is_answered_with_what_to_do(format_: str) -> None:
    with pytest.raises(LookupError, match=r"'fr' \(there are en, zh-CN\): add a module to ivr/engine/spoken/"):
        speak("1", format_, "fr")
    with pytest.raises(LookupError, match="'fr'"):
        split_for_say("bonjour", "fr")


# An independent reader of Mandarin amounts: a sum of figures times places, with none of the speaker's rules.
_FIGURE = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_PLACE = {"十": 10, "百": 100, "千": 1000}


def read_number(text: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in text:
            high, _, low = text.rpartition(unit)
            return read_number(high) * size + read_number(low)
    total, figure = 0, 0
    for char in text:
        if char in _PLACE:
            total += (figure or 1) * _PLACE[char]
            figure = 0
        else:
            figure = _FIGURE[char]
    return total + figure


def read_money(text: str) -> int:
    found = re.fullmatch(r"(负?)(?:(.+)元)?(?:零?(.)角)?(?:零?(.)分)?", text)
    assert found is not None, text
    sign, yuan, jiao, fen = found.groups()
    whole = read_number(yuan or "零") * 100 + _FIGURE[jiao or "零"] * 10 + _FIGURE[fen or "零"]
    return -whole if sign else whole


ROUND = st.builds(lambda figure, place: figure * 10**place, st.integers(0, 99), st.integers(0, 13))
FEN = st.one_of(st.integers(-(10**15), 10**15), ROUND, st.builds(int.__add__, ROUND, ROUND))


@seed(SEED)
@settings(deadline=None)
@given(FEN)
def test_mandarin_money_reads_back_as_the_same_fen(fen: int) -> None:
    note(f"seed {SEED}")
    spoken = speak(fen, "money", ZH)
    assert read_money(spoken) == fen
    assert "零零" not in spoken
    assert not re.search("一十[^万亿]*$", spoken) or not spoken.startswith("一十")
    assert not re.search("零[元千百十万亿]", spoken) or fen == 0


@seed(SEED)
@settings(deadline=None)
@given(st.one_of(st.integers(0, 10**8 - 1), ROUND.filter(lambda n: n < 10**8)))
def test_mandarin_numbers_agree_with_a_library_but_for_the_leading_two(number: int) -> None:
    note(f"seed {SEED}")
    assert speak(number, "number", ZH).replace("两", "二") == cn2an.an2cn(number, "low")


@seed(SEED)
@settings(deadline=None)
@given(st.one_of(st.integers(-(10**14), 10**14), ROUND))
def test_english_numbers_agree_with_a_library_but_for_its_and_and_commas(number: int) -> None:
    note(f"seed {SEED}")
    theirs = num2words.num2words(number, lang="en").replace(",", "").replace(" and ", " ")
    assert speak(number, "number", EN) == theirs


@seed(SEED)
@settings(deadline=None)
@given(st.from_regex(r"[0-9]{1,32}", fullmatch=True))
def test_no_digit_is_lost_between_groups(digits: str) -> None:
    note(f"seed {SEED}")
    spoken = speak(digits, "digits", ZH)
    assert spoken.replace("，", "").translate(str.maketrans("零幺二三四五六七八九", "0123456789")) == digits
    groups = spoken.split("，")
    assert len(groups) == 1 or all(2 <= len(group) <= 6 for group in groups)


def within_limits(piece: str) -> bool:
    octets = piece.encode("utf-8", "surrogatepass")
    wide = sum(not char.isascii() for char in piece)
    return len(octets) < 3000 and wide <= 450 and len(quote(octets, safe="")) < 4500


def bare(text: str) -> str:
    return "".join(text.split())


TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            ["您好。", "余额为五万二千三百八十元六角六分，", "52,380.66", "yes. ", "𠮷", "\ud83d", "\ude00", "é", "\n"]
        ),
        st.builds(
            str.__mul__, st.sampled_from(["余", "a", "9", "九", "a b", "，", "%", "\U0001f600"]), st.integers(1, 900)
        ),
        st.text(max_size=50),
    ),
    max_size=12,
).map("".join)


@seed(SEED)
@settings(deadline=None, max_examples=150)
@given(TEXTS, st.sampled_from([ZH, EN]))
def test_splitting_loses_nothing_and_keeps_the_limits(text: str, language: str) -> None:
    note(f"seed {SEED}")
    pieces = split_for_say(text, language)
    assert bare("".join(pieces)) == bare(text)
    assert all(map(within_limits, pieces))
    assert all(piece and piece == piece.strip() for piece in pieces)


@pytest.mark.parametrize("char", ["a", "%", "余", "é", "𠮷", " a", "\ud800"])
@pytest.mark.parametrize("language", [ZH, EN])
def test_a_long_text_of_any_width_keeps_every_limit(char: str, language: str) -> None:
    pieces = split_for_say(char * 8000, language)
    assert bare("".join(pieces)) == bare(char * 8000)
    assert all(map(within_limits, pieces))


def test_a_short_text_stays_whole_and_an_empty_one_has_no_pieces() -> None:
    assert split_for_say("您好。", ZH) == ("您好。",)
    assert split_for_say("", ZH) == split_for_say(" \n", EN) == ()


def test_a_text_is_cut_after_a_sentence_before_a_pause_before_a_space() -> None:
    sentence = "感谢您的来电，" * 40 + "再见。"
    assert split_for_say(sentence * 2, ZH) == (sentence, sentence)
    pauses = split_for_say("请您稍候，" * 200, ZH)
    assert all(piece.endswith("，") for piece in pauses)
    spaces = split_for_say("please wait " * 400, EN)
    assert len(spaces) > 1
    assert all(re.fullmatch("(please wait ?|please$|^wait )+", piece) for piece in spaces)


@pytest.mark.parametrize("language", [ZH, EN])
@pytest.mark.parametrize("before", range(430, 451))
def test_a_number_is_not_cut(before: int, language: str) -> None:
    for number in ("五万二千三百八十", "52,380.66", "六二二二，零二幺二", "１２３４"):
        pieces = split_for_say("余" * before + number + "元" * 300, language)
        if language == ZH or number == "52,380.66":
            assert any(number in piece for piece in pieces)


def test_english_number_words_are_not_cut() -> None:
    number = "fifty-two thousand three hundred eighty"
    for before in range(2940, 3000, 7):
        pieces = split_for_say(f"{'a' * before} {number} yuan and so on", EN)
        assert any(number in piece for piece in pieces)


def test_the_languages_are_mandarin_and_english() -> None:
    assert list(SPOKEN) == [EN, ZH]
