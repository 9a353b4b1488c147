"""Generated bundles of a given number of steps: one menu, and a ring of services behind it."""

from typing import Any

from sqlalchemy import Connection

from ivr.calls.publishing.bundles import publish
from ivr.calls.publishing.sources import rules_of
from ivr.engine.sources import Sources
from ivr.foundation.clock import now
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring

# The maximum number of services, of two steps each, in one flow.
SERVICES_A_FLOW = 25
OFFERED = 4  # services that the menu leads to, spread over the whole bundle
BANK = {"zh-CN": "远山银行", "en": "Yuanshan Bank"}

WELCOME = {
    "zh-CN": "您好，欢迎致电远山银行。普通话，请按1。",
    "en": "Welcome to Yuanshan Bank. For English, press 2.",
}
MENU = (
    "账户查询，请按1。缴费，请按2。转账，请按3。银行卡挂失，请按4。"
    "重听，请按9。人工服务，请按0。返回上一步，请按星号键。"
)
NEXT = "办理下一项业务，请按1。返回主菜单，请按2。"
SILENCE = "对不起，没有收到您的输入。"
WRONG = "对不起，没有这个选项。"
WORDS = {
    "chinese": ("普通话", "中文", "国语"),
    "english": ("英语", "英文"),
    "first": ("账户查询", "查余额", "余额"),
    "second": ("缴费", "交费", "电费", "水费"),
    "third": ("转账", "转钱", "汇款"),
    "fourth": ("挂失", "卡丢了", "银行卡丢失"),
    "next": ("下一项", "继续"),
    "menu": ("主菜单", "返回主菜单"),
}


def info(number: int) -> str:
    """The announcement of a service, about as long as the bank's own ones."""
    return f"您选择的是第{number}项业务。请您携带本人有效身份证件，在营业时间内到任一营业网点办理，无需预约。"


def offered(services: int) -> list[int]:
    """The services that the menu's keys lead to, from the first of the bundle to the last."""
    return [(services - 1) * place // (OFFERED - 1) for place in range(OFFERED)]


def _place(number: int) -> str:
    return f"topic{number // SERVICES_A_FLOW}.say{number}"


def _main(services: int) -> str:
    names = ("first", "second", "third", "fourth")
    options = "\n".join(
        f'      "{key}": {{then: {_place(number)}, words: words.{names[key - 1]}}}'
        for key, number in enumerate(offered(services), 1)
    )
    return f"""\
flow: main
start: welcome
steps:
  welcome:
    menu: main.welcome
    languages: [zh-CN, en]
    options:
      "1": {{then: {{language: zh-CN, then: menu}}, words: words.chinese}}
      "2": {{then: {{language: en, then: menu}}, words: words.english}}
  menu:
    menu: main.menu
    options:
{options}
  bye: {{end: main.bye}}
"""


def _topic(flow: int, services: int) -> str:
    first = flow * SERVICES_A_FLOW
    steps = "".join(
        f"""\
  say{number}: {{say: info.n{number}, then: next{number}}}
  next{number}:
    menu: main.next
    options:
      "1": {{then: {_place((number + 1) % services)}, words: words.next}}
      "2": {{then: main.menu, words: words.menu}}
"""
        for number in range(first, min(first + SERVICES_A_FLOW, services))
    )
    return f"flow: topic{flow}\nstart: say{first}\nsteps:\n{steps}"


DEFAULTS = """\
ask: {wait: 6s, tries: 3, interrupt: true, give_up: main.bye, no_input: ask.silence, no_match: ask.wrong}
keys: {"9": repeat, star: back}
words: {"9": words.next, star: words.menu}
authenticate: {identity: main, query: main, transaction: main}
entry: main.welcome
exit: main.bye
"""


def _prompts(language: str, services: int) -> str:
    chinese = language == "zh-CN"
    lines = [
        f"ask: {{silence: {SILENCE}, wrong: {WRONG}}}",
        f'main: {{welcome: "{WELCOME[language]}", menu: {MENU}, next: {NEXT}, bye: 再见。}}',
        "words: {" + ", ".join(f"{name}: [{', '.join(words)}]" for name, words in WORDS.items()) + "}",
        "info:",
        *(f"  n{number}: {info(number) if chinese else f'Service {number}.'}" for number in range(services)),
    ]
    return "\n".join(lines) + "\n"


def sources(steps: int, settings: Settings) -> Sources:
    """A bundle of `steps` steps (not counting the final goodbye), with the rules of config.yaml."""
    services = (steps - 2) // 2
    flows = {"defaults.yaml": DEFAULTS, "main.yaml": _main(services)}
    for flow in range(-(-services // SERVICES_A_FLOW)):
        flows[f"topic{flow}.yaml"] = _topic(flow, services)
    prompts = {f"{language}.yaml": _prompts(language, services) for language in settings.languages}
    rules: dict[str, Any] = {**rules_of(settings), "constants": {"bank_name": BANK}}
    return Sources(flows, prompts, rules)


def publish_generated(connection: Connection, keyring: Keyring, steps: int, settings: Settings) -> str:
    """Publish a generated bundle for new calls, without checks. The server builds it when it starts."""
    return publish(connection, keyring, sources(steps, settings), now(), "bench")
