"""A value that cannot be spoken is refused with the name of its format, and does not appear in the error."""

import pytest

from ivr.engine.speech.value_formats import FORMATS, speak, split_for_say
from ivr.engine.speech.verbalization.rules import VERBALIZATION_RULES
from ivr.engine.values import Secret

ZH, EN = "zh-CN", "en"

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
    ("day", "the ninth", ValueError),
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
    with pytest.raises(
        LookupError, match=r"'fr' \(there are en, zh-CN\): add a module to ivr/engine/speech/verbalization/"
    ):
        speak("1", format_, "fr")
    with pytest.raises(LookupError, match="'fr'"):
        split_for_say("bonjour", "fr")


def test_the_languages_are_mandarin_and_english() -> None:
    assert list(VERBALIZATION_RULES) == [EN, ZH]
