"""The tree of a file as staff wrote it: mappings, lists and texts that know their place, and faults of the file."""

from dataclasses import dataclass
from typing import Any, Self

from ivr.foundation.messages import Message


class Text(str):
    """A scalar exactly as written, and where; `line` and `column` count from 1.

    `cut` is the place of a comment that follows the text on its line without quotes between them, if one does.
    """

    line: int
    column: int
    cut: tuple[int, int] | None
    __slots__ = ("column", "cut", "line")

    @classmethod
    def at(cls, value: str, line: int, column: int, cut: tuple[int, int] | None = None) -> Self:
        """Text at a place."""
        text = cls(value)
        text.line, text.column, text.cut = line, column, cut
        return text


class Mapping(dict[str, "Tree"]):
    """A mapping whose keys are `Text`; `line` and `column` are where it begins."""

    line: int = 1
    column: int = 1


class Sequence(list["Tree"]):
    """A list; `line` and `column` are where it begins."""

    line: int = 1
    column: int = 1


Tree = Text | Mapping | Sequence


def location_of(tree: Any, path: tuple[Any, ...]) -> tuple[int, int]:
    """The line and column of the deepest part of a path that the tree has."""
    at = (getattr(tree, "line", 1), getattr(tree, "column", 1))
    for part in path:
        if isinstance(tree, dict):
            key = next((k for k in tree if k == part), None)
            if key is None:
                continue  # a pydantic tag or alias, no key of the file
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
    """What is wrong with the file itself, where, and what to write instead."""

    line: int
    column: int
    problem: Message
    remedy: Message


class YamlFault(Exception):  # noqa: N818 - faults of a file, one or many
    """The file cannot be read; `faults` has at least one entry."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{f.line}:{f.column} {f.problem}" for f in faults))
        self.faults = faults
