"""Reconstructs the transcript of a recorded call: its trail gives the outcomes, and a search finds matching facts.

A trail does not hold what a service answered beside its outcome. So the call is played again as a transcript, and for
each list, number, flag and amount the simplest value is taken with which the same prompts follow to the end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice, product
from typing import Any

from ivr.engine import phases
from ivr.engine.actions import Continue, Enqueue, Gather, Speak
from ivr.engine.bundle import Bundle
from ivr.engine.checks.simulation import AT, answered, named_prompts, sample, sample_items
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import QUEUE_RESULTS, CallStarted, DigitsPressed, Event, NothingHeard, QueueLeft, SpeechHeard
from ivr.engine.runtime.machine import TurnResult, advance, open_session
from ivr.engine.session import Session
from ivr.engine.transcripts.behaviours import HANG_UP
from ivr.engine.transcripts.key_input import PhoneAction, collected, placeholder_keys, pressed_keys
from ivr.engine.transcripts.playing import AT_ONCE, PAUSE
from ivr.engine.transcripts.recorded_turns import RecordedTurn, asks_hours, merge_turns
from ivr.foundation.errors import FlowFileError, FlowLoop

# maximum number of engine advances; a call needs one for each turn and service, and more for its lists
MAX_ADVANCES = 20_000
MAX_ANSWERS = 60
_SIZES: Mapping[str, tuple[Any, ...]] = {
    "list": tuple(sample_items(count) for count in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20)),
    "number": (1, 0, 2, 3, 4, 5, 9),
    "flag": (True, False),
    "money": (1_000_000, 100, 100_000_000),
}


@dataclass(frozen=True, slots=True)
class ServiceStub:
    """A service, its outcome, and the facts that differ from a transcript's samples."""

    service: str
    outcome: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlayedTurn:
    """One turn of a transcript: the caller's action, the service stubs, and the prompts that are heard."""

    action: str
    value: str
    asked: tuple[ServiceStub, ...] = ()
    heard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _SearchState:
    """A call in the middle of a turn: the next event, and the turns so far."""

    session: Session
    event: Event
    now: PlayedTurn
    previous: tuple[PlayedTurn, ...] = ()
    actions: int = 0
    seen: int = 0


@dataclass(slots=True)
class _Search:
    bundle: Bundle
    turns: Sequence[RecordedTurn]
    actions: Sequence[PhoneAction]
    at: datetime
    ignore_repetitions: bool
    longest_match: tuple[int, int] = (0, 0)
    end: str = field(default="")

    def run(self, first: _SearchState) -> tuple[PlayedTurn, ...] | None:
        """The turns of the first path that matches to the end; None where none does."""
        todo = [first]
        for _ in range(MAX_ADVANCES):
            if not todo:
                return None
            state = todo.pop()
            turn = self._advance(state)
            if turn is None:
                continue
            now = replace(state.now, heard=(*state.now.heard, *_said(turn)))
            state = replace(state, session=turn.session, now=now, seen=state.seen + len(turn.trail))
            self.longest_match = max(self.longest_match, (len(state.previous), state.seen))
            if turn.invoke is not None:
                todo += reversed(list(self._answers(state, turn.invoke.service)))
            elif isinstance(turn.actions[-1], Continue) and state.seen < len(self.turns[len(state.previous)].trail):
                todo.append(replace(state, event=NothingHeard(_later(state.session, PAUSE))))
            elif self._fits(state):
                if len(state.previous) + 1 == len(self.turns):
                    self.end = _end(turn)
                    return (*state.previous, now)
                self.longest_match = max(self.longest_match, (len(state.previous) + 1, 0))
                todo += reversed(list(self._next(state, turn)))
        return None

    def _advance(self, state: _SearchState) -> TurnResult | None:
        """The engine's turn, where its trail equals the recorded one."""
        try:
            turn = advance(self.bundle, state.session, state.event)
        except (FlowLoop, LookupError, TypeError, ValueError):
            return None
        wanted = self.turns[len(state.previous)].trail[state.seen : state.seen + len(turn.trail)]
        return turn if wanted == turn.trail else None

    def _answers(self, state: _SearchState, service: str) -> Iterator[_SearchState]:
        """The outcome that the trail records next, with every choice of facts."""
        contract = self.bundle.services[service]
        told = self.turns[len(state.previous)].trail[state.seen : state.seen + 1]
        outcome = told[0][1] if told else ""
        if outcome not in contract.outcomes:
            return
        usual = {name: sample(contract.outputs.get(name, "text"), 1) for name in contract.outcomes[outcome]}
        for facts in islice(_choices(contract, usual), MAX_ANSWERS):
            event = answered(contract, outcome, usual | facts, state.event.at)
            asked = (*state.now.asked, ServiceStub(service, outcome, facts))
            yield replace(state, event=event, now=replace(state.now, asked=asked))

    def _fits(self, state: _SearchState) -> bool:
        taken = self.turns[len(state.previous)]
        same = state.now.heard == taken.said or (
            self.ignore_repetitions and _once(state.now.heard) == _once(taken.said)
        )
        return same and state.seen == len(taken.trail)

    def _next(self, state: _SearchState, turn: TurnResult) -> Iterator[_SearchState]:
        """The start of the next turn: the recorded queue result, or the next phone action that this question heard."""
        previous = (*state.previous, state.now)
        last = turn.actions[-1]
        if isinstance(last, Enqueue):
            result = next((what for _, what in self.turns[len(previous)].trail[:1]), "")
            if result in QUEUE_RESULTS:
                event: Event = QueueLeft(_later(state.session, PAUSE), result)
                yield _SearchState(state.session, event, PlayedTurn("queue", result), previous, state.actions)
            return
        told = next((what for _, what in self.turns[len(previous)].trail[:1]), "")
        if told in (phases.FINISHED, phases.TOO_EARLY):  # part of a burst of keys, which is one phone action
            key = "#" if told == phases.FINISHED else "1"
            event = pressed_keys(self.bundle, state.session, key, _later(state.session, AT_ONCE))
            yield _SearchState(state.session, event, PlayedTurn("stray", key), previous, state.actions)
        for position in range(state.actions, len(self.actions)):
            kind, value = self.actions[position]
            for event, played in self._given(state.session, last, kind, value, len(previous)):
                if told not in (phases.FINISHED, phases.TOO_EARLY):
                    yield _SearchState(state.session, event, played, previous, position + 1)
                elif isinstance(event, DigitsPressed):
                    soon = replace(event, at=_later(state.session, AT_ONCE))
                    yield _SearchState(state.session, soon, replace(played, action="stray"), previous, position + 1)
            if kind != "keys":  # only keys can be lost while nothing listens
                return

    def _given(
        self, session: Session, last: object, kind: str, value: str, taken: int
    ) -> Iterator[tuple[Event, PlayedTurn]]:
        """The events that a phone action may have been; `taken` turns came before it."""
        at = _later(session, PAUSE)
        if kind == "no_input":
            yield NothingHeard(at), PlayedTurn("silence", "")
        elif kind == "heard":
            yield SpeechHeard(at, value, 1.0), PlayedTurn("say", value)
            # the recognition may have been uncertain
            if any(what == "no_match" for _, what in self.turns[taken].trail[:1]):
                yield SpeechHeard(at, value, 0.0), PlayedTurn("unsure", value)
        elif isinstance(last, Gather) and (keys := collected(last, value)):
            keys = placeholder_keys(self.bundle, session, keys)
            yield DigitsPressed(at, keys), PlayedTurn("press", keys)


def replay(
    bundle: Bundle, caller: str | None, at: datetime, turns: Sequence[RecordedTurn], actions: Sequence[PhoneAction]
) -> tuple[PlayedTurn, ...]:
    """The call as a transcript: the opening first, the final position last. Raises `FlowFileError`.

    `at` is when the call began. Keys of customer data are replaced by placeholders, except amounts. The value of the
    opening is the hour, where the call depends on it.
    """
    silent = replace(bundle, prompts=named_prompts(bundle))
    turns = merge_turns(bundle, turns)
    hour = _hour(bundle, at) if asks_hours(bundle, turns) else ""
    moment = datetime.fromisoformat(hour).replace(tzinfo=bundle.zone) if hour else AT
    first = _SearchState(
        open_session(silent, "transcript", moment), CallStarted(moment, caller), PlayedTurn("call", hour)
    )
    for ignore_repetitions in (False, True):
        search = _Search(silent, turns, actions, moment, ignore_repetitions)
        played = search.run(first)
        if played is not None:
            left = () if search.end == HANG_UP else (PlayedTurn(HANG_UP, ""),)
            return (*played, PlayedTurn("ends_in", search.end), *left)
    number, seen = search.longest_match
    place = next((place for place, _ in turns[number].trail[max(seen - 1, 0) :]), "the greeting")
    raise FlowFileError(
        f"this call cannot be written down from its turn {number} on, at {place}: with made-up digits, or a service "
        "that answers samples, it would have gone on otherwise"
    )


def _later(session: Session, span: timedelta) -> datetime:
    """A time after the call's last question was served."""
    return datetime.fromtimestamp(max(session.asked_timestamp, session.started_timestamp), UTC) + span


def _hour(bundle: Bundle, at: datetime) -> str:
    return f"{at.astimezone(bundle.zone):%Y-%m-%d %H:%M}"


def _said(turn: TurnResult) -> Iterator[str]:
    spoken = (action for action in turn.actions if isinstance(action, Speak | Gather))
    return (utterance.key for action in spoken for utterance in action.utterances)


def _end(turn: TurnResult) -> str:
    if turn.session.ended:
        return HANG_UP
    frame = turn.session.frames[-1]
    return "queue" if isinstance(turn.actions[-1], Enqueue) else f"{frame.flow}.{frame.step}"


def _once(keys: Sequence[str]) -> list[str]:
    """The keys without immediate repetitions: names in another language and recordings split one prompt into several
    utterances.
    """
    return [key for key, _ in groupby(keys)]


def _choices(contract: ServiceContract, usual: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The facts that may differ from the samples, the simplest first."""
    sizes = {name: _SIZES[kind] for name in usual if (kind := contract.outputs.get(name, "text")) in _SIZES}
    for values in product(*sizes.values()):
        yield {name: value for name, value in zip(sizes, values, strict=True) if value != usual[name]}
