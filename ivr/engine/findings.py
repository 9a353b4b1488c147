"""Findings: what is wrong with a flow, worded for its author. Each has a code, a position, the effect on callers, and a
remedy.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.foundation.errors import FlowFileError
from ivr.foundation.messages import ENGLISH, Message, in_language, message, sentences
from ivr.foundation.strictyaml import OptionalMessage, suggestion

__all__ = ["MAX_LISTED", "Finding", "FlowFaults", "OptionalMessage", "causes_first", "suggestion"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault. `place` names the step (flow.step), the prompt or the setting. `script` is a sequence of key presses
    that shows the fault.

    All texts are messages, which exist in every language. `more` counts the findings that follow from this one and are
    not shown.
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


MAX_LISTED = 50  # later findings mostly follow from these
# codes of what could not be parsed; other findings may follow from these
_CAUSES = ("file", "yaml", "shape", "reserved")


def causes_first(finding: Finding) -> tuple[bool, Finding]:
    """Sort key of findings: first what could not be read, then the rest; each by its position."""
    return finding.code not in _CAUSES, finding


class FlowFaults(FlowFileError):  # noqa: N818 - what is wrong with a bundle, one thing or many
    """A bundle with faults, which must not run. Lists all of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=causes_first))
        super().__init__("\n".join(self.to_lines()))

    def to_lines(self, language: str = ENGLISH) -> list[str]:
        """The first findings as lines for their author, and the number of the others."""
        more = len(self.findings) - MAX_LISTED
        lines = [finding.to_line(language) for finding in self.findings[:MAX_LISTED]]
        return [*lines, in_language(message("and {more} more", more=more), language)] if more > 0 else lines
