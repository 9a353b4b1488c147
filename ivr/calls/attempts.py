"""The attempts at one turn: results and errors that a retry takes over from the attempt before."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.bank.remote.client import Budget
from ivr.calls import service_audit
from ivr.calls.services.context import NeedsDurableCommit, NeedsExternalResult, NeedsReplay
from ivr.foundation.errors import IvrError


def kind(fault: IvrError) -> str:
    """The name of an error's type, without its message: it may contain keyed digits, and trails are stored in clear."""
    cause = fault.__cause__
    return type(fault if cause is None else cause).__name__


def nothing_to_finish() -> None:
    """Of a turn that asks no service."""


@dataclass(slots=True)
class TurnAttempt:
    """The state that is kept between the attempts at one turn."""

    memo: dict[object, object]
    until: float  # on the monotonic clock: when the answer must be ready
    durable: bool = False
    races: int = 0
    budget: Budget = field(default_factory=Budget)
    failed: IvrError | None = None
    ended: bool = False  # the call, in this attempt
    requested: service_audit.AuditedRequest | None = None  # the service request that has not been answered yet
    offers: int | None = None  # the wait round in which the caller asked for a callback
    finish: Callable[[], None] = nothing_to_finish  # writes what its services put off to the end of the turn
    sent_to: str | None = None  # what an agent sends the caller to prove; empty: on with the self-service

    def provide(self, request: NeedsReplay) -> None:
        """Fulfil the request of a rolled-back attempt, so that the next attempt finds the result."""
        if isinstance(request, NeedsExternalResult):
            self.memo[request.key] = _result(request)
        elif isinstance(request, NeedsDurableCommit):
            self.durable = True


def _result(request: NeedsExternalResult) -> object:
    """The result of the work; an error is kept as the result and raised inside the next attempt."""
    try:
        return request.work()
    except Exception as fault:  # noqa: BLE001 - raised again inside the next attempt, which handles errors
        return fault


def failure(error: Exception) -> IvrError:
    """The error for the retry as a failed turn, in which the caller hears an apology and is sent to an agent."""
    if isinstance(error, IvrError):
        return error
    failed = IvrError(f"{type(error).__name__} in a turn")
    failed.__cause__ = error
    return failed
