"""Checks the value of each transcript row, so that a misspelt test fails instead of passing for another reason."""

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from ivr.engine.contracts import Need
from ivr.engine.findings import suggestion
from ivr.foundation.messages import Message, message
from ivr.foundation.strictyaml import Mapping as YamlMapping
from ivr.foundation.strictyaml import Sequence, Text

_KEYS = re.compile(r"(?:[0-9*#]|star|hash| )+", re.ASCII)
_NUMBER = re.compile(r"\+?[0-9]{3,20}", re.ASCII)
_TIMES = re.compile(r"[1-9][0-9]?", re.ASCII)
Problem = Message | None  # what is wrong with a value and what to write; None if nothing is


class TranscriptFault(ValueError):  # noqa: N818 - a fault of the file, not of the program
    """A transcript that cannot be parsed; `line` is the position."""

    def __init__(self, line: int, problem: Message) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


def check_row(word: str, value: Any, line: int) -> None:
    """Raises `TranscriptFault` for an invalid value."""
    _judge(_BEHIND, word, value, line)


def check_call_row(words: YamlMapping) -> None:
    """Raises `TranscriptFault` for an invalid key or value under `call:`."""
    for word, value in words.items():
        line = getattr(word, "line", words.line)
        if word not in CALL_KEYS:
            raise TranscriptFault(
                line, message("'{word}' is unknown under call:; {near}", word=word, near=suggestion(word, CALL_KEYS))
            )
        _judge(CALL_KEYS, word, value, line)


def _judge(table: "Mapping[str, Callable[[Any], Problem]]", word: str, value: Any, line: int) -> None:
    said = table[word](value) if word in table else None
    if said is not None:
        raise TranscriptFault(line, said)


def _text(example: str) -> Callable[[Any], Problem]:
    return lambda value: (
        None if isinstance(value, Text) and value else message("write one text, such as  {example}", example=example)
    )


def _press(value: Any) -> Problem:
    if isinstance(value, Text) and _KEYS.fullmatch(value) and value.strip():
        return None
    return message(
        '{shown} cannot be pressed on a telephone; keys are 0 to 9, star and hash, as in  - press: "1"',
        shown=_shown(value),
    )


def _silence(value: Any) -> Problem:
    if value == "" or (isinstance(value, Text) and _TIMES.fullmatch(value)):
        return None
    return message("{shown} is not a number of silences; write  - silence: 2", shown=_shown(value))


def _hang_up(value: Any) -> Problem:
    return None if value == "" else message("hang_up has no value; write  - hang_up:")


def _hear(value: Any) -> Problem:
    keys = value if isinstance(value, Sequence) else [value]
    if keys and all(isinstance(key, Text) and key for key in keys):
        return None
    return message("write a prompt or a list of them, such as  - hear: [bills.due, bills.choose]")


def _number(value: Any) -> Problem:
    if isinstance(value, Text) and _NUMBER.fullmatch(value):
        return None
    return message('{shown} is not a calling number; write  from: "+8613800138000"', shown=_shown(value))


def _flag(value: Any) -> Problem:
    return (
        None
        if value in ("true", "false")
        else message("{shown} is neither true nor false; write  identified: true", shown=_shown(value))
    )


def _proven(value: Any) -> Problem:
    known = tuple(each for each in get_args(Need) if each != "confirmation")  # a yes is part of the call itself
    if not isinstance(value, Sequence):
        return message("proven: is a list, such as  proven: [query]; {known}", known=_known(known))
    unknown = next((each for each in value if each not in known), None)
    return (
        None
        if unknown is None
        else message("{shown} is not a proof; {near}", shown=_shown(unknown), near=suggestion(str(unknown), known))
    )


def _known(words: tuple[str, ...]) -> str:
    return message("known are: {words}", words=", ".join(words))


def _shown(value: Any) -> str:
    return f"'{value}'" if isinstance(value, Text) else message("a list or keys")


_BEHIND: Mapping[str, Callable[[Any], Problem]] = {
    "press": _press,
    "stray": _press,
    "say": _text("- say: 缴费"),
    "unsure": _text("- unsure: 确认"),
    "silence": _silence,
    "hang_up": _hang_up,
    "queue": _text("- queue: answered"),
    "hear": _hear,
    "ends_in": _text("- ends_in: main.menu"),
}
CALL_KEYS: Mapping[str, Callable[[Any], Problem]] = {
    "language": _text("language: en"),
    "hour": _text('hour: "2026-11-24 10:00"'),
    "from": _number,
    "start": _text("start: main.menu"),
    "identified": _flag,
    "proven": _proven,
}
