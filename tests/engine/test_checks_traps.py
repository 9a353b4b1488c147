"""Traps: callers who never answer leave every question in the end, and an agent is reachable."""

import pytest

from ivr.engine.checks import traps
from ivr.engine.checks.simulation import scenarios
from ivr.engine.checks.traps import Search
from tests.engine.small_bank import DEFAULTS, MAIN, checked, said, small_bundle


def main(*steps: str, menu: str = "") -> dict[str, str]:
    """The main flow with more options and steps."""
    text = MAIN.replace('"1": say_hello', f'"1": say_hello{menu}')
    return {"main": text + "".join(f"  {step}\n" for step in steps)}


TWO = {"main.menu": "甲，请按1。乙，请按2。"}, {"main.menu": "For a, press 1. For b, press 2."}


def test_silent_callers_who_are_led_from_question_to_question_are_told_with_a_script() -> None:
    menu = 'second: {menu: main.menu, options: {"1": say_hello, "2": second}, give_up: menu}'
    flows = main(menu, menu=', "2": second}, give_up: second, tries: 1, no_match: common.wrong, wait: {x')
    flows["main"] = flows["main"].replace(", tries: 1, no_match: common.wrong, wait: {x}", "")
    flows["main"] = flows["main"].replace(
        'options: {"1": say_hello, "2": second}, give_up: second', 'options: {"1": say_hello, "2": second}\n'
        "    give_up: second")  # fmt: skip
    findings = [each for each in checked(flows, *TWO) if each.code == "trap"]
    assert {each.problem for each in findings} >= {
        "callers (silence) never get out of here",
        "callers (wrong keys) never get out of here",
        "callers (silence and wrong keys) never get out of here",
    }
    silent = next(each for each in findings if "(silence)" in each.problem)
    assert set(silent.script) <= {"silence", "1", "2", "9", "star", "silence x3"}
    assert silent.script.count("silence") > 3
    assert "Callers who do not answer would be kept for ever" in str(silent)


def test_giving_up_must_come_to_an_agent() -> None:
    flows = main('second: {menu: main.menu, options: {"1": say_hello, "2": bye}, give_up: bye}', menu=', "2": second')
    findings = said(checked(flows, *TWO), "no-agent")
    assert findings == [
        "flows/main.yaml:10:3: no-agent main.second: a caller who gives up here does not reach an agent. "
        "Callers who need a person would not find one. lead give_up: to a transfer step."
    ]


def test_a_menu_without_the_key_0_is_told() -> None:
    bare = DEFAULTS.replace('"0": main.to_agent, ', "")
    [told] = said(checked(defaults=bare), "no-agent")
    assert told.startswith("flows/main.yaml:4:3: no-agent main.menu: the key 0 does nothing here. Callers who press 0 ")
    assert "transfers, to its options or to keys: of defaults.yaml" in told


def test_no_other_key_stands_in_for_0() -> None:
    bare = DEFAULTS.replace('"0": main.to_agent, ', "")
    assert len(said(checked(main(menu=', "2": to_agent'), *TWO, defaults=bare), "no-agent")) == 1
    assert said(checked(main(menu=', "0": to_agent'), *TWO, defaults=bare), "no-agent") == []


def test_0_that_leads_elsewhere_than_to_an_agent_is_told_where_it_is_written() -> None:
    [told] = said(checked(main(menu=', "0": bye'), *TWO), "no-agent")
    assert told.startswith("flows/main.yaml:6:36: no-agent main.menu: the key 0 leads to main.bye and not to an agent.")


def test_0_is_the_agent_at_a_confirmation_too_and_one_change_of_all_keys_is_one_finding() -> None:
    sure = main('sure: {confirm: main.sure, "yes": bye, "no": bye}', menu=', "2": sure')
    words = {"main.sure": "同意，请按1。不同意，请按2。"}, {"main.sure": "To agree, press 1. To refuse, press 2."}
    zh, en = ({**two, **more} for two, more in zip(TWO, words, strict=True))
    assert said(checked(sure, zh, en), "no-agent") == []
    [told] = said(checked(sure, zh, en, defaults=DEFAULTS.replace('"0": main.to_agent', '"0": main.bye')), "no-agent")
    assert "the key 0 leads to main.bye" in told
    assert told.endswith("And 1 more that follow from it.")


def test_a_question_that_comes_after_the_agents_were_closed_may_end_the_call() -> None:
    offer = 'offer: {confirm: main.sure, "yes": bye, "no": bye, give_up: bye}'
    flows = {"main": main(offer)["main"].replace("closed: bye", "closed: offer")}
    words = {"main.sure": "同意，请按1。不同意，请按2。"}, {"main.sure": "To agree, press 1. To refuse, press 2."}
    assert checked(flows, *words) == []


def test_a_subflow_that_returns_when_it_gives_up_is_judged_by_the_step_that_ran_it() -> None:
    inner = 'flow: inner\nstart: q\nsteps:\n  q: {menu: main.menu, options: {"1": return.ok, "2": return.ok}, '
    inner += "give_up: return.gone}\n"
    run = "run: {call: inner, outcomes: {ok: menu, gone: %s}}"
    assert said(checked({**main(run % "to_agent", menu=', "2": run'), "inner": inner}, *TWO), "no-agent") == []
    assert len(said(checked({**main(run % "bye", menu=', "2": run'), "inner": inner}, *TWO), "no-agent")) == 1


def test_a_call_that_breaks_on_one_way_only_is_told_with_that_way() -> None:
    head = "variables: {balance: {type: money}, accounts: {type: list}}\nsteps:"
    look = "look: {service: find_balance, outcomes: {found: tell, unavailable: tell}}"
    tell = "tell: {say: main.tell, then: bye}"
    flows = {"main": main(look, tell, menu=', "2": look')["main"].replace("steps:", head)}
    words = {**TWO[0], "main.tell": "{balance|money}。"}, {**TWO[1], "main.tell": "{balance|money}."}
    findings = [each for each in checked(flows, *words) if each.code == "breaks"]
    assert [each.script for each in findings] == [
        ("2", "111111", "service check_password answers right", "service find_balance answers unavailable")
    ]
    assert "the prompt 'main.tell' speaks {balance}, which has no value then" in findings[0].problem


def test_both_sides_of_opening_hours_are_played() -> None:
    clock = "say_hello2: {hours: agents, open: bye, closed: broken}"
    broken = "broken: {say: main.tell, then: bye}"
    head = "variables: {balance: {type: money}, accounts: {type: list}}\nsteps:"
    flows = {"main": main(clock, broken, menu=', "2": say_hello2')["main"].replace("steps:", head)}
    words = {**TWO[0], "main.tell": "{balance|money}。"}, {**TWO[1], "main.tell": "{balance|money}."}
    assert [each.script for each in checked(flows, *words) if each.code in ("breaks", "unset")] == [("2",)]


def test_every_question_is_played_also_one_that_samples_do_not_come_to() -> None:
    rare = 'say_hello2: {branch: [{when: language == "xx", then: rare}], else: bye}'
    question = 'rare: {menu: main.menu, options: {"1": bye, "2": bye}}'
    search = Search(next(scenarios(small_bundle(main(rare, question, menu=', "2": say_hello2'), *TWO))))
    search.explore()
    assert ("(at main.rare)",) in [script for _, script in search.waiting_states]
    search.play_unresponsive_callers()
    assert search.findings == []


def test_lists_of_none_one_and_nine_are_played() -> None:
    head = "variables: {balance: {type: money}, accounts: {type: list}, account: {type: choice}}\nsteps:"
    look = "look: {service: find_balance, outcomes: {found: pick, unavailable: bye}}"
    pick = "pick: {menu: main.pick, choices: accounts, each: main.item, more: main.more, into: account, then: bye}"
    flows = {"main": main(look, pick, menu=', "2": look')["main"].replace("steps:", head)}
    zh = {"main.pick": "请选择。", "main.item": "{item.name}，请按{key}。", "main.more": "更多，请按{key}。"}
    en = {"main.pick": "Choose.", "main.item": "For {item.name}, press {key}.", "main.more": "For more, press {key}."}
    search = Search(next(scenarios(small_bundle(flows, {**TWO[0], **zh}, {**TWO[1], **en}))))
    search.explore()
    sizes = {len(session.frames[0].variables["accounts"]) for session, _ in search.waiting_states
             if session.frames[-1].step == "pick"}  # fmt: skip
    assert sizes == {9}  # one is chosen without asking, none gives up
    search.play_unresponsive_callers()
    assert search.findings == []


def test_giving_up_is_played_as_well_and_told_as_so_many_silences() -> None:
    head = "variables: {balance: {type: money}, accounts: {type: list}}\nsteps:"
    ask = 'ask: {menu: main.menu, options: {"1": bye, "2": bye}, give_up: tell}'
    flows = {
        "main": main(ask, "tell: {say: main.tell, then: to_agent}", menu=', "2": ask')["main"].replace("steps:", head)
    }
    words = {**TWO[0], "main.tell": "{balance|money}。"}, {**TWO[1], "main.tell": "{balance|money}."}
    assert [each.script for each in checked(flows, *words) if each.code in ("breaks", "unset")][:1] == [
        ("2", "silence x3")
    ]


def test_a_break_that_hangs_on_one_variable_is_met_however_many_ways_lead_there() -> None:
    head = "variables: {n: {type: number}, balance: {type: money}}\nsteps:"
    ways = [f"w{k}: {{set: {{n: {k}, balance: 1}}, then: ask}}" for k in range(1, 9)]
    ask = 'ask: {menu: main.menu, options: {"1": tell, "2": bye}}'
    options = "".join(f', "{k + 1}": w{k}' for k in range(1, 8)) + ", hash: ask"
    flows = {
        "main": main(*ways, ask, "tell: {say: main.tell, then: bye}", menu=options)["main"].replace("steps:", head)
    }
    words = {**TWO[0], "main.tell": "{balance|money}。"}, {**TWO[1], "main.tell": "{balance|money}."}
    assert [each.script for each in checked(flows, *words) if each.code == "breaks"] == [("hash", "1")]


def test_a_break_behind_more_than_a_thousand_steps_is_met() -> None:
    keys = "".join(f', "{k}": %s' for k in range(2, 9))
    steps = []
    for number in range(1200):
        after = [f"q{each}" if each < 1200 else "bye" for each in range(8 * number + 1, 8 * number + 9)]
        after[-1] = "tell" if number == 1199 else after[-1]
        steps.append(f'q{number}: {{menu: main.menu, options: {{"1": {after[0]}{keys % tuple(after[1:])}}}}}')
    head = "variables: {balance: {type: money}}\nsteps:"
    text = main(*steps, "tell: {say: main.tell, then: bye}", menu=', "2": q0')["main"].replace("steps:", head)
    words = {**TWO[0], "main.tell": "{balance|money}。"}, {**TWO[1], "main.tell": "{balance|money}."}
    search = Search(next(scenarios(small_bundle({"main": text}, *words))))
    search.explore()
    assert {each.code for each in search.findings} == {"breaks"}


def test_a_search_that_cannot_come_to_its_end_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traps, "TURNS_PER_STEP", 1)
    assert [each.split(". ")[0] for each in said(checked(), "unfinished")] == [
        "flows/main.yaml:4:3: unfinished main.menu: after 6 turns the search has not played all that callers can do"
    ]
