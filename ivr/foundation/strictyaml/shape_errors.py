"""Describes pydantic's errors for the author of the file, as problem and remedy."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

from ivr.foundation.messages import Message, message
from ivr.foundation.strictyaml.suggestions import closest, did_you_mean

OptionalMessage = Message | Literal[""]
_KEYS = message("a place for keys of its own, such as  {{key: value}}")
_LIST = message("a list, such as [a, b]")
_KINDS = {
    "bool": message("true or false"),
    "dict": _KEYS,
    "float": message("a number, such as 2.5"),
    "int": message("a whole number, such as 3"),
    "list": _LIST,
    "mapping": _KEYS,
    "model": _KEYS,
    "string": message("one text, not a list and no keys"),
    "tuple": _LIST,
}


def describe_shape_error(
    error: Mapping[str, Any], known: Collection[str] = (), book: str = ""
) -> tuple[Message, OptionalMessage]:
    """Problem and remedy for one of pydantic's `errors()`.

    `known` are the keys that are allowed there, `book` the document that lists them.
    """
    kind, name = str(error["type"]), next((part for part in reversed(error["loc"]) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        return message("the key '{name}' is unknown here", name=name), _other_key(name, error, known, book)
    if kind == "missing":
        return message("'{name}:' is missing", name=name), message("write {name}: and what it should be", name=name)
    if kind == "too_short":
        remedy = message("write what {name}: should hold, or take it out", name=name)
        return message("'{name}:' is empty", name=name), remedy
    if kind.endswith(("_type", "_parsing")) and (what := _KINDS.get(kind.partition("_")[0])):
        return message("'{name}:' is {what}", name=name, what=what), ""
    return _value(kind, name, error), ""


def _other_key(name: str, error: Mapping[str, Any], known: Collection[str], book: str) -> Message:
    if close := error.get("meant") or closest(name, known):
        return did_you_mean(close)
    if book:
        return message("take it out, or look for the right word in {book}", book=book)
    return message("take it out")


def _value(kind: str, name: str, error: Mapping[str, Any]) -> Message:
    """The problem of a value of the right kind; our own validators raise messages already."""
    context = error.get("ctx", {})
    if kind == "greater_than_equal":
        return message("'{name}:' should be {least} or more", name=name, least=context["ge"])
    if kind == "less_than_equal":
        return message("'{name}:' should be {most} or less", name=name, most=context["le"])
    if kind == "literal_error":
        return message("'{name}:' should be {expected}", name=name, expected=context["expected"])
    said = context["error"].args[0] if isinstance(context.get("error"), ValueError) else None
    if isinstance(said, Message):
        return said
    return message("'{name}:' cannot be read: {reason}", name=name, reason=said or error["msg"])


def without_follow_ups(errors: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """pydantic's `errors()`; a missing key and a misspelt key beside it become one error with a suggestion."""
    told = list(errors)
    missing = {(tuple(each["loc"][:-1]), str(each["loc"][-1])) for each in told if each["type"] == "missing"}
    found: list[Mapping[str, Any]] = []
    for each in told:
        if each["type"] == "extra_forbidden":
            beside = {name for at, name in missing if at == tuple(each["loc"][:-1])}
            meant_here = closest(str(each["loc"][-1]), beside)
            missing -= {(tuple(each["loc"][:-1]), name) for name in meant_here}
            found.append({**each, "meant": meant_here})
        else:
            found.append(each)
    return [e for e in found if e["type"] != "missing" or (tuple(e["loc"][:-1]), str(e["loc"][-1])) in missing]
