"""What is wrong with a flow, in words for its author: code, place, what callers would meet, and the remedy."""

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.errors import FlowFileError
from ivr.strictyaml import near

__all__ = ["MOST_TOLD", "Finding", "FlowFaults", "causes_first", "near"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault. `place` is flow.step; `script` is a caller's key presses that show it, where one exists."""

    file: str
    line: int
    column: int
    code: str
    place: str
    problem: str
    effect: str = ""
    remedy: str = ""
    script: tuple[str, ...] = ()

    def __str__(self) -> str:
        head = f"{self.file}:{self.line}:{self.column}: {self.code} {self.place}".rstrip()
        sentences = [sentence for sentence in (self.problem, self.effect, self.remedy) if sentence]
        words = " ".join(f"{each}" if each.endswith("?") else f"{each.rstrip('.')}." for each in sentences)
        script = f" Play: {', '.join(self.script)}" if self.script else ""
        return f"{head}: {words}{script}"


MOST_TOLD = 50  # who mends these has mended most of what follows
_CAUSES = ("file", "yaml", "shape", "reserved")  # what could not be read; the rest may only follow from it


def causes_first(finding: Finding) -> tuple[bool, Finding]:
    """The order in which findings are told: what could not be read, then what does not fit; each by its place."""
    return finding.code not in _CAUSES, finding


class FlowFaults(FlowFileError):  # noqa: N818 - what is wrong with a bundle, one thing or many
    """A bundle that may not run, with everything that is wrong with it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=causes_first))
        super().__init__("\n".join(self.told))

    @property
    def told(self) -> list[str]:
        """The findings as lines for their author: the first of them, and how many more there are."""
        more = len(self.findings) - MOST_TOLD
        lines = [str(finding) for finding in self.findings[:MOST_TOLD]]
        return [*lines, f"and {more} more"] if more > 0 else lines
