"""A call on the small bank, played event by event."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ivr.engine.actions import Gather, Speak
from ivr.engine.bundle import Bundle
from ivr.engine.events import CallStarted, DigitsPressed, Event, NothingHeard, ServiceAnswered
from ivr.engine.runtime.machine import TurnResult, advance, heard_out, open_session
from tests.engine.small_bank import DEFAULTS, MAIN, RULES, small_bundle

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SILENCE = NothingHeard(AT)
HEAD = """variables: {balance: {type: money}, accounts: {type: list}, amount: {type: money}, number: {type: digits},
  voice: {type: choice}}
steps:"""
MORE = """
  second: {menu: main.second, options: {"1": third, "2": look}}
  third: {menu: main.third, options: {"1": bye}}
  look: {service: find_balance, waiting: main.wait, outcomes: {found: tell, unavailable: bye}}
  tell: {say: main.tell, then: second}
  fork: {menu: main.second, options: {"1": gift, "2": elsewhere.q}}
  gift: {service: give_away, outcomes: {done: third}}
  spin: {service: ping, outcomes: {up: spin2, down: bye}}
  spin2: {say: main.hello, then: spin}
  one: {say: main.hello, then: other}
  other: {say: main.hello, then: one}
  speak: {record: voice, number: number, prompt: main.second, keep: main.second, outcomes: {booked: bye}}
"""
ELSEWHERE = """
flow: elsewhere
start: q
variables: {amount: {type: money}}
steps:
  q: {menu: main.third, options: {"1": tell}}
  tell: {menu: main.amount, options: {"1": main.third}}
"""
ZH = {"main.second": "甲，请按1。乙，请按2。", "main.third": "甲，请按1。", "main.wait": "请稍候。",
      "main.tell": "{balance|money}。",
      "main.amount": "{amount|money}，甲，请按1。", "common.system_down": "系统繁忙。",
      "common.too_long": "转接人工。"}  # fmt: skip


def bank(start: str = "main", exit_: str = "main.to_agent", **limits: int) -> Bundle:
    """The small bank with more steps, starting at one of them."""
    defaults = DEFAULTS.replace("entry: main", f"entry: {start}").replace("exit: main.to_agent", f"exit: {exit_}")
    flows = {"main": MAIN.replace("steps:", HEAD) + MORE, "elsewhere": ELSEWHERE}
    return small_bundle(flows, ZH, ZH, defaults=defaults, limits={**RULES["limits"], **limits})


class PlayedCall:
    """A call that is played event by event. The facts of a confirm end at once, unless `read_out`."""

    def __init__(self, bundle: Bundle, read_out: bool = False) -> None:
        self.bundle = bundle
        self.read_out = read_out
        self.at = AT
        self.session = open_session(bundle, "call", AT)
        self.take(CallStarted(AT))

    def take(self, event: Event) -> "PlayedCall":
        """Apply one event; `turn` is the result."""
        turn = advance(self.bundle, self.session, event)
        self.turn: TurnResult = turn if self.read_out else heard_out(self.bundle, turn, event.at)
        self.session = self.turn.session
        return self

    def press(self, *keys: str) -> "PlayedCall":
        """Press keys, one turn each, with a person's delay."""
        for key in keys:
            self.at += timedelta(seconds=3)
            self.take(DigitsPressed(self.at, key))
        return self

    def answer(self, outcome: str, **facts: Any) -> "PlayedCall":
        """A service's answer."""
        return self.take(ServiceAnswered(AT, outcome, facts))

    @property
    def step(self) -> str:
        """The current step."""
        return self.session.frames[-1].step

    @property
    def keys(self) -> list[str]:
        """The prompts of the last turn."""
        spoken = [action for action in self.turn.actions if isinstance(action, Speak | Gather)]
        return [utterance.key for action in spoken for utterance in action.utterances]
