"""One mistake gives one message: follow-up findings are not shown, and the cause comes first."""

import pytest

from ivr.engine.findings import Finding, FlowFaults
from ivr.foundation.messages import message
from tests.engine.small_bank import MAIN, checked, faults

OTHER = "flow: other\nstart: a\nsteps:\n  a: {go: main.menu}\n  b: {go: main.say_hello}\n  c: {call: main, then: a}\n"


def main_with(right: str, wrong: str) -> str:
    """The main flow with a mistake."""
    assert right in MAIN
    return MAIN.replace(right, wrong, 1)


@pytest.mark.parametrize(
    ("main", "place"),
    [
        (main_with("start: menu", "start:\tmenu\n\tx: y"), "2:7: yaml"),
        (main_with("    options:", "    #: back\n    options:"), "6:5: yaml"),
        (main_with("start: menu", "start: menu\nstart: bye"), "3:1: yaml"),
        (main_with("  say_hello:", "   say_hello:"), "7:4: yaml"),
        (
            main_with("main.menu\n", '"main.menu\n'),
            "5:11: yaml: this is not YAML: a quote is opened here and not closed",
        ),
        ("", "1:1: yaml"),
        (main_with('"1": say_hello', "A: say_hello"), "6:5: shape main.menu"),
        (main_with("menu: main.menu", "mneu: main.menu"), "4:3: shape main.menu"),
        (main_with("start: menu\n", "start: menu\nsurprise: 1\n"), "3:11: shape main"),
    ],
)
def test_a_mistake_is_told_alone(main: str, place: str) -> None:
    found = faults({"main": main, "other": OTHER})
    assert [each.startswith(f"flows/main.yaml:{place}") for each in found] == [True], found


def test_what_is_wrong_besides_is_still_told_behind_the_cause() -> None:
    bad = OTHER.replace("main.menu", "elsewhere.menu").replace("{go: main.say_hello}", "{go: say_helo}")
    found = faults({"main": main_with("say: main.hello", "sya: main.hello"), "other": bad})
    assert [each.split(": ")[0] for each in found] == [
        "flows/main.yaml:7:3", "flows/other.yaml:4:11", "flows/other.yaml:5:11"
    ]  # fmt: skip
    assert "did you mean 'main.say_hello'?" in found[2]


def test_of_very_many_findings_the_first_are_told_and_the_rest_counted() -> None:
    problem = message("no step")
    many = FlowFaults(Finding("flows/main.yaml", line, 1, "target", "main.a", problem) for line in range(1, 100_001))
    told = str(many).split("\n")
    assert told[:1] + told[49:] == [
        "flows/main.yaml:1:1: target main.a: no step.", "flows/main.yaml:50:1: target main.a: no step.",
        "and 99950 more",
    ]  # fmt: skip
    assert len(many.findings) == 100_000


def test_a_file_that_is_not_utf_8_is_one_fault_and_the_others_are_told_too() -> None:
    spoilt = MAIN.replace("main.hello", "main.\udcd4")
    found = faults({"main": spoilt, "other": OTHER.replace("a: {go", "a: {goo")})
    assert [each.split(": ")[0] for each in found] == ["flows/main.yaml:7:25", "flows/other.yaml:4:3"]
    assert "the byte 0xD4 is no character" in found[0]


def test_a_file_larger_than_a_mebibyte_is_one_line() -> None:
    found = faults({"main": MAIN + "# a\n" * 300_000})
    assert [each.split(". ")[0] for each in found] == ["flows/main.yaml:1:1: yaml: the file is larger than 1 MiB"]


@pytest.mark.parametrize("step", ["{say: main.x, then: bye}", "{text: main.x, then: bye}"])
def test_a_secret_that_is_spoken_is_told_as_that_and_not_as_a_value_that_is_missing(step: str) -> None:
    main = MAIN.replace("steps:", "variables: {password: {type: digits, secret: true}}\nsteps:").replace(
        "{say: main.hello, then: menu}", step
    )
    words = {"main.x": "{password|digits}", "main.hello": ""}
    assert [each.code for each in checked({"main": main}, words, words)] == ["secret"]
