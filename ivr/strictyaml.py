"""YAML as staff write it: every scalar is text with its place in the file, and every trap is a message.

Plain YAML reads 17:00 as 1020, 0123 as 83, NO as false and lets a repeated key win in silence. Here the
composed tree is used before any of that happens: mappings, lists and text only.
"""

import re
from collections import abc
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

_COMMENT_KEY = re.compile(r"^\s*#\s*:(\s|$)")
_COMMENT_BEHIND = re.compile(r"[ \t]+#")
_COMMENT_BEHIND_KEY = re.compile(r"[ \t]*:[ \t]+#")
_FOREIGN = re.compile("[\udc80-\udcff]")
_LARGEST = 1 << 20  # characters; the largest file of a bank's flows is a hundredth of it

_QUOTES = "a key that is * or # is written star: or hash:; texts with ': ' or '{' first need quotes"
_DEEPER = "lines that belong together begin in one column, what belongs under a key two spaces further in"
_OPENING = re.compile(r"""(?:[:,\[{-][ \t]+|[\[{])(["'])(?:(?!\1).)*$""", re.MULTILINE)  # and not closed in its line
_NUMBER, _WORD, _LIST = "a whole number, such as 3", "one text, not a list and no keys", "a list, such as [a, b]"
_KEYS = "a place for keys of its own, such as  {key: value}"
_KINDS = {
    "bool": "true or false", "dict": _KEYS, "float": "a number, such as 2.5", "int": _NUMBER, "list": _LIST,
    "mapping": _KEYS, "model": _KEYS, "string": _WORD, "tuple": _LIST,
}  # fmt: skip


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


def place_of(tree: Any, path: tuple[Any, ...]) -> tuple[int, int]:
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
    problem: str
    remedy: str


class YamlFault(Exception):  # noqa: N818 - faults of a file, one or many
    """The file cannot be read; `faults` has at least one entry."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{f.line}:{f.column} {f.problem}" for f in faults))
        self.faults = faults


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
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
        return Text.at(value, node.start_mark.line + 1, node.start_mark.column + 1, self._cut(node))

    def _cut(self, node: ScalarNode) -> tuple[int, int] | None:
        end = node.end_mark
        behind = None if node.style else _COMMENT_BEHIND.match(self.source, end.index)
        return (end.line + 1, end.column + len(behind[0])) if behind else None

    def _cut_whole(self, key_node: ScalarNode, value: Tree) -> None:
        """An empty value begins wherever YAML looks next: its comment stands behind the key."""
        behind = _COMMENT_BEHIND_KEY.match(self.source, key_node.end_mark.index)
        if isinstance(value, Text) and not value and behind:
            value.cut = (key_node.end_mark.line + 1, key_node.end_mark.column + len(behind[0]))

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
            self._cut_whole(key_node, result[key])
        return result


def _comment_keys(text: str) -> list[Fault]:
    remedy = "write the key as hash: (and the star key as star:)"
    return [
        Fault(number, line.index("#") + 1, "'#:' is a comment in YAML, so this line does nothing", remedy)
        for number, line in enumerate(text.splitlines(), 1)
        if _COMMENT_KEY.match(line)
    ]


def _composed(text: str) -> Node | None:
    try:
        node: Node | None = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise YamlFault([Fault(*_syntax_in_words(error, text))]) from error
    except ReaderError as error:
        problem = f"a character that no file may hold (U+{ord(text[error.position]):04X})"
        raise _fault_at(text, error.position, problem, "delete it") from error
    return node


def _fault_at(text: str, position: int, problem: str, remedy: str) -> YamlFault:
    lines = text[:position].split("\n")
    return YamlFault([Fault(len(lines), len(lines[-1]) + 1, problem, remedy)])


def read_text(text: str) -> Mapping:
    """The tree of a YAML document that is a mapping; raises `YamlFault` with every fault found.

    Bytes that are not UTF-8 stand in the text as Python's surrogateescape leaves them.
    """
    if foreign := _FOREIGN.search(text):
        problem = f"the file is not UTF-8: the byte 0x{ord(foreign[0]) - 0xDC00:02X} is no character"
        raise _fault_at(text, foreign.start(), problem, "save it as UTF-8")
    if len(text) > _LARGEST:
        raise YamlFault([Fault(1, 1, "the file is larger than 1 MiB", "make several files of it")])
    faults = _comment_keys(text)
    try:
        node = _composed(text)
    except YamlFault as fault:
        raise YamlFault([*faults, *fault.faults]) from fault
    if not isinstance(node, MappingNode):
        raise YamlFault([*faults, Fault(1, 1, "the file holds no mapping", "begin with a key, such as  flow: name")])
    reader = _Reader(text)
    tree = reader.tree(node)
    if faults or reader.faults:
        raise YamlFault(sorted(faults + reader.faults, key=lambda f: (f.line, f.column)))
    assert isinstance(tree, Mapping)  # noqa: S101 - narrowed above by MappingNode
    return tree


def read_file(path: Path) -> Mapping:
    """`read_text` of a UTF-8 file."""
    return read_text(path.read_text(encoding="utf-8", errors="surrogateescape"))


def _syntax_in_words(error: MarkedYAMLError, text: str) -> tuple[int, int, str, str]:
    """Line, column, problem and remedy for a text that is not YAML."""
    opening = _opening_quote(error, text)
    if opening is not None:
        line, column = text.count("\n", 0, opening) + 1, opening - text.rfind("\n", 0, opening)
        return line, column, "this is not YAML: a quote is opened here and not closed", f"close it with {text[opening]}"
    raw = " ".join(str(error.problem or error.context).split())
    place = error.problem_mark or error.context_mark
    opened = error.context_mark
    line, column = (place.line + 1, place.column + 1) if place else (1, 1)
    if "'\\t'" in raw:
        return line, column, "this is not YAML: a tab; indent with spaces", "replace the tab with spaces"
    if raw.startswith("expected ',' or") and opened:
        closing = raw.split("'")[3]
        problem = f"this is not YAML: a {text[opened.index]} is opened here and not closed"
        return opened.line + 1, opened.column + 1, problem, f"close it with {closing}, put commas between its parts"
    if "expected <block end>" in raw:
        return line, column, "this is not YAML: the indentation is off here", _DEEPER
    if "mapping values are not allowed" in raw:
        return line, column, "this is not YAML: a second ': ' in one value, or the indentation is off", _QUOTES
    if "undefined alias" in raw or "cannot start any token" in raw:
        return line, column, f"this is not YAML: a text cannot begin with {text[place.index]}", _QUOTES
    return line, column, f"this is not YAML: {raw}", _QUOTES


def _opening_quote(error: MarkedYAMLError, text: str) -> int | None:
    """Where a quote was opened that ends with the file, or only at another quote in the line that does not fit."""
    if "quoted" in str(error.context) and error.context_mark and "end of" in str(error.problem):
        return int(error.context_mark.index)
    if error.problem_mark is None:
        return None
    end = text.find("\n", error.problem_mark.index) % (len(text) + 1)
    begin = text.rfind("\n", 0, error.problem_mark.index) + 1
    opened = [match for match in _OPENING.finditer(text, 0, begin) if begin <= text.find(match[1], match.end()) < end]
    return opened[-1].start(1) if opened else None


def shape_in_words(error: abc.Mapping[str, Any], known: abc.Collection[str] = (), book: str = "") -> tuple[str, str]:
    """Problem and remedy for one of pydantic's `errors()`.

    `known` are the keys that could stand there, `book` the document that lists them.
    """
    kind, name = str(error["type"]), next((part for part in reversed(error["loc"]) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        close = get_close_matches(name, known, 1)
        where = f", or look for the right word in {book}" if book else ""
        return f"the key '{name}' means nothing here", f"did you mean '{close[0]}'?" if close else f"take it out{where}"
    if kind == "missing":
        return f"'{name}:' is missing", f"write {name}: and what it should be"
    if kind == "too_short":
        return f"nothing stands under '{name}:'", f"write what {name}: should hold, or take it out"
    if kind.endswith(("_type", "_parsing")) and (what := _KINDS.get(kind.partition("_")[0])):
        return f"'{name}:' is {what}", ""
    return str(error["msg"]).removeprefix("Value error, ").replace("Input should be", f"'{name}:' should be"), ""
