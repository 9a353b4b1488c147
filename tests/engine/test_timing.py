"""Listening time: texts by syllables and words, values by samples, recordings by their duration."""

import pytest

from ivr.engine.compile.prompt_files import read_prompts
from ivr.engine.speech.timing import TimedPrompt, seconds, timed_prompt
from ivr.foundation.strictyaml import read_text


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("", "zh-CN", 0.0),
        ("缴费", "zh-CN", 2 / 4.5),
        ("缴费，请按1。", "zh-CN", 5 / 4.5 + 0.2 + 0.4),
        ("尾号四四五八", "zh-CN", 6 / 4.5),
        ("To pay a bill, press 1.", "en", 6 / 2.6 + 0.2 + 0.4),
        ("Please don't wait.", "en", 3 / 2.6 + 0.4),
    ],
)
def test_a_text_takes_its_syllables_or_words_and_its_pauses(text: str, language: str, expected: float) -> None:
    assert seconds(text, language) == pytest.approx(expected)


def _heard(text: str, language: str, **recordings: float) -> TimedPrompt:
    files = {f"a.{number.removeprefix('part')}.wav" if number != "whole" else "a.wav": length
             for number, length in recordings.items()}  # fmt: skip
    prompts, faults = read_prompts(read_text(f'a: "{text}"'), language, f"prompts/{language}.yaml", files)
    assert faults == []
    return timed_prompt(prompts, "a", {"bank_name": {"zh-CN": "远山银行", "en": "Yuanshan Bank"}})


def test_a_value_is_measured_by_a_sample_and_a_constant_as_it_is() -> None:
    assert _heard("欢迎致电{bank_name}", "zh-CN").text == "欢迎致电远山银行"
    assert _heard("余额{balance|money}", "zh-CN").text == "余额五万二千三百八十元六角六分"
    assert _heard("There {ahead|count:is _ caller:are _ callers} ahead", "en").text == "There are five callers ahead"
    assert _heard("{name}，请按{key}", "zh-CN").text == "，请按1"


def test_what_lies_before_a_value_is_measured_without_it() -> None:
    amount = _heard("账户余额{balance|money}。谢谢", "zh-CN")
    assert amount.before("money") == pytest.approx(4 / 4.5)
    assert amount.before("date") == pytest.approx(amount.seconds)


def test_a_recording_takes_its_own_length() -> None:
    whole = _heard("缴费，请按1。", "zh-CN", whole=7.0)
    assert whole.seconds == pytest.approx(7.0)
    assert whole.until(5) == pytest.approx(5.0)
    parts = _heard("余额{balance|money}。", "zh-CN", part1=3.0)
    assert parts.before("money") == pytest.approx(3.0)
    assert parts.seconds > 3.0
