"""A refused answer counts at the question that asked for it, and too many lead to an agent."""

from dataclasses import replace

from ivr.engine.sources import build
from tests.engine.played_call import PlayedCall
from tests.engine.small_bank import MAIN, RULES, SERVICES, sources

STEPS = """
  ask: {collect: number, prompt: main.ask, digits: {exactly: 4}, then: look}
  look: {service: ping, outcomes: {up: menu, down: {say: main.none, then: %s}}}
  how: {menu: main.menu, options: {"1": ask}}
"""
ZH = {"main.ask": "请输入。", "main.none": "没有查到。"}


def line(again: str = "ask", **limits: int) -> PlayedCall:
    """A call at `ask`, where `down` refuses what was keyed and leads to `again`."""
    services = {**SERVICES, "ping": replace(SERVICES["ping"], refuses=frozenset({"down"}))}
    text = MAIN.replace("steps:", "variables: {number: {type: digits}}\nsteps:").replace("start: menu", "start: ask")
    flows = {"main": text + (STEPS % again).lstrip("\n")}
    return PlayedCall(build(sources(flows, ZH, ZH, limits={**RULES["limits"], **limits}), services))


def test_what_is_refused_is_a_wrong_answer_and_the_last_says_why_before_an_agent() -> None:
    call = line()
    for _ in range(2):
        assert call.press("1234").answer("down").keys == ["main.none", "main.ask"]
    assert call.press("1234").answer("down").step == "to_agent"
    assert call.keys == ["main.none"] or call.turn.invoke is not None
    assert call.session.misses == 3


def test_refused_and_malformed_answers_count_together_whatever_comes_between() -> None:
    call = line().press("1234").answer("down").press("12")
    assert (call.step, call.session.frames[-1].no_match) == ("ask", 2)
    assert call.press("12").step == "to_agent"


def test_a_way_round_over_another_question_does_not_begin_anew() -> None:
    call = line("how")
    for _ in range(2):
        call.press("1234").answer("down").press("1")
        assert call.step == "ask"
    assert call.press("1234").answer("down").step == "to_agent"


def test_going_back_to_a_question_that_refused_too_often_does_not_ask_it_again() -> None:
    call = line("how")
    call.session.frames[-1].refused = {"ask": 3}
    call.press("1234").answer("up")
    assert call.press("*").step == "to_agent"


def test_refusals_count_in_the_total_of_the_call() -> None:
    call = line(misses=2).press("1234").answer("down")
    assert call.press("1234").answer("down").step == "to_agent"
