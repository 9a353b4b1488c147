"""Trace a past call: its trail, and for each spoken prompt its file and line and what set each value."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from ivr.calls.journal import SAID
from ivr.calls.models import Call, PublishedBundle, TurnRecord
from ivr.calls.provenance import TrailEntry, origin
from ivr.calls.services.registry import catalogue
from ivr.engine.bundle import Bundle, Step
from ivr.engine.findings import FlowFaults
from ivr.engine.references import PromptKey, references
from ivr.engine.sources import Sources, build
from ivr.foundation.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """One turn: its time (UTC), its trail as (flow.step, what happened), and the spoken prompts.

    `said` is None for a turn of an older release, which did not record prompts.
    """

    turn: int
    at: datetime
    trail: tuple[tuple[str, str], ...]
    said: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call; `bundle` is the hash of its bundle; `erased`: its answers and the calling number were erased."""

    call: str
    bundle: str
    language: str
    started_at: datetime
    ended_at: datetime | None
    ending: str
    erased: bool
    turns: tuple[RecordedTurn, ...]


@dataclass(frozen=True, slots=True)
class HeardPrompt:
    """One spoken prompt: file and line, key, language, and the provenance of each slot's value."""

    where: str
    key: str
    language: str
    values: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class TraceEntry:
    """One trail entry: file:line of its step, the step, what happened, and the prompts spoken there."""

    where: str
    place: str
    what: str
    heard: list[HeardPrompt] = field(default_factory=list)


def newest(connection: Connection) -> str | None:
    """The id of the newest call."""
    return connection.scalar(select(Call.call).order_by(Call.started_at.desc(), Call.call).limit(1))


def read_call(connection: Connection, call: str) -> RecordedCall:
    """The stored data of a call; raises `ConfigurationError` for a call that is not in this database."""
    row = connection.execute(select(Call.__table__).where(Call.call == call)).one_or_none()
    if row is None:
        raise ConfigurationError(f"no call {call} is in this database; without a name the newest call is shown")
    taken = select(TurnRecord.turn, TurnRecord.at, TurnRecord.trail).where(TurnRecord.call == call)
    turns = tuple(_turn(*each) for each in connection.execute(taken.order_by(TurnRecord.turn)))
    erased = not row.state and row.ended_at is not None
    return RecordedCall(call, row.bundle, row.language, row.started_at, row.ended_at, row.ending, erased, turns)


def _turn(turn: int, at_ms: int, text: str) -> RecordedTurn:
    entries = [(str(place), str(what)) for place, what in json.loads(text or "[]")]
    told = next((what.split()[1:] for place, what in entries if not place and what.split()[:1] == [SAID]), None)
    trail = tuple((place, what) for place, what in entries if place or what.split()[:1] != [SAID])
    return RecordedTurn(turn, datetime.fromtimestamp(at_ms / 1000, UTC), trail, None if told is None else tuple(told))


def sources_of(connection: Connection, call: RecordedCall) -> Sources:
    """The sources of a call's bundle; raises `ConfigurationError` when it is missing."""
    text = connection.scalar(select(PublishedBundle.sources).where(PublishedBundle.hash == call.bundle))
    if text is None:
        raise ConfigurationError(
            f"the bundle {call.bundle} of this call is not in the database; look for it in a backup"
        )
    return Sources.load(text)


def bundle_of(sources: Sources, call: RecordedCall) -> Bundle:
    """Build the bundle, outside any transaction; raises `ConfigurationError` when another release published it and this
    one cannot read it.
    """
    try:
        return build(sources, catalogue())
    except FlowFaults as faults:
        raise ConfigurationError(
            f"the bundle {call.bundle} of this call was published by another release, and this one cannot read it: "
            f"{faults.to_lines()[0]}"
        ) from faults


def trace(bundle: Bundle, call: RecordedCall) -> list[tuple[RecordedTurn, list[TraceEntry]]]:
    """Each turn of a call with its trail entries and the prompts spoken at each."""
    return list(_Tracer(bundle, call.language).turns(call.turns))


class _Tracer:
    """Walks the trail once and tracks the language.

    A call starts in the first language and changes it at a `language:` step. Each prompt is assigned to the first
    step of the walk that can speak it. A menu that greets in several languages speaks its prompts once in each.
    """

    def __init__(self, bundle: Bundle, language: str) -> None:
        self._bundle = bundle
        self._language = language
        self._walk: list[TrailEntry] = []

    def turns(self, turns: Sequence[RecordedTurn]) -> Iterator[tuple[RecordedTurn, list[TraceEntry]]]:
        for turn in turns:
            waited = [TrailEntry(self._walk[-1].place, "waited")] if self._walk else []
            moments = [TrailEntry(place, what) for place, what in turn.trail]
            first = len(self._walk)
            self._walk += [moment for moment in moments if moment.place]
            yield turn, self._stops(waited, moments, turn.said or (), first)

    def _stops(
        self, waited: list[TrailEntry], moments: list[TrailEntry], said: Sequence[str], first: int
    ) -> list[TraceEntry]:
        """`waited` is the step where the turn began; it is included only if it spoke something."""
        stops = [TraceEntry(self._where(each), each.place, each.what) for each in (*waited, *moments)]
        rest, counts = list(said), dict[tuple[str, str], int]()
        walked = first - len(waited)
        for index, (moment, stop) in enumerate(zip((*waited, *moments), stops, strict=True)):
            step = self._step(moment)
            if step is not None and moment.what == "enter":
                self._language = step.node.language_set() or self._language
            later = {key for each in (*waited, *moments)[index + 1 :] for key in self._says(each)}
            while rest and (rest[0] in self._says(moment) or rest[0] not in later):
                key = rest.pop(0)
                times = counts[stop.place, key] = counts.get((stop.place, key), 0) + 1
                stop.heard.append(self._heard(step, key, times, walked))
            walked += bool(moment.place)
        return [stop for stop in stops if stop.what != "waited" or stop.heard]

    def _heard(self, step: Step | None, key: str, times: int, walked: int) -> HeardPrompt:
        spoken = step.node.question_languages() if step is not None else ()
        language = str(spoken[min(times, len(spoken)) - 1]) if spoken else self._language
        prompts = self._bundle.prompts[language]
        prompt = prompts.prompts.get(key)
        if prompt is None:
            return HeardPrompt(prompts.file, key, language, ())
        slots = dict.fromkeys(slot.path for slot in prompt.slots)
        values = tuple((path, origin(self._bundle, self._walk, walked, step, path.partition(".")[0])) for path in slots)
        return HeardPrompt(f"{prompts.file}:{prompt.line}", key, language, values)

    def _says(self, moment: TrailEntry) -> frozenset[str]:
        step = self._step(moment)
        if step is None:
            return frozenset()
        return frozenset(
            str(word) for part in (step.node, step.ask) for word in references(part) if isinstance(word, PromptKey)
        )

    def _step(self, moment: TrailEntry) -> Step | None:
        flow, _, name = moment.place.partition(".")
        return self._bundle.flows[flow].steps[name] if flow in self._bundle.flows else None

    def _where(self, moment: TrailEntry) -> str:
        step = self._step(moment)
        return f"{self._bundle.flows[step.flow].file}:{step.line}" if step is not None else ""
