"""A very small bank for tests of flows: its services, prompts, and bundles built from texts."""

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

from ivr.engine.bundle import Bundle
from ivr.engine.checks import check
from ivr.engine.contracts import ServiceContract
from ivr.engine.findings import Finding, FlowFaults
from ivr.engine.sources import Sources, build

SERVICES = {
    contract.name: contract
    for contract in (
        ServiceContract("join_queue", {"queue": "text"}, {"joined": (), "closed": (), "full": ()}),
        ServiceContract(
            "book_callback", {"number": "digits"}, {"booked": (), "invalid": ()},
            effects=frozenset({"stores_contact"}), needs=frozenset({"confirmation"}), reads_back={"number": ()},
        ),
        ServiceContract("send_text", {"to": "text", "body": "text"}, {"sent": (), "unavailable": ()}),
        ServiceContract(
            "check_password", {"password": "digits"}, {"right": (), "wrong": (), "unavailable": ()},
            grants={"right": frozenset({"identity", "query", "transaction"})}, secrets=frozenset({"password"}),
        ),
        ServiceContract(
            "find_balance", {}, {"found": ("balance", "accounts"), "unavailable": ()},
            {"balance": "money", "accounts": "list"}, frozenset({"reveals_data"}), frozenset({"query"}),
            parts={"accounts": {"last4": "digits", "balance": "money"}},
        ),
        ServiceContract(
            "pay", {"amount": "money"}, {"paid": (), "no_funds": (), "unavailable": ()}, {},
            frozenset({"moves_money"}), frozenset({"identity", "confirmation"}), reads_back={"amount": ()},
        ),
        ServiceContract("give_away", {}, {"done": ()}, {}, frozenset({"moves_money"})),
        ServiceContract("ping", {}, {"up": (), "down": ()}),
        ServiceContract("owed", {"biller": "text"}, {"found": ()}, words={"biller": "billers"}),
    )
}  # fmt: skip

DEFAULTS = """
entry: main
exit: main.to_agent
authenticate: {identity: verify, query: verify, transaction: verify}
ask: {wait: 6s, tries: 3, give_up: main.to_agent, no_input: common.again, no_match: common.wrong}
keys: {"0": main.to_agent, star: back, "9": repeat}
"""

MAIN = """
flow: main
start: menu
steps:
  menu:
    menu: main.menu
    options: {"1": say_hello}
  say_hello: {say: main.hello, then: menu}
  to_agent: {transfer: routed, outcomes: {closed: bye, full: bye, failed: bye, timeout: bye, callback: bye, answered: end}}
  bye: {end: common.bye}
"""  # noqa: E501 - a step on one line

VERIFY = """
flow: verify
start: ask
variables:
  password: {type: digits, secret: true}
steps:
  ask: {collect: password, prompt: verify.ask, digits: {exactly: 6}, then: check}
  check:
    service: check_password
    with: [password]
    outcomes: {right: return.verified, wrong: return.failed, unavailable: return.failed}
"""

WORDS = {
    "zh-CN": {
        "common.again": "没有听到您的输入。", "common.wrong": "输入有误。", "common.bye": "再见。",
        "main.menu": "问好，请按1。人工服务，请按0。", "main.hello": "您好。", "verify.ask": "请输入六位查询密码。",
    },
    "en": {
        "common.again": "I did not hear anything.", "common.wrong": "That is not right.", "common.bye": "Goodbye.",
        "main.menu": "For a greeting, press 1. For an agent, press 0.",
        "main.hello": "Hello.", "verify.ask": "Please enter your password.",
    },
}  # fmt: skip

RULES: Mapping[str, Any] = {
    "languages": ["zh-CN", "en"],
    "hours": {"agents": {"mon-fri": ["09:00-17:30"]}},
    "calendar": {"holidays": [], "make_up": [], "years": [2025, 2026, 2027]},
    "zone": "Asia/Shanghai",
    "routing": [{"queue": "general"}],
    "queues": {"general": {"hours": "agents"}},
    "billers": {"gas": {"zh-CN": "燃气费", "en": "gas"}, "water": {"zh-CN": "水费", "en": "water"}},
    "limits": {"steps_a_turn": 100, "turns_a_call": 200, "subflow_depth": 10, "minutes": 30, "misses": 12},
    "constants": {"bank_name": {"zh-CN": "远山银行", "en": "Yuanshan Bank"}, "each_limit": 500000},
}


def sources(
    flows: Mapping[str, str] | None = None,
    zh: Mapping[str, str | list[str]] | None = None,
    en: Mapping[str, str | list[str]] | None = None,
    *,
    defaults: str = DEFAULTS,
    **rules: Any,
) -> Sources:
    """The sources of the small bank, with flows added or replaced by name and prompts added by key."""
    texts = {"main": MAIN, "verify": VERIFY, **(flows or {})}
    words = {"zh-CN": {**WORDS["zh-CN"], **(zh or {})}, "en": {**WORDS["en"], **(en or {})}}
    files = {f"{language}.yaml": _yaml(table) for language, table in words.items()}
    named = {f"{name}.yaml": dedent(text).lstrip("\n") for name, text in {**texts, "defaults": defaults}.items()}
    return Sources(named, files, {**RULES, **rules})


def _yaml(words: Mapping[str, str | list[str]]) -> str:
    return "".join(f"{key}: {value!r}\n" for key, value in words.items() if value != "")


def small_bundle(*args: Any, **more: Any) -> Bundle:
    """A bundle of `sources`; raises `FlowFaults`."""
    return build(sources(*args, **more), SERVICES)


def checked(*args: Any, known: frozenset[str] = frozenset(), **more: Any) -> list[Finding]:
    """The findings of the checks in a bundle of `sources`."""
    return check(small_bundle(*args, **more), known)


def said(findings: list[Finding], code: str) -> list[str]:
    """The findings with a code, as an author reads them."""
    return [str(finding) for finding in findings if finding.code == code]


def faults(*args: Any, **more: Any) -> list[str]:
    """The faults that fail the build, as an author reads them."""
    try:
        small_bundle(*args, **more)
    except FlowFaults as refused:
        return [str(finding) for finding in refused.findings]
    return []
