"""Where a call stands in its bundle, and what the bundle lays down for the step there."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ivr.engine.asking import Ask
from ivr.engine.bundle import Bundle, Flow, Step
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import SpeechHeard
from ivr.engine.session import Frame, Session
from ivr.engine.speech.prompts import Prompts
from ivr.engine.telling import Place, YesEffect


class Position:
    """A call at a step at a moment; nothing here changes the call. `at` is the moment in epoch seconds."""

    __slots__ = ("at", "bundle", "moment", "session")

    def __init__(self, bundle: Bundle, session: Session, moment: datetime) -> None:
        self.bundle = bundle
        self.session = session
        self.moment = moment
        self.at = moment.timestamp()

    @property
    def frame(self) -> Frame:
        """The innermost flow of the call."""
        return self.session.frames[-1]

    @property
    def flow(self) -> Flow:
        """The flow of the frame."""
        return self.bundle.flows[self.frame.flow]

    @property
    def step(self) -> Step:
        """The step of the frame."""
        frame = self.session.frames[-1]
        return self.bundle.flows[frame.flow].steps[frame.step]

    @property
    def place(self) -> Place:
        """Flow and name of the step."""
        return self.frame.flow, self.frame.step

    @property
    def manner(self) -> Ask:
        """How this step asks, its flow's defaults among it."""
        return self.step.ask

    @property
    def prompts(self) -> Prompts:
        """The prompts in the caller's language."""
        return self.bundle.prompts[self.session.language]

    def prompts_in(self, language: str) -> Prompts:
        """The prompts in a language."""
        return self.bundle.prompts[language]

    def local_time(self) -> datetime:
        """The moment in the bank's time zone."""
        return self.moment.astimezone(self.bundle.zone)

    def scope(self, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Every name that a condition or a prompt can use here."""
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
        """input name -> value, from a mapping of input name -> variable name."""
        scope = self.scope()
        return {given: scope.get(name) for given, name in names.items()}

    def value_of(self, condition: str, scope: Mapping[str, Any]) -> Any:
        """The value of one of this step's conditions, by its key in `conditions()`."""
        return self.step.expressions[condition].evaluate(scope)

    def is_secret(self, name: str) -> bool:
        """True for a variable that was declared secret."""
        return self.flow.variables[name].secret

    def holds(self, name: str) -> bool:
        """True while the caller has proven `name`."""
        return self.session.holds(name, self.at)

    def contract(self, service: str) -> ServiceContract:
        """What a service promises."""
        return self.bundle.services[service]

    def flow_for(self, level: str) -> str:
        """The flow that proves a level."""
        return self.bundle.authenticate[level]

    def is_open(self, hours: str) -> bool:
        """True while these opening hours are open."""
        return self.bundle.is_open(hours, self.moment)

    def routed_queue(self) -> str:
        """The queue that routing gives to this caller."""
        return self.bundle.queue_for(self.session.intent, self.session.language)

    def yes_effect(self) -> YesEffect:
        """The greatest effect of a yes to this step; the greatest of all where none is known."""
        return self.bundle.effects.get(self.place, "money")

    def tells_private(self) -> bool:
        """True where the prompts of this step speak what the bank knows of a customer."""
        return bool(self.step.spoken & self.bundle.private.get(self.frame.flow, frozenset()))

    def hints(self, languages: tuple[str, ...], expected: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """What the recogniser is told to expect at this step in these languages; worked out once for a bundle."""
        place = (*self.place, *languages)
        known = self.bundle.hints.get(place)
        if known is None:
            known = self.bundle.hints[place] = expected()
        return known

    def sure(self, event: SpeechHeard, effect: YesEffect = "menu") -> bool:
        """True where the recogniser is as confident as the effect of this answer demands; an unknown one is not."""
        least: float = getattr(self.bundle.least_confidence, effect)
        return least <= 0 or (event.confidence or 0.0) >= least
