"""Prepares the recorded turns of a call for a transcript: merges polls with their turn, drops hang-ups."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.engine import phases
from ivr.engine.bundle import Bundle
from ivr.engine.node import Node
from ivr.engine.references import HoursName, words_of
from ivr.engine.transcripts.behaviours import Behaviour
from ivr.foundation.errors import FlowFileError


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """One recorded turn: its trail, and the keys of the prompts that were said."""

    trail: tuple[Behaviour, ...]
    said: tuple[str, ...]


def merge_turns(bundle: Bundle, turns: Sequence[RecordedTurn]) -> list[RecordedTurn]:
    """Turns that only polled a slow service are merged with the turn that called it; hang-ups are dropped."""
    merge_turns: list[RecordedTurn] = []
    for turn in turns:
        if any(not place for place, _ in turn.trail):
            raise FlowFileError("a turn of this call failed, and a transcript has no word for that; see the log")
        if not turn.trail and not turn.said:
            continue
        if merge_turns and turn.trail[:1] and turn.trail[0][1] == phases.HEARD:  # the key prompt after the facts
            merge_turns[-1] = RecordedTurn(merge_turns[-1].trail + turn.trail, merge_turns[-1].said + turn.said)
            continue
        asking = _asking(bundle, merge_turns[-1]) if merge_turns else None
        if asking is not None:
            before = merge_turns[-1]
            merge_turns[-1] = RecordedTurn(before.trail + turn.trail, _without(before.said, asking) + turn.said)
        else:
            merge_turns.append(turn)
    if not merge_turns:
        raise FlowFileError("nothing of this call was kept")
    return merge_turns


def _asking(bundle: Bundle, turn: RecordedTurn) -> tuple[str, ...] | None:
    """The waiting prompts, where a turn ends in calling a service; otherwise None."""
    place, what = turn.trail[-1] if turn.trail else ("", "")
    flow, _, name = place.partition(".")
    node: Node | None = bundle.flows[flow].steps[name].node if what == "enter" else None
    return tuple(map(str, node.waiting_prompts())) if node is not None and node.service() else None


def _without(said: tuple[str, ...], tail: tuple[str, ...]) -> tuple[str, ...]:
    return said[: -len(tail)] if tail and said[-len(tail) :] == tail else said


def asks_hours(bundle: Bundle, turns: Sequence[RecordedTurn]) -> bool:
    places = {place.partition(".")[::2] for turn in turns for place, _ in turn.trail}
    return any(words_of(bundle.flows[flow].steps[name].node, HoursName) for flow, name in places)
