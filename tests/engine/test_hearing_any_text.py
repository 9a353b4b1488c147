"""Any text, however long or hostile, is analysed within a limit, and the order of word lists does not matter."""

import random
import string

import pytest
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from ivr.engine.speech.matching import match, yes_no
from ivr.engine.speech.recognition.pinyin import syllables
from ivr.engine.speech.recognition.rules import MAX_CHARACTERS, folded
from tests.engine.menus import MENU, OPTIONS

SEED = random.SystemRandom().randrange(2**32)
ZH, EN = "zh-CN", "en"

SAID = st.lists(
    st.one_of(
        st.sampled_from(
            ["不要", "转账", "余额", "人工", "挂失", "，", "我想", "一下", "三", "transfer", "not ", "balance ", ". "]
        ),
        st.text(max_size=8),
        st.text(string.ascii_letters + " '’.*#0123456789", max_size=8),
    ),
    max_size=12,
).map("".join)


@seed(SEED)
@settings(deadline=None)
@given(SAID, st.sampled_from([(ZH, MENU), (EN, OPTIONS)]), st.randoms(use_true_random=False))
def test_the_order_of_options_and_words_decides_nothing(
    said: str, menu: tuple[str, dict[str, tuple[str, ...]]], chance: random.Random
) -> None:
    note(f"seed {SEED}")
    language, options = menu
    shuffled = {
        key: chance.sample(words, len(words)) for key, words in chance.sample(list(options.items()), len(options))
    }
    answer = match(said, options, language)
    assert match(said, shuffled, language) == answer
    assert answer is None or answer in options


@seed(SEED)
@settings(deadline=None)
@given(SAID, st.sampled_from([ZH, EN]))
def test_no_text_breaks_the_hearing(said: str, language: str) -> None:
    note(f"seed {SEED}")
    assert yes_no(said, language) in (True, False, None)
    assert match(said, {"1": (said,), "2": ()}, language) in ("1", "2", None)


SURELY = {
    ZH: ("是", "是的", "对", "确认", "确认转账", "同意", "没错", "按一", "1"),
    EN: ("yes", "correct", "I confirm", "1"),
}
NEVER = {
    ZH: ("不是", "不对", "取消", "别", "错了", "算了", "不用了", "好了", "是吧"),
    EN: ("no", "cancel", "wrong", "fine", "stop"),
}
MARKS = st.sampled_from("?？\u037e\u061f\u203d\u2047\u2048\u2049\ufe56\u00bf\u2753")


@seed(SEED)
@settings(deadline=None)
@given(st.data(), st.sampled_from([ZH, EN]), MARKS)
def test_no_text_with_a_question_mark_is_ever_a_yes(data: st.DataObject, language: str, mark: str) -> None:
    note(f"seed {SEED}")
    yes = data.draw(st.sampled_from(SURELY[language]) | SAID | st.text(max_size=600))
    at = data.draw(st.integers(0, len(yes)))
    said = yes[:at] + mark + yes[at:]
    assert yes_no(said, language, {"1": (yes, said)}) is not True


@seed(SEED)
@settings(deadline=None)
@given(st.data(), st.sampled_from([ZH, EN]), st.booleans())
def test_a_refusal_beside_a_yes_makes_it_none(data: st.DataObject, language: str, first: bool) -> None:
    note(f"seed {SEED}")
    yes, no = data.draw(st.sampled_from(SURELY[language])), data.draw(st.sampled_from(NEVER[language]))
    between = data.draw(st.sampled_from(["", " ", "，", ", ", "。"]) | SAID)
    assert yes_no(f"{yes} {between} {no}" if first else f"{no} {between} {yes}", language) is not True


@seed(SEED)
@settings(deadline=None)
@given(st.text(max_size=40))
def test_each_character_has_one_syllable(text: str) -> None:
    note(f"seed {SEED}")
    assert len(syllables(text)) == len(text)
    assert all(syllables(text))


@pytest.mark.parametrize(
    "hostile",
    [
        "转账" * 5000,
        "不要" * 5000 + "转账",
        "不余额" * 5000,
        "\ufdfa" * 5000,
        "\ud800" * 500,
        "\x00" * 500,
        "'" * 9999,
        "a'" * 9999,
        "是" * 9999,
        "对不" * 5000,
        "一" * 9999,
        "not " * 5000 + "transfer",
        ".*" * 5000,
        "(((" * 500,
        "𠮷" * 600,
        "👨‍👩‍👧" * 500,
    ],
)
def test_long_and_hostile_texts_are_heard_to_a_bound(hostile: str) -> None:
    assert len(folded(hostile)) <= MAX_CHARACTERS
    for language, options in ((ZH, MENU), (EN, OPTIONS)):
        assert match(hostile, options, language) == match(hostile[:500], options, language)
        assert yes_no(hostile, language) is yes_no(hostile[:500], language)
