"""Parses the text of a YAML file into its tree, from composed nodes, before YAML would read 17:00 as 1020 or NO as
false.
"""

import re
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from ivr.foundation.messages import Message, message
from ivr.foundation.strictyaml.fullwidth import fullwidth_fault, fullwidth_sign_in_key
from ivr.foundation.strictyaml.syntax_errors import describe_syntax_error
from ivr.foundation.strictyaml.tree import Fault, Mapping, Sequence, Text, Tree, YamlFault

_COMMENT_KEY = re.compile(r"^\s*#\s*:(\s|$)")
_COMMENT_BEHIND = re.compile(r"[ \t]+#")
_COMMENT_BEHIND_KEY = re.compile(r"[ \t]*:[ \t]+#")
_FOREIGN = re.compile("[\udc80-\udcff]")
_LARGEST = 1 << 20  # maximum characters of a file; real flow files have a hundredth of it
_DEEPEST = 50  # maximum nesting depth; real flows have eight levels


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.faults: list[Fault] = []

    def _fault(self, node: Node, problem: Message, remedy: Message) -> None:
        self.faults.append(Fault(node.start_mark.line + 1, node.start_mark.column + 1, problem, remedy))

    def tree(self, node: Node) -> Tree:
        if node.anchor is not None:
            problem = message("anchors (&name) and aliases (*name) are not part of this language")
            self._fault(node, problem, message("write the value out"))
        if isinstance(node, ScalarNode):
            return self._text(node)
        if isinstance(node, SequenceNode):
            items = Sequence(self.tree(child) for child in node.value)
            items.line, items.column = node.start_mark.line + 1, node.start_mark.column + 1
            return items
        assert isinstance(node, MappingNode)  # noqa: S101 - YAML has no fourth kind
        return self._mapping(node)

    def _text(self, node: ScalarNode) -> Text:
        # the round-trip scanner inserts a BEL where it folded a line of a > text
        value = node.value.replace("\a", "") if node.style == ">" else node.value
        return Text.at(value, node.start_mark.line + 1, node.start_mark.column + 1, self._comment_after(node))

    def _comment_after(self, node: ScalarNode) -> tuple[int, int] | None:
        end = node.end_mark
        behind = None if node.style else _COMMENT_BEHIND.match(self.source, end.index)
        return (end.line + 1, end.column + len(behind[0])) if behind else None

    def _mark_comment_after_key(self, key_node: ScalarNode, value: Tree) -> None:
        """An empty value has no position of its own: look for a comment after the key."""
        behind = _COMMENT_BEHIND_KEY.match(self.source, key_node.end_mark.index)
        if isinstance(value, Text) and not value and behind:
            value.comment_at = (key_node.end_mark.line + 1, key_node.end_mark.column + len(behind[0]))

    def _mapping(self, node: MappingNode) -> Mapping:
        result = Mapping()
        result.line, result.column = node.start_mark.line + 1, node.start_mark.column + 1
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._fault(key_node, message("a key must be a word"), message("put the key in quotes"))
                continue
            key = self._text(key_node)
            if key == "<<":
                self._fault(
                    key_node, message("merge keys (<<) are not part of this language"), message("write the keys out")
                )
            if (sign := fullwidth_sign_in_key(key)) is not None:
                at = key_node.start_mark.column + sign + (1 if key_node.style else 0)
                self.faults.append(Fault(key.line, at + 1, *fullwidth_fault(key[sign])))
            if key in result:
                self._fault(
                    key_node,
                    message("the key '{key}' appears here a second time", key=key),
                    message("keep one of the two"),
                )
            result[key] = self.tree(value_node)
            self._mark_comment_after_key(key_node, result[key])
        return result


def _comment_keys(text: str) -> list[Fault]:
    remedy = message("write the key as hash: (and the star key as star:)")
    return [
        Fault(number, line.index("#") + 1, message("'#:' is a comment in YAML, so this line does nothing"), remedy)
        for number, line in enumerate(text.splitlines(), 1)
        if _COMMENT_KEY.match(line)
    ]


def _composed(text: str) -> Node | None:
    yaml = YAML(typ="rt", pure=True)
    yaml.max_depth = _DEEPEST
    try:
        node: Node | None = yaml.compose(text)
    except MaxDepthExceededError as error:
        problem = message("more than {deepest} levels of nesting here", deepest=_DEEPEST)
        remedy = message("give the inner steps names, and refer to them by name")
        raise _fault_at(text, error.problem_mark.index, problem, remedy) from error
    except MarkedYAMLError as error:
        raise YamlFault([Fault(*describe_syntax_error(error, text))]) from error
    except ReaderError as error:
        problem = message("a character that no file may hold (U+{ord:04X})", ord=ord(text[error.position]))
        raise _fault_at(text, error.position, problem, message("delete it")) from error
    return node


def _fault_at(text: str, position: int, problem: Message, remedy: Message) -> YamlFault:
    lines = text[:position].split("\n")
    return YamlFault([Fault(len(lines), len(lines[-1]) + 1, problem, remedy)])


def read_text(text: str, first: str = "flow: name") -> Mapping:
    """The tree of a YAML document that is a mapping. Raises `YamlFault` with every fault found.

    `first` is an example first line, for the author of an empty file. Bytes that are not UTF-8 are expected as
    surrogate escapes.
    """
    if foreign := _FOREIGN.search(text):
        problem = message(
            "the file is not UTF-8: the byte 0x{value:02X} is no character", value=ord(foreign[0]) - 56320
        )
        raise _fault_at(text, foreign.start(), problem, message("save it as UTF-8"))
    if len(text) > _LARGEST:
        raise YamlFault([Fault(1, 1, message("the file is larger than 1 MiB"), message("make several files of it"))])
    faults = _comment_keys(text)
    try:
        node = _composed(text)
    except YamlFault as fault:
        raise YamlFault([*faults, *fault.faults]) from fault
    if not isinstance(node, MappingNode):
        raise YamlFault([*faults, _no_mapping(node, first)])
    reader = _Reader(text)
    tree = reader.tree(node)
    if faults or reader.faults:
        raise YamlFault(sorted(faults + reader.faults, key=lambda f: (f.line, f.column)))
    assert isinstance(tree, Mapping)  # noqa: S101 - narrowed above by MappingNode
    return tree


def _no_mapping(node: Node | None, first: str) -> Fault:
    sign = fullwidth_sign_in_key(node.value) if isinstance(node, ScalarNode) else None
    if node is None or sign is None:
        return Fault(
            1, 1, message("the file is not a mapping"), message("begin with a key, such as  {first}", first=first)
        )
    return Fault(node.start_mark.line + 1, node.start_mark.column + sign + 1, *fullwidth_fault(node.value[sign]))


def read_file(path: Path, first: str) -> Mapping:
    """`read_text` of a UTF-8 file."""
    return read_text(path.read_text(encoding="utf-8", errors="surrogateescape"), first)
