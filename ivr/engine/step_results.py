"""What a step returns: where the call goes next."""

from dataclasses import dataclass
from typing import Any

from ivr.engine.actions import Invoke
from ivr.engine.references import Target


@dataclass(frozen=True, slots=True)
class Goto:
    """Continue at a target."""

    target: Target


@dataclass(frozen=True, slots=True)
class Push:
    """Run a subflow. The current step gets `FlowReturned` when it ends."""

    flow: str
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wait:
    """End the turn; the next event comes from outside."""


@dataclass(frozen=True, slots=True)
class Finish:
    """End the call."""


StepResult = Goto | Push | Wait | Finish | Invoke
