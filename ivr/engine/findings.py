"""What is wrong with a flow, in words for its author: code, place, what callers would meet, and the remedy."""

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.foundation.errors import FlowFileError
from ivr.foundation.messages import ENGLISH, Message, in_language, message, sentences
from ivr.foundation.strictyaml import OptionalMessage, suggestion

__all__ = ["MAX_LISTED", "Finding", "FlowFaults", "OptionalMessage", "causes_first", "suggestion"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault. `place` is flow.step; `script` is a caller's key presses that show it, where one exists.

    What it says are messages, which are there in every language. `more` counts the findings that follow from it and
    are not told.
    """

    file: str
    line: int
    column: int
    code: str
    place: str
    problem: Message
    effect: OptionalMessage = ""
    remedy: OptionalMessage = ""
    script: tuple[str, ...] = ()
    more: int = 0

    def __str__(self) -> str:
        return self.to_line(ENGLISH)

    def to_line(self, language: str) -> str:
        """The finding as one line for its author."""
        head = f"{self.file}:{self.line}:{self.column}: {self.code} {self.place}".rstrip()
        said: list[str] = [self.problem, self.effect, self.remedy]
        if self.more:
            said.append(message("And {more} more that follow from it", more=self.more))
        line = f"{head}: {sentences(said, language)}"
        if not self.script:
            return line
        script = ", ".join(in_language(deed, language) for deed in self.script)
        return f"{line} {in_language(message('Play: {script}', script=script), language)}"


MAX_LISTED = 50  # who mends these has mended most of what follows
_CAUSES = ("file", "yaml", "shape", "reserved")  # what could not be read; the rest may only follow from it


def causes_first(finding: Finding) -> tuple[bool, Finding]:
    """The order in which findings are told: what could not be read, then what does not fit; each by its place."""
    return finding.code not in _CAUSES, finding


class FlowFaults(FlowFileError):  # noqa: N818 - what is wrong with a bundle, one thing or many
    """A bundle that may not run, with everything that is wrong with it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=causes_first))
        super().__init__("\n".join(self.to_lines()))

    def to_lines(self, language: str = ENGLISH) -> list[str]:
        """The findings as lines for their author: the first of them, and how many more there are."""
        more = len(self.findings) - MAX_LISTED
        lines = [finding.to_line(language) for finding in self.findings[:MAX_LISTED]]
        return [*lines, in_language(message("and {more} more", more=more), language)] if more > 0 else lines
