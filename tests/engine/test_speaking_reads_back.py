"""Spoken amounts, numbers and digits can be parsed back to their values."""

import random
import re

import cn2an
import num2words
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from ivr.engine.speech.value_formats import speak

SEED = random.SystemRandom().randrange(2**32)
ZH, EN = "zh-CN", "en"

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
