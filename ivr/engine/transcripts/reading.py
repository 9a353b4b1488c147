"""A transcript as it is written: named calls, each a list of what the caller does, the bank answers, and is heard.

    a bill is paid:
      - call: {language: zh-CN, hour: "2026-11-24 10:00", from: "+8613800138000", start: bills.start, proven: [query]}
      - hear: bills.biller
      - press: "1"
      - stray: "1"                               # keys that come at once, before anything was heard
      - say: 缴费
      - unsure: 确认                             # said, and the recogniser is not sure of it
      - silence: 2                               # so many times; a bare  silence:  is once
      - service: {find_bill: found, amount: 86.50}
      - hear: [bills.due, bills.choose]
      - queue: answered
      - ends_in: hang_up                         # or queue, or the step that waits: main.menu

A call that names no language is played in each. `hang_up:` is the caller putting the receiver down. A fact that
bears its service's name is written  service: {lost_cards: {found: {lost_cards: 2}}}.

`service:` rows stand after the deed that makes the flow ask; a service that is not mentioned answers its first
outcome, and facts that are not given get a sample.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.engine.findings import suggestion
from ivr.engine.transcripts.row_checks import CALL_KEYS, TranscriptFault, check_call_row, check_row
from ivr.foundation.messages import message
from ivr.foundation.strictyaml import Mapping as YamlMapping
from ivr.foundation.strictyaml import Sequence, Text, YamlFault, read_text

__all__ = [
    "CALLER_ACTIONS",
    "CALL_KEYS",
    "CHECKS",
    "WORDS",
    "Row",
    "Transcript",
    "TranscriptFault",
    "TranscriptTurn",
    "call_row_values",
    "read_transcripts",
]  # fmt: skip

CALLER_ACTIONS = ("call", "press", "stray", "say", "unsure", "silence", "queue", "hang_up")
CHECKS = ("hear", "ends_in")
WORDS = (*CALLER_ACTIONS, "service", *CHECKS)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its word, its value, and its line."""

    word: str
    value: Any
    line: int


@dataclass(slots=True)
class TranscriptTurn:
    """One caller action, the service stubs for it, and the checks after it."""

    action: Row
    services: list[Row] = field(default_factory=list)
    checks: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Transcript:
    """One call of a transcript file."""

    name: str
    line: int
    turns: tuple[TranscriptTurn, ...]


def read_transcripts(text: str) -> list[Transcript]:
    """The calls in a file. Raises `TranscriptFault` with the first fault."""
    try:
        tree = read_text(text, message("a call of the name you like:"))
    except YamlFault as fault:
        first = fault.faults[0]
        why = message("{problem}; {remedy}", problem=first.problem, remedy=first.remedy)
        raise TranscriptFault(first.line, why) from fault
    return [_transcript(name, rows) for name, rows in tree.items()]


def _transcript(name: str, rows: Any) -> Transcript:
    line = getattr(name, "line", 1)
    if not isinstance(rows, Sequence):
        raise TranscriptFault(line, message("'{name}' is a list of rows, such as  - press: \"1\"", name=name))
    turns: list[TranscriptTurn] = []
    for row in (_row(each) for each in rows):
        if row.word in CALLER_ACTIONS:
            turns.append(TranscriptTurn(row))
        elif not turns:
            raise TranscriptFault(row.line, message("a call begins with  - call: {{language: zh-CN}}"))
        else:
            (turns[-1].services if row.word == "service" else turns[-1].checks).append(row)
    if not turns or turns[0].action.word != "call":
        raise TranscriptFault(line, message("a call begins with  - call: {{language: zh-CN}}"))
    return Transcript(str(name), line, tuple(turns))


def _row(tree: Any) -> Row:
    line = getattr(tree, "line", 1)
    if isinstance(tree, Text):
        tree = YamlMapping({tree: Text.at("", tree.line, tree.column)})
    if not isinstance(tree, YamlMapping) or len(tree) != 1:
        raise TranscriptFault(
            line, message("a row is one word and what belongs to it; words are {words}", words=", ".join(WORDS))
        )
    word, value = next(iter(tree.items()))
    if word not in WORDS:
        raise TranscriptFault(
            line, message("'{word}' is not a keyword of transcripts; {near}", word=word, near=suggestion(word, WORDS))
        )
    check_row(word, value, line)
    return Row(str(word), value, line)


def call_row_values(row: Row) -> Mapping[str, Any]:
    """The value of `call:`. Raises `TranscriptFault` for an unknown key."""
    if not isinstance(row.value, YamlMapping):
        raise TranscriptFault(row.line, message("call: is a mapping, such as  {{language: zh-CN}}"))
    check_call_row(row.value)
    return row.value
