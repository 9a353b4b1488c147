"""Writes a recorded call as a transcript that `flow test` plays, and appends it to a file."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ivr.engine.bundle import Bundle
from ivr.engine.transcripts.behaviours import HANG_UP
from ivr.engine.transcripts.key_input import PhoneAction
from ivr.engine.transcripts.playing import play_text
from ivr.engine.transcripts.reading import read_transcripts
from ivr.engine.transcripts.recorded_turns import RecordedTurn
from ivr.engine.transcripts.replaying import PlayedTurn, ServiceStub, replay
from ivr.engine.transcripts.row_checks import TranscriptFault
from ivr.foundation.errors import FlowFileError

_PLAIN = re.compile(r"[^\W_][\w ,()'-]*", re.UNICODE)
_NAMED = {"*": "star", "#": "hash"}


def written(
    bundle: Bundle,
    name: str,
    caller: str | None,
    at: datetime,
    turns: Sequence[RecordedTurn],
    actions: Sequence[PhoneAction],
) -> str:
    """The call under its name, as text that plays as recorded. Raises `FlowFileError` where that is impossible."""
    played = replay(bundle, caller, at, turns, actions)
    opening = {"language": bundle.languages[0], **({"hour": played[0].value} if played[0].value else {})}
    opening |= {"from": caller} if caller else {}
    rows = [f"- call: {_flow(opening)}", *(row for each in played for row in _rows(bundle, each))]
    text = f"{_key(name)}:\n" + "".join(f"  {row}\n" for row in rows)
    [result] = play_text(bundle, "", text)
    if result.problem:
        raise FlowFileError(f"this call would not be played as it was: {result.problem}")
    return text


def check_new(existing: str, name: str) -> None:
    """Raises `FlowFileError` where a transcript file cannot be parsed, or already has a call of this name."""
    try:
        names = [each.name for each in read_transcripts(existing)] if existing.strip() else []
    except TranscriptFault as fault:
        raise FlowFileError(f"the file has a fault in line {fault.line} and nothing is added to it: {fault}") from fault
    if name in names:
        raise FlowFileError(f"the file has a call '{name}' already; choose another --name")


def appended(existing: str, text: str) -> str:
    """The text to append to a file, so that another transcript follows an empty line."""
    return text if not existing.strip() else f"{'' if existing.endswith(chr(10)) else chr(10)}\n{text}"


def _rows(bundle: Bundle, played: PlayedTurn) -> Iterator[str]:
    if played.action in ("press", "stray"):
        yield f"- {played.action}: {_NAMED.get(played.value) or json.dumps(played.value)}"
    elif played.action in ("silence", HANG_UP):
        yield f"- {played.action}:"
    elif played.action != "call":
        yield f"- {played.action}: {_scalar(played.value)}"
    yield from (f"- service: {_service(bundle, each)}" for each in _told(bundle, played.asked))
    if played.heard:
        keys = ", ".join(played.heard)
        yield f"- hear: [{keys}]" if len(played.heard) > 1 else f"- hear: {keys}"


def _told(bundle: Bundle, asked: Sequence[ServiceStub]) -> Iterator[ServiceStub]:
    """The answers to write: all answers of each service that differs from the defaults, since its rows are taken in
    order.
    """
    differ = {each.service for each in asked if _differs(bundle, each)}
    return (each for each in asked if each.service in differ)


def _differs(bundle: Bundle, asked: ServiceStub) -> bool:
    return bool(asked.facts) or asked.outcome != next(iter(bundle.services[asked.service].outcomes))


def _service(bundle: Bundle, asked: ServiceStub) -> str:
    kinds = bundle.services[asked.service].outputs
    facts = {name: _fact(kinds.get(name, "text"), value) for name, value in asked.facts.items()}
    if asked.service in facts:  # a fact named like its service is nested under the outcome
        return f"{{{asked.service}: {{{asked.outcome}: {_flow(facts)}}}}}"
    return _flow({asked.service: asked.outcome, **facts})


def _fact(kind: str, value: Any) -> str:
    """A list as its length, a flag as true or false, an amount (fen) in yuan, a number as it is."""
    if kind == "list":
        return str(len(value))
    return f"{value // 100}.{value % 100:02}" if kind == "money" else str(value).lower()


def _flow(words: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{name}: {_scalar(value)}' for name, value in words.items())}}}"


def _scalar(text: str) -> str:
    return text if re.fullmatch(r"[a-zA-Z][\w.-]*|[0-9.]+", text, re.ASCII) else json.dumps(text, ensure_ascii=False)


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name == name.strip() else json.dumps(name, ensure_ascii=False)
