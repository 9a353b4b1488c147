"""The labels that a text announces for keys; no text breaks the parser."""

import random

import pytest
from hypothesis import given, note, seed, settings
from hypothesis import strategies as st

from ivr.engine.compile.prompt_files import read_prompts
from ivr.engine.speech.labels import constant_labels, labels, slot_values, spoken_labels
from ivr.engine.speech.prompts import Prompts
from ivr.foundation.strictyaml import read_text

SEED = random.SystemRandom().randrange(2**32)


def prompts(text: str, language: str = "zh-CN") -> Prompts:
    """The prompts of a language with one text under "p"."""
    return read_prompts(read_text(f"p: {text!r}\n", "p:"), language, "prompts/x.yaml")[0]


TEXTS = [
    ("更换号码，请按2。", {"2": ("更换号码",)}),
    ("同意，请按1。更换号码，请按2。", {"1": ("同意",), "2": ("更换号码",)}),
    ("您好，欢迎致电。普通话服务，请按1。", {"1": ("普通话服务",)}),
    ("人工服务请按0", {"0": ("人工服务",)}),
    ("继续办理请按井号键，结束请挂机。", {"#": ("继续办理",)}),
    ("办理过程中，返回上一步，请按星号键；返回主菜单，请按井号键。",
     {"*": ("办理过程中，返回上一步", "返回上一步"), "#": ("返回主菜单",)}),
    ("甲，请按１。乙，请按九。丙，请按＊。", {"1": ("甲",), "9": ("乙",), "*": ("丙",)}),
    ("按银行卡号挂失，请按1。", {"1": ("按银行卡号挂失",)}),
    ("如需人工服务，请按0。", {"0": ("人工服务",)}),
    ("请按1，缴费。", {"1": ("缴费",)}),
    ("请按1。", {}),
    ("For balance and transactions, press 1. To pay a bill, press 2.",
     {"1": ("balance and transactions",), "2": ("pay a bill",)}),
    ("At any later step, to go back, press star; for the main menu, press hash.",
     {"*": ("At any later step, to go back", "go back"), "#": ("the main menu",)}),
    ("Press 3 for gas.", {"3": ("gas",)}),
    ("If you would like to hear this again, please press the nine key.", {"9": ("hear this again",)}),
    ("It is 12.50 yuan. To agree, press 1.", {"1": ("agree",)}),
    ("支付12元。", {}),
    ("press 10", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), TEXTS)
def test_labels_are_found_in_texts(text: str, found: dict[str, tuple[str, ...]]) -> None:
    assert spoken_labels(prompts(text), ("p", "none"), {}) == found
    assert dict(constant_labels(prompts(text), ("p",))) == {key: words[0] for key, words in found.items()}


def test_labels_speak_their_values() -> None:
    one = prompts("转给{item.name}，尾号{item.last4|digits}，请按{key}。合计{sum|money}，请按5。")
    scope = {"item": {"name": "李强", "last4": "4458"}, "key": "3"}
    assert spoken_labels(one, ("p",), scope, "3") == {"3": ("转给李强，尾号四四五八", "尾号四四五八")}
    assert spoken_labels(one, ("p",), scope) == {}, "nobody says which key the slot is, and the sum has no value"
    assert slot_values(one, ("p",), scope, "item") == ("李强", "四四五八")
    assert list(constant_labels(one, ("p",))) == []


def test_a_slot_behind_the_word_for_press_is_a_key_where_it_is_called_so() -> None:
    assert spoken_labels(prompts("甲，请按{number|digits}。"), ("p",), {"number": "3"}, "1") == {}


@seed(SEED)
@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["请按", "1", "{key}", "，", "。", "press ", "star", "to ", "for ", ". ", "如需", "\ufffc", "{x}"]
        )
        | st.text(max_size=4),
        max_size=12,
    ).map("".join)
)
def test_no_text_breaks_the_reading(text: str) -> None:
    note(f"seed {SEED}")
    parts = tuple(each for each in (text, "甲", text) if each)
    for label in labels(parts):
        assert label.key in (*"0123456789*#", "")
        assert label.parts
