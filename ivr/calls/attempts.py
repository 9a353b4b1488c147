"""What one taking of a turn knows from the attempts before it, and how a fault that was met is carried on."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.bank.remote.line import Budget
from ivr.calls import accounting
from ivr.calls.services.context import NeedsDurableCommit, NeedsExternalResult, NeedsReplay
from ivr.foundation.errors import IvrError


def kind(fault: IvrError) -> str:
    """What failed, without its words: they may hold what the caller keyed, and a trail is kept in clear."""
    cause = fault.__cause__
    return type(fault if cause is None else cause).__name__


def nothing_to_finish() -> None:
    """Of a turn that asks no service."""


@dataclass(slots=True)
class Attempt:
    """What one taking of a turn knows from the attempts before it."""

    memo: dict[object, object]
    until: float  # of the steady clock: when the caller must hear something
    durable: bool = False
    races: int = 0
    budget: Budget = field(default_factory=Budget)
    failed: IvrError | None = None
    deed: accounting.Deed | None = None  # what was asked of a service and has not been answered
    ended: bool = False  # the call, in this taking
    offers: int | None = None  # the round of company in which a callback was asked for
    finish: Callable[[], None] = nothing_to_finish  # what its services put off to the end of the turn
    sent_to: str | None = None  # what an agent sends the caller to prove; empty: on with the self-service

    def provide(self, request: NeedsReplay) -> None:
        """Provide what the turn asked for, so that the next taking finds it."""
        if isinstance(request, NeedsExternalResult):
            self.memo[request.key] = _result(request)
        elif isinstance(request, NeedsDurableCommit):
            self.durable = True


def _result(request: NeedsExternalResult) -> object:
    """What the work found; a fault of the product is found too, and met inside the next taking."""
    try:
        return request.work()
    except Exception as fault:  # noqa: BLE001 - raised again inside the next taking, where faults are met
        return fault


def failure(error: Exception) -> IvrError:
    """The turn is taken again as a failed one, so that the caller hears an apology and reaches a person."""
    if isinstance(error, IvrError):
        return error
    failed = IvrError(f"{type(error).__name__} in a turn")
    failed.__cause__ = error
    return failed
