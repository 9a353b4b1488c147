"""Budgets: each is compared with what callers hear, in each language, and reported with its figure."""

from typing import Any

import pytest

from ivr.engine.checks import budgets
from ivr.engine.findings import Finding
from tests.engine.small_bank import said, small_bundle

MAIN = """
flow: main
start: welcome
steps:
  welcome:
    menu: main.welcome
    languages: [zh-CN, en]
    options: {"1": {then: {language: zh-CN, then: menu}}, "2": {then: {language: en, then: menu}}}
  menu:
    menu: main.menu
    options: {"1": ask_rest}
  ask_rest: {authenticate: query, outcomes: {verified: look, failed: bye}}
  look: {service: find_balance, outcomes: {found: rest, unavailable: bye}}
  rest: {say: main.rest, then: menu}
  to_agent: {transfer: routed, outcomes: {closed: bye, full: bye, timeout: bye, callback: bye, answered: end}}
  bye: {end: common.bye}
variables: {balance: {type: money}, accounts: {type: list}}
"""
ZH = {
    "main.welcome": "欢迎致电。普通话，请按1。",
    "main.menu": "余额，请按1。人工，请按0。",
    "main.rest": "余额{balance|money}。",
}
EN = {
    "main.welcome": "Welcome. For English, press 2.",
    "main.menu": "For your balance, press 1. For an agent, press 0.",
    "main.rest": "You have {balance|money}.",
}


def _bundle(zh: dict[str, str | list[str]] | None = None, **limits: Any) -> Any:
    return small_bundle({"main": MAIN}, {**ZH, **(zh or {})}, {**EN}, budgets=limits)


def _found(bundle: Any) -> list[Finding]:
    return list(budgets.check(bundle))


# zh: 欢迎致电 4, 普通话请按1 6; menu: 余额请按1 5, 人工请按0 5; password 请输入六位查询密码 9; 余额 2
GREETING = 10 / 4.5 + 0.4 + 0.2
AGENT = GREETING + 10 / 4.5 + 0.4 + 2 * 0.2
BALANCE = GREETING + 5 / 4.5 + 0.2 + 9 / 4.5 + 2 / 4.5


def test_the_figures_are_those_of_a_caller_who_acts_on_what_was_named() -> None:
    chinese, english = budgets.listening_times(_bundle(steps={"main.rest": 60}))
    assert (chinese.language, english.language) == ("zh-CN", "en")
    assert chinese.first_option == pytest.approx(GREETING)
    assert chinese.agent == pytest.approx(AGENT)
    assert chinese.steps["main.rest"] == pytest.approx(BALANCE)
    assert english.first_option == pytest.approx(5 / 2.6 + 0.4 + 0.2)  # Chinese words before it are not counted


@pytest.mark.parametrize(
    ("limits", "figure"),
    [
        ({"first_option": GREETING}, GREETING),
        ({"agent": 8.0, "first_option": 8.0}, AGENT),
        ({"steps": {"main.rest": BALANCE + 2}}, BALANCE),
    ],
)
def test_what_holds_is_not_told(limits: dict[str, Any], figure: float) -> None:
    assert figure <= 8
    assert _found(_bundle(**limits)) == []


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        ({"first_option": 1.0}, "in zh-CN the first option is named after 2.8 s; config.yaml allows 1 s"),
        ({"agent": 5.0}, "in zh-CN an agent is named after 5.8 s of speech; config.yaml allows 5 s"),
        ({"steps": {"main.rest": 5.0}}, "in zh-CN main.rest is reached after 6.6 s of speech; config.yaml allows 5 s"),
    ],
)
def test_what_is_over_is_told_with_the_line_of_the_prompt(limits: dict[str, Any], problem: str) -> None:
    found = [each for each in _found(_bundle(**limits)) if "in zh-CN" in each.problem]
    assert problem in [each.problem for each in found]
    assert all(each.file == "prompts/zh-CN.yaml" for each in found)
    assert all(each.line for each in found)


def test_a_menu_anywhere_names_its_first_option_in_time() -> None:
    slow = _bundle({"main.menu": "感谢您使用我们的电话银行服务，查询余额，请按1。人工，请按0。"}, first_option=4.0)
    assert [(each.place, each.code) for each in _found(slow)] == [("main.menu", "budget")]


def test_an_agent_who_is_never_named_is_over_every_budget() -> None:
    silent = _bundle({"main.menu": "余额，请按1。"}, agent=600.0)
    assert [each.problem for each in _found(silent)] == [
        "in zh-CN no caller hears that an agent is named; config.yaml allows 600 s"
    ]


def test_a_step_that_is_misspelt_is_told() -> None:
    [told] = said(_found(_bundle(steps={"main.ret": 20.0})), "budget")
    assert "there is no step 'main.ret'" in told
    assert "did you mean 'main.rest'?" in told


def test_who_sets_no_budget_is_told_nothing() -> None:
    assert _found(_bundle()) == []
    assert list(budgets.report(_bundle())) == []
