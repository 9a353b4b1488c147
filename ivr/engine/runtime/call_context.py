"""The current position of a call in its bundle, and the settings that apply there. Read-only."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ivr.engine.ask_settings import AskSettings
from ivr.engine.bundle import Bundle, Flow, Step
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import SpeechHeard
from ivr.engine.introspection import StepId, YesEffect
from ivr.engine.session import Frame, Session
from ivr.engine.speech.prompts import Prompts


class CallContext:
    """A call at a step at a time; nothing here changes the call. `timestamp` is `now` in epoch seconds."""

    __slots__ = ("bundle", "now", "session", "timestamp")

    def __init__(self, bundle: Bundle, session: Session, now: datetime) -> None:
        self.bundle = bundle
        self.session = session
        self.now = now
        self.timestamp = now.timestamp()

    @property
    def frame(self) -> Frame:
        """The innermost flow of the call's stack."""
        return self.session.frames[-1]

    @property
    def flow(self) -> Flow:
        """The flow of the current frame."""
        return self.bundle.flows[self.frame.flow]

    @property
    def step(self) -> Step:
        """The current step."""
        frame = self.session.frames[-1]
        return self.bundle.flows[frame.flow].steps[frame.step]

    @property
    def step_id(self) -> StepId:
        """Flow and name of the step."""
        return self.frame.flow, self.frame.step

    @property
    def ask_settings(self) -> AskSettings:
        """The step's ask settings, with inherited values."""
        return self.step.ask

    @property
    def prompts(self) -> Prompts:
        """The prompts in the caller's language."""
        return self.bundle.prompts[self.session.language]

    def prompts_in(self, language: str) -> Prompts:
        """The prompts in a language."""
        return self.bundle.prompts[language]

    def local_time(self) -> datetime:
        """The current time in the bank's time zone."""
        return self.now.astimezone(self.bundle.zone)

    def scope(self, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Every name that a condition or a prompt can use here, with its value."""
        session = self.session
        return {
            "language": session.language,
            "identified": session.customer_id is not None,
            "caller_known": session.caller is not None,
            "now": self.local_time().isoformat(timespec="seconds"),
            **self.bundle.constants,
            **self.frame.variables,
            **(extra or {}),
        }

    def values(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Input name -> value, from a mapping of input name -> variable name."""
        scope = self.scope()
        return {given: scope.get(name) for given, name in names.items()}

    def value_of(self, condition: str, scope: Mapping[str, Any]) -> Any:
        """The value of one of this step's conditions, by its key in `conditions()`."""
        return self.step.expressions[condition].evaluate(scope)

    def is_secret(self, name: str) -> bool:
        """True for a variable that was declared secret."""
        return self.flow.variables[name].secret

    def is_proven(self, name: str) -> bool:
        """True while the caller has proven `name`."""
        return self.session.is_proven(name, self.timestamp)

    def contract(self, service: str) -> ServiceContract:
        """The contract of a service."""
        return self.bundle.services[service]

    def flow_for(self, level: str) -> str:
        """The flow that proves a verification level."""
        return self.bundle.authenticate[level]

    def is_open(self, hours: str) -> bool:
        """True while these opening hours are open."""
        return self.bundle.is_open(hours, self.now)

    def routed_queue(self) -> str:
        """The queue that the routing rules assign to this caller."""
        return self.bundle.queue_for(self.session.intent, self.session.language)

    def yes_effect(self) -> YesEffect:
        """The greatest effect of a yes to this step; "money" where it is unknown."""
        return self.bundle.effects.get(self.step_id, "money")

    def speaks_private_data(self) -> bool:
        """True where the prompts of this step speak customer data."""
        return bool(self.step.spoken & self.bundle.private.get(self.frame.flow, frozenset()))

    def hints(self, languages: tuple[str, ...], expected: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """The recogniser hints of this step in these languages; computed once for each bundle."""
        place = (*self.step_id, *languages)
        known = self.bundle.hints.get(place)
        if known is None:
            known = self.bundle.hints[place] = expected()
        return known

    def is_confident(self, event: SpeechHeard, effect: YesEffect = "menu") -> bool:
        """True where the recognition confidence reaches the minimum for the effect; an unknown one does not."""
        least: float = getattr(self.bundle.least_confidence, effect)
        return least <= 0 or (event.confidence or 0.0) >= least
