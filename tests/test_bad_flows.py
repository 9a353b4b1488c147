"""Flows that are written with bad intent, on the product's own services: none of them could be published."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ivr.calls.publishing.sources import read_sources
from ivr.calls.services.registry import catalogue
from ivr.engine.bundle import Bundle
from ivr.engine.checks import code_texts, gates, private, secrets, unasked_changes
from ivr.engine.sources import Sources, build
from ivr.foundation.config import read_settings

ROOT = Path(__file__).parents[1]
AGENT = "agent.start"
KEPT = ("agent", "callback", "code_entry", "identify", "queue_offer", "verify_query", "verify_transaction")
MAIN = 'flow: main\nstart: menu\nsteps:\n  menu: {menu: main.menu, options: {"1": planted.start}}\n'
OUTCOMES = {name: contract.outcomes for name, contract in catalogue().items()}


@cache
def product() -> Sources:
    """The sources as they stand in the project."""
    return read_sources(ROOT, read_settings(ROOT / "config.yaml"))


def planted(
    steps: str,
    variables: str,
    words: Mapping[str, str],
    english: Mapping[str, str] | None = None,
    others: Mapping[str, str] | None = None,
) -> Bundle:
    """The product with one more flow, where calls begin, and `others`. `words` are its prompts, `english` others."""
    own = product()
    flow = f"flow: planted\nstart: start\nvariables: {{{variables}}}\nsteps:\n" + steps
    defaults = own.flows["defaults.yaml"].replace("entry: main.welcome", "entry: planted.start")
    each = {"zh-CN": words, "en": {**words, **(english or {})}}
    prompts = {
        f"{tag}.yaml": "planted:\n" + "".join(f"  {k}: {v!r}\n" for k, v in texts.items())
        for tag, texts in each.items()
    }  # the gates look at no other prompt
    kept = {f"{name}.yaml": own.flows[f"{name}.yaml"] for name in KEPT}
    more = {f"{name}.yaml": text for name, text in {**(others or {}), "planted": flow}.items()}
    return build(
        Sources({**kept, "main.yaml": MAIN, "defaults.yaml": defaults, **more}, prompts, own.rules), catalogue()
    )


def ask(service: str, inputs: str, outcome: str, then: str) -> str:
    """A service step: one outcome leads on, all others to an agent."""
    routed = ", ".join(f"{each}: {then if each == outcome else AGENT}" for each in OUTCOMES[service])
    return f"{{service: {service}, with: {inputs}, outcomes: {{{routed}}}}}"


def told(bundle: Bundle, place: str) -> list[str]:
    """What the gates say of a step: the problem, and the caller's way."""
    found = [f for f in gates.check(bundle) if f.code == "gate" and f.place == f"planted.{place}"]
    return [f"{each.problem} | {', '.join(each.script)}" for each in found]


# --- a bill ------------------------------------------------------------------------------------------------------

BILL = (
    "biller: {type: text}, biller_name: {type: text}, customer_number: {type: digits}, bill: {type: choice}, "
    "second: {type: text}, others_number: {type: digits}, accounts: {type: list}, account: {type: choice}, "
    "other: {type: choice}, reference: {type: digits}"
)
KEYS = "确认，请按1。取消，请按2。"
HEARD = "{bill.biller_name}，户号{bill.customer_number|digits}，{bill.amount|money}，尾号{account.last4|digits}。"
WORDS = {"choose": "请选择。", "item": "尾号{item.last4|digits}，请按{key}。", "sure": HEARD + KEYS}


def bill(yes: str = "pay", pay: str = "[bill, account]", more: str = "") -> str:
    """A water bill is found, an account chosen, both are read back; `yes` says where that leads."""
    return f"""
  start: {{authenticate: query, outcomes: {{verified: sign}}}}
  sign: {{authenticate: transaction, outcomes: {{verified: biller}}}}
  biller: {{set: {{biller: '"water"', customer_number: '"12000786"', others_number: '"3100458812"'}}, then: find}}
  find: {ask("find_bill", "[biller, customer_number]", "found", "accounts")}
  accounts: {ask("list_paying_accounts", "[]", "found", "choose")}
  choose: {{menu: planted.choose, choices: accounts, each: planted.item, more: common.more, into: account, then: sure}}
  sure: {{confirm: planted.sure, "yes": {yes}, "no": main.menu}}
  pay: {ask("pay_bill", pay, "done", "main.menu")}
{more}"""


def test_what_was_heard_may_be_paid() -> None:
    assert told(planted(bill(), BILL, WORDS), "pay") == []
    both = {**WORDS, "sure": HEARD, "keys": KEYS}  # in two prompts
    assert told(planted(bill().replace("confirm: planted.sure", "confirm: [planted.sure, planted.keys]"), BILL, both),
                "pay") == []  # fmt: skip


def test_water_is_heard_and_electricity_paid() -> None:
    """A service finds another bill behind the yes."""
    again = ask("find_bill", "{biller: second, customer_number: others_number}", "found", "pay")
    more = f"""  swap: {{set: {{second: '"electricity"'}}, then: again}}\n  again: {again}\n"""
    [finding] = told(planted(bill("swap", more=more), BILL, WORDS), "pay")
    assert finding.startswith("'pay_bill' needs confirmation, and a call can come here without it")
    assert finding.endswith("1, 1, service find_bill answers found")


def test_another_account_pays() -> None:
    """It was chosen beside the one that was heard, or in its place behind the yes."""
    swap = "{menu: planted.choose, choices: accounts, each: planted.item, into: %s, then: %s, only_one: false}"
    beside = bill(pay="{bill: bill, account: other}", more=f"  swap: {swap % ('other', 'sure')}\n")
    beside = beside.replace("into: account, then: sure", "into: account, then: swap")
    [finding] = told(planted(beside, BILL, WORDS), "pay")
    assert finding.startswith("'pay_bill' is done here after a yes that did not name {other.last4} | ")
    behind = bill("swap", more=f"  swap: {swap % ('account', 'pay')}\n")
    [finding] = told(planted(behind, BILL, WORDS), "pay")
    assert finding.startswith("'pay_bill' needs confirmation")


@pytest.mark.parametrize(
    ("chinese", "english", "lacks"),
    [
        (KEYS, KEYS, "{bill.biller_name}, {bill.customer_number}, {bill.amount}, {account.last4}"),
        (HEARD + KEYS, KEYS, "{bill.biller_name} in en, {bill.customer_number} in en, {bill.amount} in en, "
         "{account.last4} in en"),
        (HEARD.replace("{bill.amount|money}", "") + KEYS, HEARD + KEYS, "{bill.amount} in zh-CN"),
    ],
)  # fmt: skip
def test_a_yes_to_nothing_or_to_half_or_in_one_language_pays(chinese: str, english: str, lacks: str) -> None:
    bundle = planted(bill(), BILL, {**WORDS, "sure": chinese}, {"sure": english})
    [finding] = told(bundle, "pay")
    assert finding.startswith(f"'pay_bill' is done here after a yes that did not name {lacks} | ")


def test_the_yes_is_another_flows() -> None:
    """What a subflow is given is its own, and what it says yes to ends with it."""
    payer = f"flow: payer\nstart: pay\nvariables: {{{BILL}}}\nsteps:\n"
    payer += f"  pay: {ask('pay_bill', '[bill, account]', 'done', 'return')}\n"
    more = "  run: {call: payer, with: [bill, account], then: main.menu}\n"
    bundle = planted(bill("run", more=more), BILL, WORDS, others={"payer": payer})
    assert ["needs confirmation" in str(f) for f in gates.check(bundle) if f.place == "payer.pay"] == [True]
    asker = "flow: asker\nstart: sure\nsteps:\n  sure: {confirm: planted.sure, yes: return, no: main.menu}\n"
    run = bill(more="  run: {call: asker, then: pay}\n").replace(
        "into: account, then: sure", "into: account, then: run"
    )
    asked = planted(run, BILL, {**WORDS, "sure": KEYS}, others={"asker": asker})
    assert ["needs confirmation" in each for each in told(asked, "pay")] == [True]


# --- a transfer --------------------------------------------------------------------------------------------------

TRANSFER = (
    "accounts: {type: list}, account: {type: choice}, payees: {type: list}, payee: {type: choice}, "
    "amount: {type: money}, again: {type: flag}, room: {type: money}, held_until: {type: date}, "
    "wait_seconds: {type: number}, reference: {type: digits}"
)
SAID = "从尾号{account.last4|digits}，向{payee.name}尾号{payee.last4|digits}，转账{amount|money}。"
NAMES = {**WORDS, "amount": "请输入金额。", "sure": SAID + KEYS}


def transfer(yes: str = "sign", more: str = "") -> str:
    """Account, payee and amount are chosen and read back; then password and code."""
    pick = "{menu: planted.choose, choices: %s, each: planted.item, into: %s, then: %s, only_one: false}"
    return f"""
  start: {{authenticate: query, outcomes: {{verified: accounts}}}}
  accounts: {ask("list_paying_accounts", "[]", "found", "from")}
  from: {pick % ("accounts", "account", "payees")}
  payees: {ask("list_payees", "[account]", "found", "to")}
  to: {pick % ("payees", "payee", "amount")}
  amount: {{collect: amount, prompt: planted.amount, amount: {{}}, then: once}}
  once: {{set: {{again: "false"}}, then: sure}}
  sure: {{confirm: planted.sure, "yes": {yes}, "no": main.menu}}
  sign: {{authenticate: transaction, outcomes: {{verified: code}}}}
  code: {ask("send_transfer_code", "[account, payee, amount]", "sent", "enter")}
  enter: {{call: code_entry, outcomes: {{right: move, resend: code}}}}
  move: {ask("transfer_money", "[account, payee, amount, again]", "done", "main.menu")}
{more}"""


def test_password_and_code_after_the_yes_change_nothing_of_it() -> None:
    assert told(planted(transfer(), TRANSFER, NAMES), "move") == []


@pytest.mark.parametrize(
    "swap",
    [
        "{menu: planted.choose, choices: payees, each: planted.item, into: payee, then: %s, only_one: false}",
        "{set: {amount: amount + 1}, then: %s}",
        "{set: {amount: amount}, then: %s}",
        "{collect: amount, prompt: planted.amount, amount: {}, then: %s}",
        '{set: {again: "true"}, then: %s}',
    ],
)
def test_payee_amount_or_the_word_that_it_is_wanted_again_change_behind_the_yes(swap: str) -> None:
    """Before the code is sent, and between the code and the money."""
    soon = planted(transfer("swap", f"  swap: {swap % 'sign'}\n"), TRANSFER, NAMES)
    [finding] = told(soon, "code")
    assert finding.startswith("'send_transfer_code' needs confirmation")
    late = transfer(more=f"  swap: {swap % 'move'}\n").replace("right: move", "right: swap")
    [finding] = told(planted(late, TRANSFER, NAMES), "move")
    assert finding.startswith("'transfer_money' needs confirmation")


@pytest.mark.parametrize(
    ("sure", "unasked"), [("尾号{payee.last4|digits}，再转一次。" + KEYS, []), (KEYS, ["twice"]), (None, ["twice"])]
)
def test_a_transfer_is_made_again_though_nobody_was_asked(sure: str | None, unasked: list[str]) -> None:
    more = """  ask: {confirm: planted.twice, "yes": twice, "no": main.menu}
  twice: {set: {again: "true"}, then: sure}
"""
    steps = transfer("sign", more).replace("then: once", "then: ask" if sure is not None else "then: twice")
    bundle = planted(steps, TRANSFER, {**NAMES, "twice": sure or KEYS})
    assert [each.place.partition(".")[2] for each in unasked_changes.check(bundle)] == unasked


# --- a card and a number -----------------------------------------------------------------------------------------


def test_the_loss_of_another_card_is_reported() -> None:
    variables = (
        "cards: {type: list}, card: {type: choice}, spare: {type: choice}, valid_until: {type: date}, "
        "reference: {type: digits}"
    )
    pick = "{menu: planted.choose, choices: cards, each: planted.item, into: %s, then: %s, only_one: false}"
    steps = f"""
  start: {ask("caller_cards", "[]", "offered", "choose")}
  choose: {pick % ("card", "spare")}
  spare: {pick % ("spare", "take")}
  take: {ask("find_lost_caller", "[]", "found", "sure")}
  sure: {{confirm: planted.sure, "yes": report, "no": main.menu}}
  report: {ask("report_loss", "%s", "reported", "main.menu")}
"""
    words = {**WORDS, "sure": "尾号{card.last4|digits}。" + KEYS}
    assert told(planted(steps % "{card: card}", variables, words), "report") == []
    [finding] = told(planted(steps % "{card: spare}", variables, words), "report")
    assert "after a yes that did not name {spare.last4}" in finding


def test_another_number_is_called_back() -> None:
    steps = f"""
  start: {ask("callback_number", "[]", "known", "sure")}
  sure: {{confirm: planted.sure, "yes": %s, "no": main.menu}}
  ask: {{collect: keyed, prompt: planted.ask, digits: {{max: 12}}, then: check}}
  check: {ask("check_callback_number", "[keyed]", "fine", "book")}
  book: {{callback: number, outcomes: {{booked: main.menu, already: main.menu, limit: main.menu, invalid: main.menu}}}}
"""
    words = {"sure": "{number|phone}。" + KEYS, "ask": "请输入号码。"}
    variables = "number: {type: digits}, keyed: {type: digits}"
    assert told(planted(steps % "book", variables, words), "book") == []
    [finding] = told(planted(steps % "ask", variables, words), "book")
    assert finding.startswith("'book_callback' needs confirmation")


# --- texts and secrets -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_text_of_a_code_names_no_payee(language: str) -> None:
    own = product()
    file = f"{language}.yaml"
    assert list(code_texts.check(build(own, catalogue()))) == []
    prompts = {**own.prompts, file: own.prompts[file].replace("{payee_name}（", "（").replace("{payee_name} (", "(")}
    [finding] = code_texts.check(build(replace(own, prompts=prompts), catalogue()))
    assert finding.file == f"prompts/{file}"
    assert finding.problem == "the text that 'send_transfer_code' sends does not name {payee_name}"


TEXTED = f"""
  start: {ask("list_accounts", "[]", "found", "choose")}
  choose: {{menu: planted.choose, choices: accounts, each: planted.item, into: account, then: copy}}
  copy: {{call: holder, with: {{kept: account}}, take: [kept], then: tell}}
  tell: {{text: planted.told, to: %s, then: main.menu}}
"""


def test_a_balance_is_texted_to_whoever_calls() -> None:
    """It came from a list, by a choice, through a subflow."""
    words = {**WORDS, "told": "余额{kept.balance|yuan}。", "plain": "您好。"}
    variables = "accounts: {type: list}, account: {type: choice}, kept: {type: choice}"
    holder = "flow: holder\nstart: s\nvariables: {kept: {type: choice}}\nsteps:\n  s: {say: main.hello, then: return}\n"
    leaking = planted(TEXTED % "caller", variables, words, others={"holder": holder})
    [finding] = private.check(leaking)
    assert finding.problem == "the text 'planted.told' tells kept, and goes to the number that calls"
    assert finding.remedy == "write  to: registered"
    mended = planted(TEXTED % "registered", variables, words, others={"holder": holder})
    assert list(private.check(mended)) == []
    assert told(mended, "tell") == []


def test_a_private_text_to_the_registered_number_needs_the_query_password() -> None:
    steps = f"""
  start: {ask("find_lost_caller", "[]", "found", "code")}
  code: {ask("lost_cards", "[]", "found", "choose")}
  choose: {{menu: planted.choose, choices: lost_cards, each: planted.item, into: card, then: tell, only_one: false}}
  tell: {{text: planted.told, then: main.menu}}
"""
    words = {**WORDS, "told": "尾号{card.last4}。"}
    [finding] = told(planted(steps, "lost_cards: {type: list}, card: {type: choice}", words), "tell")
    assert finding.startswith("'send_text' needs query, and a call can come here without it")


def test_a_password_is_asked_for_as_a_plain_variable() -> None:
    steps = f"""
  start: {{authenticate: identity, outcomes: {{verified: ask}}}}
  ask: {{collect: typed, prompt: planted.ask, digits: {{exactly: 6}}, then: check}}
  check: {ask("verify_query", "{pin: typed}", "verified", "main.menu")}
"""
    variables = "typed: {type: digits}, tries_left: {type: number}, locked_until: {type: date}"
    found = [each for each in secrets.check(planted(steps, variables, {"ask": "请输入。"})) if "planted" in each.place]
    assert [each.problem for each in found] == [
        "'typed' is given to 'verify_query' as its secret 'pin', and is not declared secret"
    ]
    asked = [
        each for each in secrets.check(planted(steps, variables, {"ask": "请输入密码。"})) if "planted" in each.place
    ]
    assert len(asked) == 2
