"""What went wrong, in words for the author: where YAML itself fails, and where a value has the wrong shape."""

import re
from collections import abc
from difflib import get_close_matches
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

_QUOTES = "a key that is * or # is written star: or hash:; texts with ': ' or '{' first need quotes"
_DEEPER = "lines that belong together begin in one column, what belongs under a key two spaces further in"
_OPENING = re.compile(r"""(?:[:,\[{-][ \t]+|[\[{])(["'])(?:(?!\1).)*$""", re.MULTILINE)  # and not closed in its line
_NUMBER, _WORD, _LIST = "a whole number, such as 3", "one text, not a list and no keys", "a list, such as [a, b]"
_KEYS = "a place for keys of its own, such as  {key: value}"
_KINDS = {
    "bool": "true or false", "dict": _KEYS, "float": "a number, such as 2.5", "int": _NUMBER, "list": _LIST,
    "mapping": _KEYS, "model": _KEYS, "string": _WORD, "tuple": _LIST,
}  # fmt: skip


def syntax_in_words(error: MarkedYAMLError, text: str) -> tuple[int, int, str, str]:
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
