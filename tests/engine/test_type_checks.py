"""Values that a variable cannot hold are refused where they are written, with one message each."""

import pytest

from tests.engine.small_bank import faults, small_bundle
from tests.engine.step_cases import INNER, flows, texts

MORE = "  people: {type: number}\n  urgent: {type: flag}\n  amount:"


def refused(step: str) -> list[str]:
    """What is said of a step beside the small bank's own: column: code .. , each without its effect."""
    files = flows(step)
    files["main"] = files["main"].replace("  amount:", MORE, 1)
    words = [each.split(":", 2)[2].replace(" A caller who comes here would be passed to the exit.", "")
             for each in faults(files, texts(), texts())]  # fmt: skip
    return [each.replace(" Callers would not reach this flow.", "") for each in words]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("people: '\"many\"'", "'people' is number, 'many' is text"),
        ("people: \"true\"", "'people' is number, 'true' is flag"),
        ("people: 1.5", "'people' is number, '1.5' is a number with decimals"),
        ("people: amount", "'people' is number, 'amount' is money"),
        ("amount: people", "'amount' is money, 'people' is number"),
        ("number: name", "'number' is digits, 'name' is text"),
        ("number: '\"many\"'", "'number' is digits, 'many' is text"),
        ("number: 95588", "'number' is digits, '95588' is number"),
        ("name: 5", "'name' is text, '5' is number"),
        ("day: '\"soon\"'", "'day' is date, 'soon' is text"),
        ("day: '\"2026-02-30\"'", "'day' is date, '2026-02-30' is text"),
        ("day: name", "'day' is date, 'name' is text"),
        ("day: number", "'day' is date, 'number' is digits"),
        ("urgent: people", "'urgent' is flag, 'people' is number"),
        ("account: '\"a\"'", "'account' is choice, 'a' is text"),
        ("password: '\"1234\"'", "'password' is a secret, and a secret is never set"),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused_at_the_value(value: str, message: str) -> None:
    found = refused(f"x: {{set: {{{value}}}, then: bye}}")
    column = len("  x: {set: {") + value.index(" ") + 2
    assert [each.split(". ")[0] for each in found] == [f"{column}: type main.x: {message}"]


@pytest.mark.parametrize(
    "value",
    [
        "people: people + 1", "people: -1", "amount: 86.50", "number: '\"95588\"'", "number: '\"110101199003070X\"'",
        "name: number", "name: day", "day: '\"2026-11-29\"'", "day: '\"2026-11-29T09:05:00+08:00\"'",
        "urgent: amount > 5",
    ],
)  # fmt: skip
def test_a_value_that_fits_is_taken(value: str) -> None:
    assert refused(f"x: {{set: {{{value}}}, then: bye}}") == []


def test_a_number_that_is_set_into_money_means_yuan_and_stays_a_number_for_another() -> None:
    files = flows("x: {set: {amount: 5, people: 5}, then: bye}")
    files["main"] = files["main"].replace("  amount:", MORE, 1)
    values = small_bundle(files, texts(), texts()).flows["main"].steps["x"].expressions
    assert {name: value.evaluate({}) for name, value in values.items()} == {"amount": 500, "people": 5}


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("collect: amount, prompt: main.x, digits: {max: 3}", "'amount' is money, what is keyed here is digits"),
        ("collect: number, prompt: main.x, amount: {}", "'number' is digits, what is keyed here is money"),
        ("collect: people, prompt: main.x, digits: {max: 3}", "'people' is number, what is keyed here is digits"),
        ("collect: day, prompt: main.x, digits: {max: 8}", "'day' is date, what is keyed here is digits"),
        ("collect: name, prompt: main.x, date: true", "'name' is text, what is keyed here is date"),
        ("say: main.hello, each: day", "'day' is date, each: goes through a list"),
        ("say: main.hello, each: each_limit", "'each_limit' is a constant, each: goes through a list"),
        ("menu: main.x, choices: day, each: main.item, into: account",
         "'day' is date, choices: are the items of a list"),
        ("menu: main.x, choices: accounts, each: main.item, into: name", "'name' is text, what is chosen is a choice"),
    ],
)  # fmt: skip
def test_a_step_fills_and_goes_through_variables_of_its_type(step: str, message: str) -> None:
    found = refused(f"x: {{{step}, then: bye}}")
    assert [each.split(": ", 1)[1].split(". ")[0] for each in found] == [f"type main.x: {message}"]


def test_keys_may_be_kept_as_a_text() -> None:
    assert refused("x: {collect: name, prompt: main.x, digits: {max: 3}, then: bye}") == []


@pytest.mark.parametrize(
    "step",
    [
        "x: {set: {each_limit: 4}, then: bye}", "x: {collect: each_limit, prompt: main.x, amount: {}, then: bye}",
        "x: {call: inner, take: [each_limit], then: bye}",
    ],
)  # fmt: skip
def test_no_step_sets_a_constant(step: str) -> None:
    found = refused(step)
    assert ["'each_limit' is a constant of config.yaml, and no step sets it" in each for each in found] == [True]


def test_what_a_subflow_gives_back_is_declared_also_where_it_was_given() -> None:
    assert "amount: {" in INNER
    found = refused("x: {call: inner, with: {nam: name}, take: [nam], then: bye}")
    assert ["the variable 'nam' is not declared. did you mean 'name'?" in each for each in found] == [True]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("digits: {min: 8, max: 5}", "no number has 8 digits at least and 5 at most"),
        ("digits: {exactly: 4, min: 6}", "exactly: is the only length"),
        ("digits: {exactly: 4, lengths: [4]}", "exactly: is the only length"),
        ("digits: {max: 5, lengths: []}", "lengths: are some of the lengths from 1 to 5, such as [5]"),
        ("digits: {max: 5, lengths: [4, 6]}", "lengths: are some of the lengths from 1 to 5"),
        ("digits: {min: 4, max: 5, lengths: [3]}", "lengths: are some of the lengths from 4 to 5"),
        ("digits: {max: 5, lengths: [-1]}", "lengths: are some of the lengths from 1 to 5"),
        ('digits: {exactly: 4, star: "1"}', "star: is one letter, such as X, not '1'"),
        ("digits: {exactly: 4, star: 叉}", "star: is one letter, such as X, not '叉'"),
        ('digits: {exactly: 4, star: ""}', "star: is one letter, such as X, not ''"),
        ('amount: {at_least: "5000", at_most: "1"}', "no amount is 5000 at least and 1 at most; swap the two"),
    ],
)
def test_a_question_that_no_answer_fits_is_refused(kind: str, message: str) -> None:
    found = refused(f"x: {{collect: number, prompt: main.x, {kind}, then: bye}}")
    assert [message in each for each in found] == [True], found


@pytest.mark.parametrize(
    ("step", "column", "message"),
    [
        ("x: {branch: [{whn: amount > 1, then: bye}], else: bye}", 22, "did you mean 'when'?"),
        ("x: {branch: [{when: identified, then: bye}, {when: amont > 2, then: bye}], else: bye}", 54, "'amont > 2'"),
        ("x: {set: {name: gas}, then: bye}", 19, "a text stands in both quotes: '\"gas\"'"),
        ("x: {set: {urgent: yes}, then: bye}", 21, "write true"),
        ("b.ye: {go: bye}", 3, "no step can lead to 'b.ye'. a step's name is small letters, digits and _"),
        ("Bye: {go: bye}", 3, "no step can lead to 'Bye'"),
        ("再见: {go: bye}", 3, "no step can lead to '再见'"),
        ("x: {go: inne}", 11, "did you mean 'inner'?"),
    ],
)
def test_the_fault_is_told_where_it_stands_with_what_to_write(step: str, column: int, message: str) -> None:
    found = refused(step)
    assert not any(":' is empty" in each for each in found)
    assert found[0].startswith(f"{column}: ")
    assert message in found[0]
