"""A circuit breaker: after failures in a row nothing is asked for a while, then one question tries. Pure.

Moments are seconds of the steady clock: a clock that is set back must not close the line to a healthy core.
"""

from dataclasses import dataclass

FAILURES = 3
REST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed while `failures` are few; open until `retry_at`; then each rest lets one question through."""

    failures: int = 0
    retry_at: float | None = None

    def allows(self, now: float) -> bool:
        """Whether a question may be asked now."""
        return self.retry_at is None or now >= self.retry_at

    def asking(self, now: float) -> "Breaker":
        """The breaker while a question is under way: an open one lets no second probe through meanwhile."""
        return self if self.retry_at is None else Breaker(self.failures, now + REST_SECONDS)

    def after(self, now: float, *, answered: bool) -> "Breaker":
        """The breaker after a question; any answer closes it."""
        if answered:
            return Breaker()
        failures = self.failures + 1
        return Breaker(failures, now + REST_SECONDS if failures >= FAILURES else None)
