"""The list of bugs, read from bugs.yaml."""

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML


@dataclass(frozen=True)
class Bug:
    """A text of a file, what is planted in its place, and the tests of which one must turn red."""

    room: str
    bug: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]

    def is_there(self, root: Path) -> bool:
        """True where the text stands exactly once, so that it is clear what is planted where."""
        path = root / self.file
        return path.exists() and path.read_text(encoding="utf-8").count(self.before) == 1


def read_bugs() -> list[Bug]:
    """Every bug, in the order of the file."""
    entries = YAML(typ="safe").load(Path(__file__).with_name("bugs.yaml"))
    return [Bug(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]
