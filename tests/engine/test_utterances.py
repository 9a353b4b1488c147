"""Prompts become utterances: a voice for each part, recordings in place of texts, Chinese names in English prompts."""

from typing import Any

import pytest

from ivr.engine.actions import Utterance
from ivr.engine.compile.prompt_files import read_prompts
from ivr.engine.speech.prompts import Prompts
from ivr.foundation.strictyaml import read_text

TEXTS = """
pay: You pay {payee.name}, card ending in {payee.last4|last4}.
name: '{payee.name}'
both: From {one} to {two}.
next: '{one}{two} and {three}'
plain: Goodbye.
sum: '{amount|money}'
"""
SCOPE: dict[str, Any] = {
    "payee": {"name": "李强", "last4": "8821"},
    "one": "王芳", "two": "Smith", "three": "欧阳", "amount": 100,
}  # fmt: skip


def prompts(language: str, *recordings: str) -> Prompts:
    """The texts above as a language's prompts."""
    read, faults = read_prompts(read_text(TEXTS), language, f"prompts/{language}.yaml", dict.fromkeys(recordings))
    assert faults == []
    return read


def said(language: str, key: str, *recordings: str, scope: dict[str, Any] = SCOPE) -> list[tuple[str, str, str | None]]:
    """(text, language, recording) of each utterance of a prompt."""
    utterances = list(prompts(language, *recordings).utterances(key, scope))
    assert {each.key for each in utterances} <= {key}
    return [(each.text, each.language, each.recording) for each in utterances]


@pytest.mark.parametrize(("count", "heard"), [(0, "zero callers"), (1, "one caller"), (2, "two callers")])
def test_a_noun_takes_the_form_that_its_count_wants(count: int, heard: str) -> None:
    tree = read_text("a: You have {ahead|count:caller:callers} ahead.")
    read, faults = read_prompts(tree, "en", "prompts/en.yaml")
    assert faults == []
    assert read.render("a", {"ahead": count}) == f"You have {heard} ahead."


@pytest.mark.parametrize(
    ("language", "slot", "remedy"),
    [
        ("en", "{ahead|count:caller}", "en has 2 forms"),
        ("en", "{ahead|number:caller:callers}", "en has 2 forms"),
        ("zh-CN", "{ahead|count:位:位}", "write it behind the slot"),
    ],
)
def test_nouns_that_do_not_fit_are_refused(language: str, slot: str, remedy: str) -> None:
    _, [fault] = read_prompts(read_text(f"a: '{slot}'"), language, f"prompts/{language}.yaml")
    assert remedy in fault.remedy


def test_a_chinese_name_in_an_english_prompt_is_said_by_the_chinese_voice() -> None:
    assert said("en", "pay") == [
        ("You pay ", "en", None),
        ("李强", "zh-CN", None),
        (", card ending in eight eight two one.", "en", None),
    ]


def test_a_name_in_latin_letters_stays_with_its_sentence() -> None:
    scope = {"payee": {"name": "Li Qiang", "last4": "8821"}}
    assert said("en", "pay", scope=scope) == [("You pay Li Qiang, card ending in eight eight two one.", "en", None)]


def test_in_chinese_everything_is_one_utterance_latin_names_too() -> None:
    assert said("zh-CN", "both") == [("From 王芳 to Smith.", "zh-CN", None)]
    assert [text for text, _, _ in said("zh-CN", "pay")] == ["You pay 李强, card ending in 八八二幺."]


def test_only_the_chinese_name_changes_the_voice_and_the_voice_changes_back() -> None:
    assert said("en", "both") == [("From ", "en", None), ("王芳", "zh-CN", None), (" to Smith.", "en", None)]


def test_a_name_at_either_end_leaves_no_empty_utterance() -> None:
    assert said("en", "name") == [("李强", "zh-CN", None)]
    assert said("en", "next") == [("王芳", "zh-CN", None), ("Smith and ", "en", None), ("欧阳", "zh-CN", None)]


@pytest.mark.parametrize("name", ["李强", "李 Qiang", "㐀", "﨎", "Bank 中国"])
def test_one_chinese_character_is_enough(name: str) -> None:
    assert said("en", "name", scope={"payee": {"name": name}}) == [(name, "zh-CN", None)]


@pytest.mark.parametrize("name", ["Müller", "さくら", "12", "—，。"])
def test_what_is_no_chinese_character_stays_with_the_language(name: str) -> None:
    assert said("en", "name", scope={"payee": {"name": name}}) == [(name, "en", None)]


def test_a_value_with_a_text_for_each_language_is_said_in_the_caller_s() -> None:
    scope = {"payee": {"name": {"zh-CN": "本人账户", "en": "your own account"}}}
    assert said("en", "name", scope=scope) == [("your own account", "en", None)]
    assert said("zh-CN", "name", scope=scope) == [("本人账户", "zh-CN", None)]


def test_a_recording_replaces_the_text_and_each_utterance_names_its_prompt() -> None:
    assert list(prompts("en", "plain.wav").utterances("plain", {})) == [
        Utterance("Goodbye.", "en", "plain.wav", "plain"),
    ]
    assert said("en", "pay", "pay.1.wav", "pay.3.wav") == [
        ("You pay ", "en", "pay.1.wav"),
        ("李强", "zh-CN", None),
        (", card ending in ", "en", "pay.3.wav"),
        ("eight eight two one.", "en", None),
    ]


def test_a_text_message_keeps_the_name_in_its_sentence() -> None:
    assert prompts("en").render("both", SCOPE) == "From 王芳 to Smith."
