"""A circuit breaker: after failures in a row nothing is asked for a while, then one question tries. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES = 3
REST = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed while `failures` are few; open until `retry_at`; then each REST lets one question through."""

    failures: int = 0
    retry_at: datetime | None = None

    def allows(self, now: datetime) -> bool:
        """Whether a question may be asked now."""
        return self.retry_at is None or now >= self.retry_at

    def asking(self, now: datetime) -> "Breaker":
        """The breaker while a question is under way: an open one lets no second probe through meanwhile."""
        return self if self.retry_at is None else Breaker(self.failures, now + REST)

    def after(self, now: datetime, *, answered: bool) -> "Breaker":
        """The breaker after a question; any answer closes it."""
        if answered:
            return Breaker()
        failures = self.failures + 1
        return Breaker(failures, now + REST if failures >= FAILURES else None)
