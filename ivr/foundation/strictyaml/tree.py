"""The tree of a YAML file: mappings, lists and texts with their positions, and the faults of the file."""

from dataclasses import dataclass
from typing import Any, Self

from ivr.foundation.messages import Message


class Text(str):
    """A scalar exactly as written, with its position; `line` and `column` count from 1.

    `comment_at` is the position of a comment that follows the unquoted text on its line, if there is one.
    """

    line: int
    column: int
    comment_at: tuple[int, int] | None
    __slots__ = ("column", "comment_at", "line")

    @classmethod
    def at(cls, value: str, line: int, column: int, comment_at: tuple[int, int] | None = None) -> Self:
        """A text at a position."""
        text = cls(value)
        text.line, text.column, text.comment_at = line, column, comment_at
        return text


class Mapping(dict[str, "Tree"]):
    """A mapping whose keys are `Text`; `line` and `column` are its start."""

    line: int = 1
    column: int = 1


class Sequence(list["Tree"]):
    """A list; `line` and `column` are its start."""

    line: int = 1
    column: int = 1


Tree = Text | Mapping | Sequence


def location_of(tree: Any, path: tuple[Any, ...]) -> tuple[int, int]:
    """The line and column of the deepest part of a path that exists in the tree."""
    at = (getattr(tree, "line", 1), getattr(tree, "column", 1))
    for part in path:
        if isinstance(tree, dict):
            key = next((k for k in tree if k == part), None)
            if key is None:
                continue  # a pydantic tag or alias, not a key of the file
            at = (getattr(key, "line", at[0]), getattr(key, "column", at[1]))
            tree = tree[key]
            if isinstance(tree, Text):
                at = (tree.line, tree.column)
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
            at = (getattr(tree, "line", at[0]), getattr(tree, "column", at[1]))
    return at


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the file itself, with its position and the remedy."""

    line: int
    column: int
    problem: Message
    remedy: Message


class YamlFault(Exception):  # noqa: N818 - faults of a file, one or many
    """The file cannot be parsed; `faults` has at least one entry."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{f.line}:{f.column} {f.problem}" for f in faults))
        self.faults = faults
