"""Slots: a prompt speaks variables of its step, in formats of their types; with texts that break it."""

import pytest

from tests.engine.small_bank import MAIN, checked, faults, said


def hello(zh: str, en: str, variables: str = "{}") -> list[str]:
    """What is said of the slots of a prompt that one step speaks."""
    flows = {"main": MAIN.replace("steps:", f"variables: {variables}\nsteps:")}
    findings = checked(flows, {"main.hello": zh}, {"main.hello": en})
    return [str(finding) for finding in findings if finding.code in ("slot", "translation")]


def test_a_slot_without_a_value_is_told() -> None:
    assert hello("您好，{nmae}。", "Hello, {nmae}.", "{name: {type: text}}") == [
        "flows/main.yaml:8:20: slot main.say_hello: the prompt 'main.hello' speaks {nmae}, which this step does not "
        "have. The call would break here and go to an agent. did you mean 'name'?"
    ]


def test_a_slot_that_is_amiss_in_one_language_is_told_once_at_that_text() -> None:
    assert hello("您好，{name}。", "Hello, {nmae}.", "{name: {type: text}}") == [
        "prompts/en.yaml:5:13: slot main.hello: the prompt 'main.hello' speaks {nmae}, which main.say_hello does not "
        "have. The call would break here and go to an agent. did you mean 'name'?"
    ]


def test_constants_and_what_is_always_known_can_be_spoken() -> None:
    assert hello("{bank_name}，{each_limit|money}，{language}。", "{bank_name}, {each_limit|money}, {language}.") == []


@pytest.mark.parametrize(
    ("kind", "slot", "remedy"),
    [
        ("digits", "{x|money}", "write {x|digits} or {x|last4} or {x|phone}"),
        ("money", "{x}", "write {x|money}"),
        ("number", "{x|money}", "write {x|count} or {x|minutes} or {x|number}"),
        ("flag", "{x}", "branch on it, and speak a prompt for each"),
        ("list", "{x}", "speak it item by item with each:"),
        ("choice", "{x}", "name a part of it, such as {x.name}"),
        ("money", "{x.part}", "write {x}"),
    ],
)
def test_a_format_that_does_not_fit_the_type_is_told(kind: str, slot: str, remedy: str) -> None:
    found = hello(f"{slot}。", f"{slot}.", f"{{x: {{type: {kind}}}}}")
    assert len(found) == 1
    assert remedy in found[0]
    assert kind in found[0]


def test_the_parts_of_a_choice_and_the_right_formats_fit() -> None:
    variables = "{a: {type: choice}, b: {type: money}, c: {type: digits}, d: {type: date}}"
    text = "{a.last4|digits} {b|money} {c|last4} {d|date}"
    assert hello(text, text, variables) == []


def test_two_languages_speak_the_same_values() -> None:
    assert hello("您好，{bank_name}。", "Hello.") == [
        "prompts/en.yaml:5:13: translation main.hello: zh-CN and en do not speak the same values: {bank_name}. "
        "Callers would hear less in one language than in the other. bring the two texts together."
    ]


def test_an_unknown_format_is_refused_before_any_proof() -> None:
    assert "there is no format 'mony'" in faults(None, {"main.hello": "{bank_name|mony}"})[0]


def test_items_and_keys_are_offered_where_they_are_spoken() -> None:
    text = "pick: {menu: main.pick, choices: list, each: main.item, into: one, then: menu}\n  again: "
    flows = {"main": MAIN.replace("say_hello: ", text).replace('"1": say_hello', '"1": pick').replace(
        "steps:", "variables: {list: {type: list}, one: {type: choice}}\nsteps:")}  # fmt: skip
    zh, en = {"main.pick": "请选择。", "main.item": "{item.name}，请按{key}。"}, {
        "main.pick": "Please choose.", "main.item": "For {item.name}, press {key}."}  # fmt: skip
    assert said(checked(flows, zh, en), "slot") == []
    assert said(checked(flows, zh, en), "option-unnamed") == []
    en["main.item"] = zh["main.item"] = "{item.name}。"
    assert "does not speak {key}" in said(checked(flows, zh, en), "option-unnamed")[0]


ACCOUNTS = """
flow: accounts
start: check
variables: {accounts: {type: list}, account: {type: choice}, balance: {type: money}}
steps:
  check: {authenticate: query, outcomes: {verified: find}}
  find: {service: find_balance, outcomes: {found: list, unavailable: main.menu}}
  list: {say: accounts.line, each: accounts, then: choose}
  choose: {menu: accounts.choose, choices: accounts, each: accounts.offer, into: account, then: tell}
  tell: {call: telling, with: {chosen: account}, then: told}
  told: {say: accounts.told, then: main.menu}
"""
TELLING = """
flow: telling
start: tell
variables: {chosen: {type: choice}}
steps:
  tell: {say: accounts.chosen, then: return}
"""


def parts(key: str, text: str) -> list[str]:
    """What is said of the parts of an account in one of the prompts that speak them."""
    flows = {
        "accounts": ACCOUNTS,
        "telling": TELLING,
        "main": MAIN.replace('{"1": say_hello}', '{"1": say_hello, "2": accounts.check}'),
    }
    words = {
        "accounts.line": "{item.last4|digits}", "accounts.choose": "?", "accounts.offer": "{item.last4|digits}{key}",
        "accounts.told": "{account.balance|money}", "accounts.chosen": "{chosen.last4|digits}", key: text,
    }  # fmt: skip
    return [finding.split(": ", 1)[1] for finding in said(checked(flows, words, words), "slot")]


@pytest.mark.parametrize(
    ("key", "head", "step"),
    [
        ("accounts.line", "item", "accounts.list"), ("accounts.offer", "item", "accounts.choose"),
        ("accounts.told", "account", "accounts.told"), ("accounts.chosen", "chosen", "telling.tell"),
    ],
)  # fmt: skip
def test_a_part_that_nothing_has_is_told_wherever_the_thing_came_from(key: str, head: str, step: str) -> None:
    assert parts(key, f"{{{head}.last4|digits}}{{{head}.balance|money}}") == []
    assert parts(key, f"{{{head}.lst4|digits}}") == [
        f"slot {step}: the prompt '{key}' speaks {{{head}.lst4}}, but '{head}' has no such part. "
        "The call would break here and go to an agent. did you mean 'last4'?"
    ]
    assert parts(key, f"{{{head}.balance|digits}}") == [
        f"slot {step}: the prompt '{key}' speaks {{{head}.balance|digits}}, but '{head}.balance' is a money. "
        f"The call would break here and go to an agent. write {{{head}.balance|money}}."
    ]
