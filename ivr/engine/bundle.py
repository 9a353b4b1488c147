"""A bundle: every flow, prompt, menu word, hour and routing rule that a call runs on, under one content hash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ivr.engine.asking import Ask
from ivr.engine.contracts import Catalogue
from ivr.engine.node import Node
from ivr.engine.references import Target
from ivr.engine.speech.prompts import Prompts
from ivr.engine.telling import YesEffect
from ivr.foundation.hours import Hours


@dataclass(frozen=True, slots=True)
class Step:
    """A step in its flow: its node, how it asks, which keys hold here, where it is written, which variables it says."""

    flow: str
    name: str
    node: Node
    ask: Ask
    keys: Mapping[str, Target]
    line: int = 0
    column: int = 0
    expressions: Mapping[str, Any] = field(default_factory=dict)
    spoken: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """flow.step, as staff name it."""
        return f"{self.flow}.{self.name}"


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable: its type, and whether it must stay out of sight."""

    type: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow file."""

    name: str
    file: str
    start: str
    steps: Mapping[str, Step]
    variables: Mapping[str, Variable] = field(default_factory=dict)
    intent: str = ""
    ask: Ask = field(default_factory=Ask)  # the flow's own defaults, before those of defaults.yaml


@dataclass(frozen=True, slots=True)
class Limits:
    """What a call may use; see `call:` in config.yaml."""

    steps_a_turn: int = 100
    turns_a_call: int = 200
    subflow_depth: int = 10
    minutes: int = 30
    misses: int = 12


@dataclass(frozen=True, slots=True)
class LeastConfidence:
    """How sure the recogniser must be (0 to 1) before words count, by effect; see `least_confidence:` in config.yaml.

    0 takes words of any confidence, unknown ones too.
    """

    menu: float = 0.0
    contact: float = 0.0
    security: float = 0.0
    money: float = 0.0


@dataclass(frozen=True, slots=True)
class RouteRule:
    """A row of the routing table; None fits everything."""

    queue: str
    intent: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Budgets:
    """Seconds of speech that may pass; see `budgets:` in config.yaml. None is as long as it takes."""

    first_option: float | None = None
    agent: float | None = None
    steps: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueueRules:
    """One agent queue: its hours, its size, who serves it; see `queues:` in config.yaml.

    `relax` and `overflow` map seconds of waiting to a lower level, or to another skill and its level. `agents` is not
    looked at: bundles of earlier releases have it.
    """

    hours: str
    agents: int = 0
    max_waiting: int = 50
    max_wait_minutes: int = 10
    talk_seconds: int = 180
    priority: int = 0
    skill: str = ""
    level: int = 1
    relax: Mapping[str, int] = field(default_factory=dict)
    overflow: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    offered_seconds: int = 15
    preferred_seconds: int = 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """What calls run on. `exit` is where a call goes that passed a limit; `authenticate` maps a level to its flow.

    `last_flows` is the exit's flow and those that its steps lead to: a call past its limits ends in one of them.
    `billers` maps an id to its name in each language.
    `needs` are the variables that must have been set before a step (flow, name) can be come to.
    `effects` are the effects of a yes, by the place (flow, name) of its confirm. `private` are the variables of each
    flow that tell something of a customer. `hints` are those of menus met so far, by place and languages.
    """

    hash: str
    flows: Mapping[str, Flow]
    prompts: Mapping[str, Prompts]
    languages: tuple[str, ...]
    services: Catalogue
    exit: Target
    entry: Target
    hours: Mapping[str, Hours]
    zone: ZoneInfo
    authenticate: Mapping[str, str] = field(default_factory=dict)
    routing: tuple[RouteRule, ...] = ()
    queues: Mapping[str, QueueRules] = field(default_factory=dict)
    billers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    limits: Limits = Limits()
    least_confidence: LeastConfidence = LeastConfidence()
    constants: Mapping[str, Any] = field(default_factory=dict)
    key_words: Mapping[str, str] = field(default_factory=dict)
    last_flows: frozenset[str] = frozenset()
    budgets: Budgets = field(default_factory=Budgets)
    needs: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    effects: Mapping[tuple[str, str], YesEffect] = field(default_factory=dict)
    private: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hints: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_open(self, hours: str, at: datetime) -> bool:
        """True while the named hours are open at an aware time."""
        return self.hours[hours].open_at(at.astimezone(self.zone))

    def queue_for(self, intent: str, language: str) -> str:
        """The queue of the first routing row that fits; the last row fits everyone."""
        fits = (rule for rule in self.routing if rule.intent in (None, intent) and rule.language in (None, language))
        return next(fits, self.routing[-1]).queue
