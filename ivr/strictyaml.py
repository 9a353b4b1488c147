"""YAML as staff write it: every scalar is text with its place in the file, and every trap is a message.

Plain YAML reads 17:00 as 1020, 0123 as 83, NO as false and lets a repeated key win in silence. Here the
composed tree is used before any of that happens: mappings, lists and text only.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_COMMENT_KEY = re.compile(r"^\s*#\s*:(\s|$)")
_PLAIN_TAGS = ("tag:yaml.org,2002:",)


class Text(str):
    """A scalar exactly as written, and where; `line` and `column` count from 1."""

    line: int
    column: int
    __slots__ = ("column", "line")

    @classmethod
    def at(cls, value: str, line: int, column: int) -> Self:
        """Text at a place."""
        text = cls(value)
        text.line, text.column = line, column
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


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the file itself, where, and what to write instead."""

    line: int
    column: int
    problem: str
    remedy: str


class YamlFault(Exception):  # noqa: N818 - faults of a file, one or many
    """The file cannot be read; `faults` has at least one entry."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{f.line}:{f.column} {f.problem}" for f in faults))
        self.faults = faults


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def _fault(self, node: Node, problem: str, remedy: str) -> None:
        self.faults.append(Fault(node.start_mark.line + 1, node.start_mark.column + 1, problem, remedy))

    def tree(self, node: Node) -> Tree:
        if node.anchor is not None:
            problem = "anchors (&name) and aliases (*name) are not part of this language"
            self._fault(node, problem, "write the value out")
        if isinstance(node, ScalarNode):
            return self._text(node)
        if isinstance(node, SequenceNode):
            items = Sequence(self.tree(child) for child in node.value)
            items.line, items.column = node.start_mark.line + 1, node.start_mark.column + 1
            return items
        assert isinstance(node, MappingNode)  # noqa: S101 - YAML has no fourth kind
        return self._mapping(node)

    def _text(self, node: ScalarNode) -> Text:
        # the round-trip scanner leaves a BEL where it folded a line of a > text
        value = node.value.replace("\a", "") if node.style == ">" else node.value
        return Text.at(value, node.start_mark.line + 1, node.start_mark.column + 1)

    def _mapping(self, node: MappingNode) -> Mapping:
        result = Mapping()
        result.line, result.column = node.start_mark.line + 1, node.start_mark.column + 1
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._fault(key_node, "a key must be a word", "put the key in quotes")
                continue
            key = self._text(key_node)
            if key == "<<":
                self._fault(key_node, "merge keys (<<) are not part of this language", "write the keys out")
            if key in result:
                self._fault(key_node, f"the key '{key}' stands here a second time", "keep one of the two")
            result[key] = self.tree(value_node)
        return result


def _comment_keys(text: str) -> list[Fault]:
    remedy = "write the key as hash: (and the star key as star:)"
    return [
        Fault(number, line.index("#") + 1, "'#:' is a comment in YAML, so this line does nothing", remedy)
        for number, line in enumerate(text.splitlines(), 1)
        if _COMMENT_KEY.match(line)
    ]


def read_text(text: str) -> Mapping:
    """The tree of a YAML document that is a mapping; raises `YamlFault` with every fault found."""
    faults = _comment_keys(text)
    try:
        node = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = " ".join(str(error.problem or error.context).split())
        remedy = "a key that is * or # is written star: or hash:; texts with ': ' or '{' first need quotes"
        raise YamlFault([*faults, Fault(line, column, f"this is not YAML: {problem}", remedy)]) from error
    if not isinstance(node, MappingNode):
        raise YamlFault([*faults, Fault(1, 1, "the file holds no mapping", "begin with a key, such as  flow: name")])
    reader = _Reader()
    tree = reader.tree(node)
    if faults or reader.faults:
        raise YamlFault(sorted(faults + reader.faults, key=lambda f: (f.line, f.column)))
    assert isinstance(tree, Mapping)  # noqa: S101 - narrowed above by MappingNode
    return tree


def read_file(path: Path) -> Mapping:
    """`read_text` of a UTF-8 file."""
    return read_text(path.read_text(encoding="utf-8"))
