"""Reachability, loops and variables: for each check a flow that breaks it, with the exact finding, and one that does
not.
"""

import pytest

from ivr.engine.checks import loops
from tests.engine.small_bank import DEFAULTS, MAIN, VERIFY, checked, faults, said, small_bundle

MENU = """
flow: main
start: menu
steps:
  menu: {menu: main.menu, options: {"1": %s}}
  to_agent: {transfer: routed, outcomes: {closed: bye, full: bye, failed: bye, timeout: bye, callback: bye, answered: end}}
  bye: {end: common.bye}
"""  # noqa: E501 - a step on one line


def one(step: str, *more: str) -> dict[str, str]:
    """The main flow with key 1 leading to `step`, and further steps."""
    return {"main": MENU % step + "".join(f"  {line}\n" for line in more)}


def test_the_small_bank_has_nothing_to_mend() -> None:
    assert checked() == []


def test_every_finding_is_told_and_none_hides_another() -> None:
    flows = one("a", "a: {say: main.hello, then: b}", "b: {say: main.nowhere, then: a}", "c: {end: common.bye}")
    codes = {finding.code for finding in checked(flows)}
    assert {"loop", "missing", "unreachable"} <= codes


def test_a_step_that_nobody_reaches_is_told() -> None:
    assert said(checked(one("bye", "lonely: {say: main.hello, then: bye}")), "unreachable") == [
        "flows/main.yaml:7:3: unreachable main.lonely: no step leads here. No caller would ever reach this step. "
        "lead a step or a key here, or take the step out."
    ]


def test_steps_that_are_reached_only_by_a_key_or_by_giving_up_are_reached() -> None:
    flows = one("bye")
    assert said(checked(flows), "unreachable") == []


def test_a_place_that_nobody_can_leave_is_told() -> None:
    trap = 'pit: {menu: main.hello, options: {"1": pit, "0": pit, star: pit, "9": pit}, give_up: pit}'
    assert said(checked(one("pit", trap)), "dead-end") == [
        "flows/main.yaml:7:3: dead-end main.pit: no way out of here ends the call, returns, or reaches a person. "
        "Callers would go round until the call is cut. lead one of its exits to end or to an agent."
    ]


@pytest.mark.parametrize(
    ("left_out", "problem"),
    [
        ("no_input: common.again, ", "nothing is said after a silence"),
        (", no_match: common.wrong", "nothing is said after a wrong key"),
        ("give_up: main.to_agent, ", "no way on for a caller who does not answer"),
    ],
)
def test_a_question_says_what_happens_to_callers_who_do_not_answer(left_out: str, problem: str) -> None:
    findings = said(checked(defaults=DEFAULTS.replace(left_out, "")), "question")
    assert [problem in each for each in findings] == [True, True]  # the menu, and the password
    assert findings[0].startswith("flows/main.yaml:4:3: question main.menu: ")


def test_what_a_flow_says_for_all_its_questions_counts() -> None:
    shared = DEFAULTS.replace("no_input: common.again, ", "")
    line = "defaults: {ask: {no_input: common.again}}\nstart:"
    own = {name: text.replace("start:", line, 1) for name, text in (("main", MAIN), ("verify", VERIFY))}
    assert said(checked(own, defaults=shared), "question") == []


def test_an_outcome_that_is_not_routed_is_told_for_every_kind_of_step() -> None:
    findings = said(checked(one("ask", "ask: {service: ping, outcomes: {up: bye}}")), "outcome")
    assert findings == [
        "flows/main.yaml:7:3: outcome main.ask: 'ping' can come back with 'down', which is not routed. "
        "Callers would be passed to an agent without a word. add down: and a step to outcomes:. "
        "And 2 more that follow from it."
    ]


def test_an_outcome_that_cannot_happen_is_told_with_the_one_that_was_meant() -> None:
    flows = one("ask", "ask: {service: ping, outcomes: {up: bye, down: bye, dwn: bye}}")
    assert said(checked(flows), "outcome") == [
        "flows/main.yaml:7:60: outcome main.ask: 'ping' never comes back with 'dwn'. "
        "No caller would ever take this way. did you mean 'down'? And 2 more that follow from it."
    ]


def test_a_call_routes_the_words_its_flow_returns() -> None:
    inner = 'flow: inner\nstart: q\nsteps:\n  q: {menu: main.menu, options: {"1": return.fine}, give_up: return.gone}\n'
    half = {**one("run", "run: {call: inner, outcomes: {fine: bye}}"), "inner": inner}
    whole = {**one("run", "run: {call: inner, outcomes: {fine: bye}, then: to_agent}"), "inner": inner}
    assert len(said(checked(half), "outcome")) == 1
    assert "'gone', which is not routed" in said(checked(half), "outcome")[0]
    assert said(checked(whole), "outcome") == []


def test_authenticate_routes_what_its_flow_returns_beside_verified() -> None:
    flows = one("who", "who: {authenticate: query, outcomes: {verified: bye}}")
    assert "the flow 'verify' can come back with 'failed'" in said(checked(flows), "outcome")[0]


def test_transfer_routes_how_a_stay_in_the_queue_ends() -> None:
    flows = {"main": MAIN.replace("timeout: bye, ", "")}
    assert "'join_queue' can come back with 'timeout'" in said(checked(flows), "outcome")[0]


# --- loops -----------------------------------------------------------------------------------------------------------


def test_a_circle_of_steps_in_which_nobody_is_asked_is_told() -> None:
    flows = one("a", "a: {say: main.hello, then: b}", "b: {service: ping, outcomes: {up: bye, down: a}}")
    assert said(checked(flows), "loop") == [
        "flows/main.yaml:7:3: loop main.a: a cycle of steps in which the caller is not asked anything: "
        "main.a -> main.b -> main.a. Callers would hear the same over and over until the call passes its limit. "
        "put a question between, or lead one of the steps elsewhere."
    ]


def test_a_circle_with_a_question_in_it_is_none() -> None:
    assert said(checked(), "loop") == []


def test_a_circle_through_a_subflow_that_asks_nothing_is_told() -> None:
    inner = "flow: inner\nstart: s\nsteps:\n  s: {say: main.hello, then: return.fine}\n"
    flows = {**one("run", "run: {call: inner, outcomes: {fine: run}}"), "inner": inner}
    assert "main.run -> main.run" in said(checked(flows), "loop")[0]


def test_a_subflow_that_asks_something_breaks_the_circle() -> None:
    inner = 'flow: inner\nstart: q\nsteps:\n  q: {menu: main.menu, options: {"1": return.fine}}\n'
    flows = {**one("run", "run: {call: inner, outcomes: {fine: run}}"), "inner": inner}
    assert said(checked(flows), "loop") == []


def test_a_list_of_one_is_chosen_without_a_question_so_it_does_not_break_a_circle() -> None:
    menu = "pick: {menu: main.pick, choices: accounts, each: main.item, into: account, then: look}"
    look = "look: {service: find_balance, outcomes: {found: pick, unavailable: to_agent}}"
    head = "variables: {accounts: {type: list}, account: {type: choice}, balance: {type: money}}\nsteps:"
    flows = {"main": one("look", look, menu)["main"].replace("steps:", head)}
    words = {"main.pick": "请选择。", "main.item": "{item.name}，请按{key}。"}
    more = {"main.pick": "Please choose.", "main.item": "For {item.name}, press {key}."}
    assert len(said(checked(flows, words, more), "loop")) == 1
    flows["main"] = flows["main"].replace("then: look}", "then: look, only_one: false, give_up: bye}")
    assert said(checked(flows, words, more), "loop") == []


def test_flows_that_run_each_other_are_told() -> None:
    a = 'flow: a\nstart: q\nsteps:\n  q: {menu: main.menu, options: {"1": r}}\n  r: {call: b, then: return}\n'
    b = "flow: b\nstart: r\nsteps:\n  r: {call: a, then: return}\n"
    bundle = small_bundle({**one("run", "run: {call: a, then: bye}"), "a": a, "b": b})
    assert [str(finding) for finding in loops.check(bundle) if finding.code == "recursion"] == [
        "flows/a.yaml:5:3: recursion a.r: the flow runs itself: a -> b -> a. "
        "Callers would go deeper until the call passes its limit. use go: instead of call: to start over."
    ]


# --- variables -------------------------------------------------------------------------------------------------------


def test_a_variable_that_no_way_sets_before_it_is_spoken_is_told() -> None:
    head = "variables: {amount: {type: money}}\nsteps:"
    flows = {"main": one("tell", "tell: {say: main.tell, then: bye}")["main"].replace("steps:", head)}
    findings = checked(flows, {"main.tell": "{amount|money}。"}, {"main.tell": "{amount|money}."})
    assert said(findings, "unset") == [
        "flows/main.yaml:8:3: unset main.tell: 'amount' is used here, and no way to this step sets it. "
        "The call would break here and go to an agent. collect it, set it, or let a service find it before tell. "
        "And 1 more that follow from it. Play: 1"
    ]
    assert said(findings, "breaks") == []


def test_a_variable_that_one_way_sets_is_no_certain_fault() -> None:
    head = "variables: {amount: {type: money}}\nsteps:"
    ask = "ask: {collect: amount, prompt: main.ask, amount: {}, then: tell}"
    flows = {"main": one("ask", "tell: {say: main.tell, then: bye}", ask)["main"].replace("steps:", head)}
    zh, en = {"main.tell": "{amount|money}。", "main.ask": "请输入金额。"}, {
        "main.tell": "{amount|money}.", "main.ask": "Please enter the amount."}  # fmt: skip
    assert [finding for finding in checked(flows, zh, en) if finding.code != "unused"] == []


def test_a_subflow_is_given_what_it_declares() -> None:
    inner = "flow: inner\nstart: s\nvariables: {sum: {type: number}}\nsteps:\n  s: {say: main.hello, then: return}\n"
    head = "variables: {amount: {type: money}}\nsteps:"
    flows = {
        "main": one("run", "run: {call: inner, with: {sum: amount}, then: bye}")["main"].replace("steps:", head),
        "inner": inner,
    }
    assert "'amount' is money, 'sum' of 'inner' is number" in said(checked(flows), "type")[0]
    flows["main"] = flows["main"].replace("{sum: amount}", "{smu: amount}")
    assert "the flow 'inner' has no variable 'smu'" in said(checked(flows), "variable")[0]


# --- words of config.yaml --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("{hours: agnets, open: bye, closed: bye}",
         "hours main.x: config.yaml has no 'agnets' under hours:. A caller who comes here would be passed to the exit. "
         "did you mean 'agents'?"),
        ("{language: ne, then: bye}", "languages main.x: config.yaml has no 'ne' under languages:."),
        ("{transfer: genral, outcomes: {closed: bye}}", "did you mean 'general'?"),
    ],
)  # fmt: skip
def test_a_word_that_config_does_not_know_is_refused(step: str, message: str) -> None:
    found = faults(one("x", f"x: {step}"))
    assert len(found) == 1
    assert message in found[0]
    assert found[0].startswith("flows/main.yaml:7:")


def test_variables_stay_behind_when_a_call_goes_to_another_flow() -> None:
    head = "variables: {amount: {type: money}}\nsteps:"
    ask = "ask: {collect: amount, prompt: main.ask, amount: {}, then: other}"
    other = f"flow: other\nstart: tell\n{head}\n  tell: {{say: main.tell, then: end}}\n"
    flows = {"main": one("ask", ask)["main"].replace("steps:", head), "other": other}
    zh, en = (
        {"main.tell": "{amount|money}。", "main.ask": "请输入金额。"},
        {"main.tell": "{amount|money}.", "main.ask": "Please enter the amount."},
    )
    assert [each.split(":")[0] for each in said(checked(flows, zh, en), "unset")] == ["flows/other.yaml"]
