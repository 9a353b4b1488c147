"""Refusals: a cycle of keyed answers counts its misses; a confirm speaks its facts before keys are accepted."""

from dataclasses import replace

import pytest

from ivr.engine.checks import check
from ivr.engine.findings import Finding
from ivr.engine.sources import build
from tests.engine.small_bank import MAIN, SERVICES, checked, faults, said, small_bundle, sources

HEAD = "variables: {amount: {type: money}}\nsteps:"
WORDS = {"main.ask": "请输入金额。", "main.facts": "付一百元。", "main.due": "应付{amount|money}。",
         "main.sure": "确认，请按1。取消，请按2。",
         "main.late": "{amount|money}，确认，请按1。取消，请按2。"}  # fmt: skip
ENGLISH = {"main.ask": "Please enter the amount.", "main.facts": "You pay a hundred.",
           "main.due": "{amount|money} due.",
           "main.sure": "To agree, press 1. To cancel, press 2.",
           "main.late": "{amount|money}, to agree, press 1. To cancel, press 2."}  # fmt: skip
ASK = "ask: {collect: amount, prompt: main.ask, amount: {}, then: %s}"
PING = "look: {service: ping, outcomes: {up: %s, down: ask}}"


def flow(*steps: str) -> dict[str, str]:
    """The main flow with key 1 leading to `ask`."""
    text = MAIN.replace("steps:", HEAD).replace('"1": say_hello', '"1": ask')
    return {"main": text + "".join(f"  {step}\n" for step in steps)}


def endless(*steps: str, refuses: tuple[str, ...] = ()) -> list[str]:
    """What is told of circles without an end, where `ping` refuses these outcomes."""
    services = {**SERVICES, "ping": replace(SERVICES["ping"], refuses=frozenset(refuses))}
    findings: list[Finding] = check(build(sources(flow(*steps), WORDS, ENGLISH), services), frozenset())
    return said(findings, "endless")


def test_an_answer_that_is_turned_down_and_asked_for_again_without_a_miss_is_told() -> None:
    assert endless(ASK % "look", PING % "menu") == [
        "flows/main.yaml:12:3: endless main.look: well-formed answers repeat without counting as a miss: "
        "main.look -> main.ask -> main.look. Callers would be asked for the same for ever, and no agent be offered. "
        "lead on, let the caller choose in between, or name the outcome in refuses= of the service's contract."
    ]


def test_an_outcome_that_the_contract_refuses_ends_the_circle() -> None:
    assert endless(ASK % "look", PING % "menu", refuses=("down",)) == []


def test_a_choice_or_a_yes_in_between_is_getting_on() -> None:
    sure = 'sure: {confirm: [main.facts, main.sure], "yes": look, "no": menu}'
    assert endless(ASK % "sure", sure, PING % "menu") == []


def test_a_circle_through_a_subflow_that_asks_is_told_too() -> None:
    inner = "flow: inner\nstart: q\nvariables: {amount: {type: money}}\nsteps:\n"
    inner += "  q: {collect: amount, prompt: main.ask, amount: {}, then: return.given}\n"
    flows = {**flow("ask: {call: inner, outcomes: {given: look}, then: menu}", PING % "menu"), "inner": inner}
    assert len(said(checked(flows, WORDS, ENGLISH), "endless")) == 1


def test_collecting_twice_in_a_circle_without_a_service_is_told() -> None:
    assert len(endless(ASK % "more", "more: {collect: amount, prompt: main.ask, amount: {}, then: ask}")) == 1


CONFIRM = 'sure: {confirm: %s, "yes": menu, "no": menu}'


@pytest.mark.parametrize("prompts", ["[main.due, main.sure]", "[main.facts, main.due, main.sure]", "main.late"])
def test_values_are_said_before_keys_are_taken(prompts: str) -> None:
    assert said(checked(flow(ASK % "sure", CONFIRM % prompts), WORDS, ENGLISH), "confirm") == []


def test_a_value_beside_the_keys_is_told() -> None:
    found = said(checked(flow(ASK % "sure", CONFIRM % "[main.facts, main.late]"), WORDS, ENGLISH), "confirm")
    assert len(found) == 2, "in each language"
    assert "'main.late' in en speaks {amount} where keys are taken already" in found[0]


def test_a_key_named_before_keys_are_taken_is_told() -> None:
    found = said(checked(flow(ASK % "sure", CONFIRM % "[main.sure, main.sure]"), WORDS, ENGLISH), "confirm")
    assert "'main.sure' in en names a key before keys are taken" in found[0]


def test_a_confirm_cannot_be_interrupted() -> None:
    for written in ("true", "false"):
        step = CONFIRM % f"main.sure, interrupt: {written}"
        assert "a confirm is always heard whole; take interrupt: out" in faults(flow(ASK % "sure", step), WORDS)[0]


def test_the_greeting_offers_no_way_back() -> None:
    step = 'ask: {menu: main.menu, options: {"1": menu}, common_keys: ["0", star]}'
    assert set(small_bundle(flow(step), WORDS, WORDS).flows["main"].steps["ask"].keys) == {"0", "*"}
    assert "is not a telephone key" in faults(flow(step.replace('"0"', '"12"')), WORDS)[0]
