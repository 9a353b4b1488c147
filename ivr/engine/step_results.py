"""The moves that a step can make."""

from dataclasses import dataclass
from typing import Any

from ivr.engine.actions import Invoke
from ivr.engine.references import Target


@dataclass(frozen=True, slots=True)
class Goto:
    """Go on at a target."""

    target: Target


@dataclass(frozen=True, slots=True)
class Push:
    """Start a subflow; the present step hears `FlowReturned` when it ends."""

    flow: str
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wait:
    """The turn is over; the next event comes from outside."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The call is over."""


StepResult = Goto | Push | Wait | Finish | Invoke
