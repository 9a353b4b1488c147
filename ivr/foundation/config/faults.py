"""Faults of config.yaml with line and column, reported like the findings of flows."""

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.foundation.errors import ConfigurationError
from ivr.foundation.messages import ENGLISH, Message, sentences
from ivr.foundation.strictyaml import OptionalMessage


@dataclass(frozen=True, slots=True, order=True)
class PlacedFault:
    """One fault. `place` is the path of keys to it, joined with dots."""

    line: int
    column: int
    code: str
    place: str
    problem: Message
    effect: OptionalMessage
    remedy: OptionalMessage

    def to_line(self, file: str, language: str) -> str:
        """The fault as one line for the author of the file."""
        head = f"{file}:{self.line}:{self.column}: {self.code} {self.place}".rstrip()
        return f"{head}: {sentences((self.problem, self.effect, self.remedy), language)}"


class SettingsFaults(ConfigurationError):  # noqa: N818 - what is wrong with the file, one thing or many
    """Settings with faults. Lists all of them."""

    def __init__(self, file: str, faults: Iterable[PlacedFault]) -> None:
        self.file, self.faults = file, tuple(sorted(faults))
        super().__init__("\n".join(self.to_lines(ENGLISH)))

    def to_lines(self, language: str) -> list[str]:
        """The faults as lines, sorted by position."""
        return [fault.to_line(self.file, language) for fault in self.faults]
