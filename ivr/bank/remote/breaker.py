"""A circuit breaker: after failures in a row it opens for a while, then lets one probe through. Pure.

Times are seconds of the monotonic clock, so that setting the system clock back does not block a healthy core.
"""

from dataclasses import dataclass

FAILURES = 3
REST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed while `failures` are few; open until `retry_at`; then half-open: one probe per rest period."""

    failures: int = 0
    retry_at: float | None = None

    def allows(self, now: float) -> bool:
        """Whether a request may be sent now."""
        return self.retry_at is None or now >= self.retry_at

    def asking(self, now: float) -> "Breaker":
        """The breaker while a request is in flight: a half-open one lets no second probe through meanwhile."""
        return self if self.retry_at is None else Breaker(self.failures, now + REST_SECONDS)

    def after(self, now: float, *, answered: bool) -> "Breaker":
        """The breaker after a request; any response closes it."""
        if answered:
            return Breaker()
        failures = self.failures + 1
        return Breaker(failures, now + REST_SECONDS if failures >= FAILURES else None)
