"""Long texts are split for <Say>: nothing is lost, every limit holds, no number is split."""

import random
import re
from urllib.parse import quote

import pytest
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from ivr.engine.speech.value_formats import split_for_say
from tests.support.selection import examples

SEED = random.SystemRandom().randrange(2**32)
ZH, EN = "zh-CN", "en"


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
@settings(deadline=None, max_examples=examples(150))
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
