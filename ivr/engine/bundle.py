"""A bundle: all flows, prompts, opening hours and routing rules that a call uses, under one content hash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ivr.engine.ask_settings import AskSettings
from ivr.engine.contracts import Catalogue
from ivr.engine.introspection import YesEffect
from ivr.engine.node import Node
from ivr.engine.references import Target
from ivr.engine.speech.prompts import Prompts
from ivr.foundation.hours import Hours


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a flow: its node, its ask settings, the global keys active here, its source position, the variables it
    speaks.
    """

    flow: str
    name: str
    node: Node
    ask: AskSettings
    keys: Mapping[str, Target]
    line: int = 0
    column: int = 0
    expressions: Mapping[str, Any] = field(default_factory=dict)
    spoken: frozenset[str] = frozenset()

    @property
    def qualified_name(self) -> str:
        """ "flow.step", the name that staff use."""
        return f"{self.flow}.{self.name}"


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable: its type, and whether its value is secret."""

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
    ask: AskSettings = field(default_factory=AskSettings)  # the flow's own defaults, without those of defaults.yaml


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one call; see `call:` in config.yaml."""

    steps_a_turn: int = 100
    turns_a_call: int = 200
    subflow_depth: int = 10
    minutes: int = 30
    misses: int = 12


@dataclass(frozen=True, slots=True)
class LeastConfidence:
    """Minimum recognition confidence (0 to 1), by the effect of the answer; see `least_confidence:` in config.yaml.

    0 accepts any confidence, and an unknown one.
    """

    menu: float = 0.0
    contact: float = 0.0
    security: float = 0.0
    money: float = 0.0


@dataclass(frozen=True, slots=True)
class RouteRule:
    """A row of the routing table. None matches every value."""

    queue: str
    intent: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Budgets:
    """Maximum seconds of speech before callers hear something; see `budgets:` in config.yaml. None sets no limit."""

    first_option: float | None = None
    agent: float | None = None
    steps: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueueRules:
    """One agent queue: its hours, its size, and the skills of its agents; see `queues:` in config.yaml.

    `relax` and `overflow` map seconds of waiting to a lower level, or to another skill and its level. `agents` is
    unused: bundles of earlier releases have it.
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
    """Everything that calls run on.

    `exit` is the step for calls that passed a limit. `authenticate` maps a verification level to its flow. `last_flows`
    are the flows reachable from the exit: a call past its limits ends in one of them. `billers` maps an id to its name
    in each language. `calendar_years` are the years whose holidays the hours know. `live_variables` maps a step (flow,
    name) to the variables that must be set before it. `effects`
    maps a confirm step (flow, name) to the effect of a yes. `private` maps a flow to its variables that hold customer
    data. `hints` caches the recogniser hints of menus, by step and languages.
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
    calendar_years: frozenset[int] = frozenset()
    budgets: Budgets = field(default_factory=Budgets)
    live_variables: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    effects: Mapping[tuple[str, str], YesEffect] = field(default_factory=dict)
    private: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hints: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_open(self, hours: str, at: datetime) -> bool:
        """True while the named opening hours are open at an aware time."""
        return self.hours[hours].open_at(at.astimezone(self.zone))

    def queue_for(self, intent: str, language: str) -> str:
        """The queue of the first routing row that matches; the last row matches every caller."""
        fits = (rule for rule in self.routing if rule.intent in (None, intent) and rule.language in (None, language))
        return next(fits, self.routing[-1]).queue
