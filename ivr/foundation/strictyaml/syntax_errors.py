"""Describes YAML syntax errors for the author of the file."""

import re

from ruamel.yaml.error import MarkedYAMLError

from ivr.foundation.messages import Message, message
from ivr.foundation.strictyaml.fullwidth import fullwidth_fault, fullwidth_syntax_sign

_QUOTES = message("a key that is * or # is written star: or hash:; texts with ': ' or '{{' first need quotes")
_DEEPER = message("lines that belong together begin in one column, what belongs under a key two spaces further in")
_OPENING = re.compile(
    r"""(?:[:,\[{-][ \t]+|[\[{])(["'])(?:(?!\1).)*$""", re.MULTILINE
)  # a quote that is not closed on its line
_SLOT_FIRST = re.compile(r"[ ]*(?:-[ ]+)?[^\s:{}]+:[ ]+(\{[a-z_][a-z0-9_.]*(?:\|[^{}\n]*)?\})[ ]*[^\s#]")
_UNQUOTED = re.compile(r"[{,][ ]*[\w-]+:[ ]+([^,\s][^,\n]*)$")  # a value up to the position of the error
_NEXT_KEY = re.compile(r"[\w-]+:[ ]")


def describe_syntax_error(error: MarkedYAMLError, text: str) -> tuple[int, int, Message, Message]:
    """Line, column, problem and remedy for a text that is not YAML."""
    at, problem, remedy = _syntax(error, text)
    line_begin = text.rfind("\n", 0, at) + 1
    return (
        text.count("\n", 0, at) + 1,
        at - line_begin + 1,
        message("this is not YAML: {problem}", problem=problem),
        remedy,
    )


def _syntax(error: MarkedYAMLError, text: str) -> tuple[int, Message, Message]:
    """The same, with the position as an offset in the text."""
    opening = _opening_quote(error, text)
    if opening is not None:
        return (
            opening,
            message("a quote is opened here and not closed"),
            message("close it with {text}", text=text[opening]),
        )
    raw = " ".join(str(error.problem or error.context).split())
    place, opened = error.problem_mark or error.context_mark, error.context_mark
    at = place.index if place else 0
    if "'\\t'" in raw:
        return at, message("a tab; indent with spaces"), message("replace the tab with spaces")
    if (sign := fullwidth_syntax_sign(text, *_around(error, text, at))) is not None:
        return sign, *fullwidth_fault(text[sign])
    if raw.startswith("expected ',' or") and opened:
        return _not_closed(text, opened.index, at, raw.split("'")[3])
    begin = text.rfind("\n", 0, at) + 1
    if (slot := _SLOT_FIRST.match(text, begin)) is not None:
        return (
            slot.start(1),
            message("a text that begins with a {{ needs quotes"),
            message('put the whole text in quotes: "{slot} ..."', slot=slot[1]),
        )
    if "expected <block end>" in raw:
        return at, message("the indentation is off here"), _DEEPER
    if "mapping values are not allowed" in raw:
        return at, message("a second ': ' in one value, or the indentation is off"), _QUOTES
    if "undefined alias" in raw or "cannot start any token" in raw:
        return at, message("a text cannot begin with {text}", text=text[at]), _QUOTES
    return at, message("{reason}", reason=raw), _QUOTES


def _not_closed(text: str, opened: int, at: int, closing: str) -> tuple[int, Message, Message]:
    """A bracket that is not closed, or a condition in braces that YAML takes for the end of its value."""
    part = _UNQUOTED.search(text, opened, at) if text[opened] == "{" and not _NEXT_KEY.match(text, at) else None
    if part is not None and (text[at] == "[" or part[1].rstrip().endswith(("'", '"'))):
        remedy = message("put quotes around the whole of it, as in  {{when: 'language in [\"en\"]', then: next}}")
        return part.start(1), message("inside {{ }} a condition with [..] or quotes needs quotes around it"), remedy
    return (
        opened,
        message("a {text} is opened here and not closed", text=text[opened]),
        message("close it with {closing}, put commas between its parts", closing=closing),
    )


def _around(error: MarkedYAMLError, text: str, at: int) -> tuple[int, int]:
    """The range of lines that can hold the cause: from the line before, or from the start of a bracket or key."""
    if error.context_mark and any(word in str(error.context) for word in ("flow", "simple key")):
        begin = text.rfind("\n", 0, error.context_mark.index) + 1
    else:
        begin = text.rfind("\n", 0, len(text[: text.rfind("\n", 0, at) + 1].rstrip())) + 1
    end = text.find("\n", at)
    return begin, end if end >= 0 else len(text)


def _opening_quote(error: MarkedYAMLError, text: str) -> int | None:
    """Where a quote was opened that is not closed, or closed only by another quote that does not fit."""
    if "quoted" in str(error.context) and error.context_mark and "end of" in str(error.problem):
        return int(error.context_mark.index)
    if error.problem_mark is None:
        return None
    end = text.find("\n", error.problem_mark.index) % (len(text) + 1)
    begin = text.rfind("\n", 0, error.problem_mark.index) + 1
    opened = [match for match in _OPENING.finditer(text, 0, begin) if begin <= text.find(match[1], match.end()) < end]
    return opened[-1].start(1) if opened else None
