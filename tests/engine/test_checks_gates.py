"""Gates: every path to a sensitive service passes what it needs, also through subflows and back."""

from dataclasses import replace

import pytest

from ivr.engine.checks import check
from ivr.engine.sources import build
from tests.engine.small_bank import MAIN, SERVICES, VERIFY, checked, said, sources

HEAD = "variables: {amount: {type: money}, balance: {type: money}, accounts: {type: list}}\nsteps:"
WORDS = {"main.ask": "请输入金额。", "main.sure": "{amount|money}。确认，请按1。取消，请按2。"}
ENGLISH = {
    "main.ask": "Please enter the amount.",
    "main.sure": "{amount|money}. To agree, press 1. To cancel, press 2.",
}

INNER = """
flow: inner
start: s
variables: {amount: {type: money}}
steps:
  s: {set: {amount: "7"}, then: return}
"""

ASK = "ask: {collect: amount, prompt: main.ask, amount: {}, then: %s}"
SURE = 'sure: {confirm: main.sure, "yes": %s, "no": menu}'
WHO = "who: {authenticate: identity, outcomes: {verified: %s, failed: menu}}"
PAY = "pay: {service: pay, with: [amount], outcomes: {paid: menu, no_funds: %s, unavailable: menu}}"


def flow(first: str, *steps: str) -> dict[str, str]:
    """The main flow with key 1 leading to the first of these steps."""
    text = MAIN.replace("steps:", HEAD).replace('"1": say_hello', f'"1": {first}')
    return {"main": text + "".join(f"  {step}\n" for step in steps)}


def found(code: str, *args: str) -> list[str]:
    """The findings with a code in such a flow."""
    return said(checked(flow(*args), WORDS, ENGLISH), code)


def test_a_payment_that_is_verified_and_confirmed_on_every_way_is_fine() -> None:
    assert found("gate", "who", WHO % "ask", ASK % "sure", SURE % "pay", PAY % "ask") == []


def test_a_way_around_the_confirmation_is_told_with_the_keys_that_take_it() -> None:
    assert found("gate", "who", WHO % "ask", ASK % "pay", PAY % "menu") == [
        "flows/main.yaml:13:3: gate main.pay: 'pay' needs confirmation, and a call can come here without it. "
        "These callers would be passed to an agent instead. "
        "put a confirm step on every way here, after the last step that changes what it names. "
        "Play: 1, <password>, service check_password answers right, <amount>"
    ]


def test_a_way_around_the_identification_is_told() -> None:
    findings = found("gate", "ask", ASK % "sure", SURE % "pay", PAY % "menu")
    assert len(findings) == 1
    assert "'pay' needs identity" in findings[0]
    assert "authenticate: identity" in findings[0]
    assert findings[0].endswith("Play: 1, <amount>, 1")


@pytest.mark.parametrize(
    "between",
    [
        "between: {set: {amount: amount + 1}, then: pay}",
        "between: {collect: amount, prompt: main.ask, amount: {}, then: pay}",
        "between: {call: inner, take: [amount], then: pay}",
    ],
)
def test_what_changes_values_after_the_confirmation_takes_it_back(between: str) -> None:
    steps = flow("who", WHO % "ask", ASK % "sure", SURE % "between", between, PAY % "menu")
    steps["inner"] = INNER
    findings = said(checked(steps, WORDS, ENGLISH), "gate")
    assert ["needs confirmation" in each for each in findings] == [True]


def test_saying_something_between_keeps_the_confirmation() -> None:
    say = "between: {say: main.hello, then: pay}"
    assert found("gate", "who", WHO % "ask", ASK % "sure", SURE % "between", say, PAY % "ask") == []


def test_a_confirmation_is_good_for_one_payment() -> None:
    again = PAY.replace("no_funds: %s", "no_funds: pay")
    assert len(found("gate", "who", WHO % "ask", ASK % "sure", SURE % "pay", again)) == 1


def test_a_second_try_after_a_silent_core_needs_no_second_confirmation() -> None:
    again = PAY.replace("unavailable: menu", "unavailable: wait") % "ask"
    wait = 'wait: {menu: main.menu, options: {"1": pay}}'
    assert found("gate", "who", WHO % "ask", ASK % "sure", SURE % "pay", again, wait) == []


def test_a_service_that_needs_a_password_asks_for_it_by_itself() -> None:
    look = "look: {service: find_balance, outcomes: {found: menu, unavailable: menu}}"
    assert found("gate", "look", look) == []


def test_being_asked_for_a_password_after_the_confirmation_takes_it_back() -> None:
    """pay with a query password: the flow that verifies collects, and what was confirmed is confirmed no more."""
    steps = flow("who", WHO % "ask", ASK % "sure", SURE % "pay", PAY % "menu")
    weak = VERIFY.replace("password: {type", "who: {type: text}\n  password: {type")
    steps["verify"] = weak
    assert said(checked(steps, WORDS, ENGLISH), "gate") == []
    late = SURE % "look" + "\n  look: {authenticate: query, outcomes: {verified: pay, failed: menu}}"
    assert len(found("gate", "ask", ASK % "sure", late, PAY % "menu")) == 1


def test_a_password_that_only_the_service_asks_for_is_told_as_the_missing_authenticate() -> None:
    assert "put a confirm step on every way here" in found("gate", "who", WHO % "ask", ASK % "pay", PAY % "menu")[0]
    contract = replace(SERVICES["pay"], needs=frozenset({"identity", "transaction", "confirmation"}))
    steps = flow("ask", ASK % "sure", SURE % "pay", PAY % "menu")
    findings = said(check(build(sources(steps, WORDS, ENGLISH), {**SERVICES, "pay": contract}), frozenset()), "gate")
    assert len(findings) == 1
    assert "'pay' needs transaction as well, and asking for it only here takes the confirmation back" in findings[0]
    assert "put  authenticate: transaction  before the step that gives the confirmation" in findings[0]


def test_a_branch_on_identified_leads_identified_callers_only() -> None:
    branch = "ask: {branch: [{when: identified, then: sure}], else: menu}"
    assert found("gate", "ask", branch, SURE % "pay", "x: {go: pay}", PAY.replace("with: [amount]", "with: [amount]")
                 % "menu") == []  # fmt: skip
    loose = branch.replace("when: identified", "when: identified or amount > 1")
    assert len(found("gate", "ask", loose, SURE % "pay", PAY % "menu")) == 1


def test_a_subflow_comes_back_to_the_step_that_ran_it_and_to_no_other() -> None:
    """The confirmed caller runs `inner` too; its return must not open the gate for the caller who did not confirm."""
    inner = "flow: inner\nstart: s\nsteps:\n  s: {say: main.hello, then: return.on}\n"
    steps = flow(
        "who", WHO % "ask", ASK % "sure", SURE % "a", "a: {call: inner, outcomes: {on: menu}}",
        "b: {call: inner, outcomes: {on: menu}}",
    )  # fmt: skip
    steps["inner"] = inner
    assert said(checked(steps, WORDS, ENGLISH), "gate") == []


def test_a_service_that_moves_money_and_asks_for_nothing_is_told() -> None:
    findings = found("effect", "give", "give: {service: give_away, outcomes: {done: menu}}")
    assert findings == [
        "flows/main.yaml:11:3: effect main.give: 'give_away' moves money and does not need confirmation. "
        "Anyone on the line could have it done. let the contract of 'give_away' need confirmation.",
        "flows/main.yaml:11:3: effect main.give: 'give_away' moves money and does not need identity or query or "
        "transaction. Anyone on the line could have it done. let the contract of 'give_away' need identity or query or "
        "transaction.",
    ]


def test_a_level_that_its_flow_never_proves_is_told() -> None:
    hollow = VERIFY.replace("service: check_password\n    with: [password]\n    outcomes: {right: return.verified, "
                            "wrong: return.failed, unavailable: return.failed}", "service: ping\n    "
                            "outcomes: {up: return.verified, down: return.failed}")  # fmt: skip
    findings = said(checked({"verify": hollow}), "unprovable")
    assert [each.split(": ", 1)[1].split(".")[0] for each in findings] == [
        "unprovable verify" for _ in ("identity", "query", "transaction")
    ]
    assert "the flow 'verify' never gives the proof 'query'" in findings[1]


def test_a_flow_that_says_verified_without_the_proof_is_told_with_the_keys() -> None:
    hollow = VERIFY.replace("wrong: return.failed", "wrong: return.verified")
    findings = said(checked({"verify": hollow}), "unverified")
    assert len(findings) == 3
    assert "the flow 'verify' can return verified without the proof 'identity'" in findings[0]
    assert findings[0].endswith("Play: <password>")


def test_another_customer_has_proven_nothing() -> None:
    """Whoever is identified anew must confirm and verify anew."""
    late = "again: {service: check_password, with: [password], outcomes: {right: pay, wrong: menu, unavailable: menu}}"
    steps = flow("who", WHO % "ask", ASK % "key", "key: {collect: password, prompt: verify.ask, digits: {exactly: 6}, "
                 "then: sure}", SURE % "again", late, PAY % "menu")  # fmt: skip
    steps["main"] = steps["main"].replace("variables: {", "variables: {password: {type: digits, secret: true}, ")
    findings = said(checked(steps, WORDS, ENGLISH), "gate")
    assert ["needs confirmation" in each for each in findings] == [True]


def test_a_subflow_that_goes_elsewhere_for_good_does_not_come_back() -> None:
    steps = flow("run", "run: {call: inner, outcomes: {done: pay}}", PAY % "menu")
    steps["inner"] = "flow: inner\nstart: s\nsteps:\n  s: {go: other}\n"
    steps["other"] = "flow: other\nstart: s\nsteps:\n  s: {say: main.hello, then: return.done}\n"
    assert said(checked(steps, WORDS, ENGLISH), "gate") == []
