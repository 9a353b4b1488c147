"""Messages: an English text that keeps its template and fields, so that it can be translated."""

from collections.abc import Iterable, Mapping
from typing import Any

from ivr.foundation.messages.language import ENGLISH


class Message(str):
    """The English text; `template` and `fields` produce it in another language.

    A field that is a message is translated too.
    """

    template: str
    fields: Mapping[str, Any]
    __slots__ = ("fields", "template")


def message(template: str, /, **fields: Any) -> Message:
    """A message from a `str.format` template: `message("there is no step '{name}'", name=name)`."""
    made = Message(template.format_map(fields))
    made.template, made.fields = template, fields
    return made


def in_language(text: str, language: str) -> str:
    """A message in a language; any other text (a name, keys) unchanged."""
    if language == ENGLISH or not isinstance(text, Message):
        return str(text)
    from ivr.foundation.messages.zh_cn import TEXTS  # most processes never say a word of it

    fields = {name: _field(value, language) for name, value in text.fields.items()}
    said: str = TEXTS.get(text.template, text.template).format_map(fields)
    return said


def _field(value: Any, language: str) -> Any:
    return in_language(value, language) if isinstance(value, str) else value


def all_of(words: Iterable[str]) -> Message:
    """ "a and b and c"."""
    first, *rest = words
    return message("{first} and {rest}", first=first, rest=all_of(rest)) if rest else message("{first}", first=first)


def any_of(words: Iterable[str]) -> Message:
    """ "a or b or c"."""
    first, *rest = words
    return message("{first} or {rest}", first=first, rest=any_of(rest)) if rest else message("{first}", first=first)


def comma_list(words: Iterable[str]) -> Message:
    """ "a, b, c"."""
    first, *rest = words
    return message("{first}, {rest}", first=first, rest=comma_list(rest)) if rest else message("{first}", first=first)


def each_of(words: Iterable[str]) -> Message:
    """ "a; b; c": clauses of one sentence."""
    first, *rest = words
    return message("{first}; {rest}", first=first, rest=each_of(rest)) if rest else message("{first}", first=first)


def sentences(said: Iterable[str], language: str) -> str:
    """Messages joined, each as a sentence with its full stop."""
    words = [in_language(each, language) for each in said if each]
    if language == ENGLISH:
        return " ".join(each if each.endswith("?") else f"{each.rstrip('.')}." for each in words)
    return "".join(each if each.endswith(("？", "。")) else f"{each}。" for each in words)
