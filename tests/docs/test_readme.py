"""The README's first call is made, its customers are the demonstration's, and its wrong edit prints what it shows."""

import re
import textwrap
from dataclasses import replace

import pytest

from ivr.bank.customers.demo import DEMO_CUSTOMERS
from ivr.bank.customers.directory import Person
from ivr.bank.ledger.demo import ACCOUNTS, BILLS, PASSWORDS, PAYEES
from ivr.calls.publishing.sources import read_sources
from ivr.calls.services.registry import catalogue
from ivr.engine import checks
from ivr.engine.findings import Finding, FlowFaults
from ivr.engine.sources import Sources, build
from ivr.foundation.config import Settings
from ivr.foundation.money import Money
from tests.docs.documents import README, ROOT, blocks, cells, section
from tests.support.hotline import Hotline

TEXT = README.read_text(encoding="utf-8")


def customers() -> dict[str, str]:
    """Each customer's row of the table, as one text."""
    return {row[0].partition(",")[0]: " ".join(row) for row in cells(TEXT, "customer")}


@pytest.mark.parametrize("person", DEMO_CUSTOMERS, ids=lambda person: person.id)
def test_the_table_shows_a_customer_as_the_demonstration_has_them(person: Person) -> None:
    row = customers()[person.name]
    query, transaction = PASSWORDS[person.id]
    told = [person.mobile, person.identity, f"{query} / {transaction}"]
    for held in ACCOUNTS.values():
        if held.customer_id == person.id:
            told += [held.card, "frozen" if held.frozen else f"¥{Money(held.balance_fen)}"]
    told += [name for customer_id, name, _ in PAYEES if customer_id == person.id]
    assert [each for each in told if each not in row] == []


def test_the_bills_that_are_due_are_shown() -> None:
    rows = " ".join(customers().values())
    due = [f"{biller} {number} (owes {Money(fen)})" for biller, number, fen in BILLS if fen]
    assert due
    assert [each for each in due if each not in rows] == []


def test_the_script_of_the_first_call_reads_out_a_balance(quick_hotline: Hotline) -> None:
    [script] = re.findall(r"<<'END'\n(.*?)^END$", TEXT, re.MULTILINE | re.DOTALL)
    *keys, last = script.split()
    assert last == "hangup"
    caller = quick_hotline.caller(DEMO_CUSTOMERS[0].mobile)
    for key in keys:
        caller.press(key)
    caller.hear("余额五万二千三百八十元六角六分")


def test_the_steps_of_the_first_call_end_with_a_receipt(quick_hotline: Hotline) -> None:
    caller = quick_hotline.caller(DEMO_CUSTOMERS[0].mobile)
    steps = section(TEXT, "A first call").partition("| customer")[0]
    for key in ("1", "2", "1", "739164", "1", "#", "3", "1", "3100458812#", "285907", "1"):
        assert f"`{key}`" in steps
        caller.press(key)
    caller.hear("缴费成功")
    assert "电费186.40元" in quick_hotline.texts()[-1]
    caller.press("0")
    assert quick_hotline.one("select queue from queued_calls") == "payments"


OPEN = {"zh-CN.yaml": "甲", "en.yaml": "A"}  # what is said of the branches


def edited(sources: Sources, flow: str) -> Sources:
    """The folder after the README's edit, with a flow block that may be wrong."""
    options, _, step = flow.partition("\n\n")
    last = '      "5": {then: passwords.start, words: words.passwords}\n'
    main = sources.flows["main.yaml"]
    assert last in main
    named = {
        "zh-CN.yaml": ("修改密码，请按5。", "营业网点，请按6。"),
        "en.yaml": ("press 5.", " For our branches, press 6."),
    }
    prompts = {}
    for name, text in sources.prompts.items():
        before, more = named[name]
        text = text.replace(before, before + more, 1).replace(
            "\nidentify:\n", f"\n  branches_open: {OPEN[name]}\n  branches_closed: {OPEN[name]}\n\nidentify:\n", 1
        )
        prompts[name] = text.replace("\n  passwords: [", "\n  branches: [网点]\n  passwords: [", 1)
    flows = {**sources.flows, "main.yaml": main.replace(last, f"{last}{options}\n\n{step}")}
    return replace(sources, flows=flows, prompts=prompts)


def findings(sources: Sources) -> list[Finding]:
    try:
        return checks.check(build(sources, catalogue()))
    except FlowFaults as faults:
        return list(faults.findings)


def test_the_edit_is_proven_and_the_wrong_one_prints_what_is_shown(settings: Settings) -> None:
    sources = read_sources(ROOT, settings)
    part = section(TEXT, "Changing a menu in five minutes")
    [flow] = [textwrap.indent(block.text, "  ") for block in blocks(part, "yaml")]
    assert [str(each) for each in findings(edited(sources, flow))] == []
    wrong = edited(sources, flow.replace("main.branches_open,", "main.branches_opne,"))
    prompts = {**wrong.prompts, "zh-CN.yaml": wrong.prompts["zh-CN.yaml"].replace("营业网点，请按6", "营业网点，请按7")}
    printed = {str(each) for each in findings(replace(wrong, prompts=prompts))}
    [shown] = [block.text for block in blocks(part, "")]
    assert set(shown.strip().splitlines()) <= printed
