"""A call that was: what its trail kept, and each line it heard back to file, prompt and what set each value."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from ivr.calls.journal import SAID
from ivr.calls.models import Call, PublishedBundle, TurnTaken
from ivr.calls.origins import Moment, origin
from ivr.calls.services.registry import catalogue
from ivr.engine.bundle import Bundle, Step
from ivr.engine.findings import FlowFaults
from ivr.engine.references import PromptKey, references
from ivr.engine.sources import Sources, build
from ivr.foundation.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class TurnKept:
    """One turn: when it was taken (UTC), (flow.step, what happened) in order, and the prompts that were said.

    `said` is None where the turn was taken by a release that did not write it down.
    """

    turn: int
    at: datetime
    trail: tuple[tuple[str, str], ...]
    said: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class CallKept:
    """One call; `bundle` is the hash it ran on, `erased` says that its answers and its caller's number are gone."""

    call: str
    bundle: str
    language: str
    started_at: datetime
    ended_at: datetime | None
    ending: str
    erased: bool
    turns: tuple[TurnKept, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """One prompt: where it is written, its key, the language, and (slot, where its value came from)."""

    where: str
    key: str
    language: str
    values: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Stop:
    """One thing that happened: file:line of its step, the step, what happened, and what was said there."""

    where: str
    place: str
    what: str
    heard: list[Heard] = field(default_factory=list)


def newest(connection: Connection) -> str | None:
    """The call that began last."""
    return connection.scalar(select(Call.call).order_by(Call.started_at.desc(), Call.call).limit(1))


def read_call(connection: Connection, call: str) -> CallKept:
    """What is kept of a call; raises `ConfigurationError` for one that this database does not know."""
    row = connection.execute(select(Call.__table__).where(Call.call == call)).one_or_none()
    if row is None:
        raise ConfigurationError(f"no call {call} is in this database; without a name the newest call is shown")
    taken = select(TurnTaken.turn, TurnTaken.at, TurnTaken.trail).where(TurnTaken.call == call)
    turns = tuple(_turn(*each) for each in connection.execute(taken.order_by(TurnTaken.turn)))
    erased = not row.state and row.ended_at is not None
    return CallKept(call, row.bundle, row.language, row.started_at, row.ended_at, row.ending, erased, turns)


def _turn(turn: int, at_ms: int, text: str) -> TurnKept:
    entries = [(str(place), str(what)) for place, what in json.loads(text or "[]")]
    told = next((what.split()[1:] for place, what in entries if not place and what.split()[:1] == [SAID]), None)
    trail = tuple((place, what) for place, what in entries if place or what.split()[:1] != [SAID])
    return TurnKept(turn, datetime.fromtimestamp(at_ms / 1000, UTC), trail, None if told is None else tuple(told))


def sources_of(connection: Connection, call: CallKept) -> Sources:
    """The sources of the bundle a call ran on; raises `ConfigurationError` where it is gone."""
    text = connection.scalar(select(PublishedBundle.sources).where(PublishedBundle.hash == call.bundle))
    if text is None:
        raise ConfigurationError(
            f"the bundle {call.bundle} of this call is gone: only a backup tells what its lines were"
        )
    return Sources.load(text)


def bundle_of(sources: Sources, call: CallKept) -> Bundle:
    """Builds the bundle, when no transaction is open any more; raises `ConfigurationError` where it is not one of
    this release.
    """
    try:
        return build(sources, catalogue())
    except FlowFaults as faults:
        raise ConfigurationError(
            f"the bundle {call.bundle} of this call was published by another release, and this one cannot read it: "
            f"{faults.to_lines()[0]}"
        ) from faults


def trace(bundle: Bundle, call: CallKept) -> list[tuple[TurnKept, list[Stop]]]:
    """Each turn of a call with the steps it walked and what was said at each."""
    return list(_Tracer(bundle, call.language).turns(call.turns))


class _Tracer:
    """Walks the trail once, keeping the language.

    A call begins in the first language and changes it at a `language:` step; so each prompt is laid at the step that
    says it, the first in the order of the walk that can. A menu that greets in several languages says its prompts
    once in each, in its order.
    """

    def __init__(self, bundle: Bundle, language: str) -> None:
        self._bundle = bundle
        self._language = language
        self._walk: list[Moment] = []

    def turns(self, turns: Sequence[TurnKept]) -> Iterator[tuple[TurnKept, list[Stop]]]:
        for turn in turns:
            waited = [Moment(self._walk[-1].place, "waited")] if self._walk else []
            moments = [Moment(place, what) for place, what in turn.trail]
            first = len(self._walk)
            self._walk += [moment for moment in moments if moment.place]
            yield turn, self._stops(waited, moments, turn.said or (), first)

    def _stops(self, waited: list[Moment], moments: list[Moment], said: Sequence[str], first: int) -> list[Stop]:
        """`waited` is the step at which the turn found the call; it is told only where something was said there."""
        stops = [Stop(self._where(each), each.place, each.what) for each in (*waited, *moments)]
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

    def _heard(self, step: Step | None, key: str, times: int, walked: int) -> Heard:
        spoken = step.node.question_languages() if step is not None else ()
        language = str(spoken[min(times, len(spoken)) - 1]) if spoken else self._language
        prompts = self._bundle.prompts[language]
        prompt = prompts.prompts.get(key)
        if prompt is None:
            return Heard(prompts.file, key, language, ())
        slots = dict.fromkeys(slot.path for slot in prompt.slots)
        values = tuple((path, origin(self._bundle, self._walk, walked, step, path.partition(".")[0])) for path in slots)
        return Heard(f"{prompts.file}:{prompt.line}", key, language, values)

    def _says(self, moment: Moment) -> frozenset[str]:
        step = self._step(moment)
        if step is None:
            return frozenset()
        return frozenset(
            str(word) for part in (step.node, step.ask) for word in references(part) if isinstance(word, PromptKey)
        )

    def _step(self, moment: Moment) -> Step | None:
        flow, _, name = moment.place.partition(".")
        return self._bundle.flows[flow].steps[name] if flow in self._bundle.flows else None

    def _where(self, moment: Moment) -> str:
        step = self._step(moment)
        return f"{self._bundle.flows[step.flow].file}:{step.line}" if step is not None else ""
