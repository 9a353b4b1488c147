"""The Putonghua certificate that an agent needs (rule R7: 普通话二级乙等（含）以上). Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from ivr.foundation.errors import Refused

LEVELS = ("1A", "1B", "2A", "2B", "3A", "3B")  # 一级甲等 ... 三级乙等, the best first
ENOUGH = "2B"


class OnFile(Protocol):
    """A recorded certificate."""

    @property
    def level(self) -> str: ...
    @property
    def issued_on(self) -> date: ...


def is_enough(certificate: OnFile, today: date) -> bool:
    """Whether this certificate suffices for an agent: level 2B or better, and not dated in the future."""
    return LEVELS.index(certificate.level) <= LEVELS.index(ENOUGH) and certificate.issued_on <= today


def check(certificates: Iterable[OnFile], today: date) -> None:
    """Raises `Refused` when no recorded certificate suffices."""
    if not any(is_enough(each, today) for each in certificates):
        raise Refused("certificate_missing", "certificate", enough=ENOUGH)
