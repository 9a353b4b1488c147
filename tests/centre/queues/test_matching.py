"""Which agent gets which caller, over any floor; Hypothesis prints the floor, and a blob that replays it."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.centre.queues.decisions import explained, replayed
from ivr.centre.queues.matching import Decision, FreeAgent, Line, Requirement, Snapshot, WaitingCall, match, rank_at
from tests.support.selection import examples

NOW = 10_000.0
SKILLS = ("general", "english", "security")
NAMES = ("anna", "bo", "chen", "dai", "emma", "fang")
SECONDS = st.sampled_from((0.0, 10.0, 30.0, 50.0, 70.0))  # few, so that many are alike
HELD = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5), min_size=1, max_size=3)
RELAXED = (Requirement(0.0, "general", 4), Requirement(30.0, "general", 2), Requirement(60.0, "english", 3))
RULES = {
    "general": RELAXED,
    "english": (Requirement(0.0, "english", 3),),
    "security": (Requirement(0.0, "security", 1), Requirement(45.0, "general", 5)),
}
PREFERRED_SECONDS = {"general": 20.0, "english": 0.0, "security": 60.0}


def lines_of(calls: Sequence[tuple[str, WaitingCall]]) -> list[Line]:
    """Callers by queue and by how much of its requirements their wait has brought, as they are read."""
    groups: dict[tuple[str, int], list[WaitingCall]] = {}
    for queue, call in sorted(calls, key=lambda pair: (pair[1].rank_at, pair[1].id)):
        brought = sum(each.after_seconds <= NOW - call.waiting_since for each in RULES[queue])
        groups.setdefault((queue, brought), []).append(call)
    return [Line(q, RULES[q][:brought], waiting, PREFERRED_SECONDS[q]) for (q, brought), waiting in groups.items()]


@st.composite
def floors(draw: st.DrawFn) -> Snapshot:
    """Callers who wait, agents who are ready, and some who are busy."""
    held = {name: draw(HELD) for name in NAMES}
    signed_in = draw(st.sets(st.sampled_from(NAMES)))
    ready = [name for name in sorted(signed_in) if draw(st.integers(0, 3))]
    calls = []
    for number in range(draw(st.integers(2, 9))):
        queue, since = draw(st.sampled_from(sorted(RULES))), NOW - draw(SECONDS)
        preferred = draw(st.sampled_from((None, None, *NAMES)))
        calls.append((queue, WaitingCall(number, since, rank_at(since, draw(st.integers(0, 2))), preferred)))
    agents = [FreeAgent(name, held[name], NOW - draw(SECONDS)) for name in ready]
    return Snapshot(NOW, lines_of(calls), agents, {name: held[name] for name in signed_in})


def without_preferences(floor: Snapshot) -> Snapshot:
    """The same floor, where nobody was served before."""
    return replace(
        floor, lines=[replace(line, calls=[replace(c, preferred=None) for c in line.calls]) for line in floor.lines]
    )


def decided(floor: Snapshot) -> dict[int, Decision]:
    return {each.call.id: each for each in match(floor)}


@given(floor=floors())
@settings(deadline=None, print_blob=True, max_examples=examples(400))
def test_nobody_is_given_twice_and_nobody_to_somebody_who_may_not_serve(floor: Snapshot) -> None:
    found = list(match(floor))
    assert len({each.agent.id for each in found}) == len(found) == len({each.call.id for each in found})
    for each in found:
        assert each.met.is_met(each.agent.skills)
        assert each.met.after_seconds <= NOW - each.call.waiting_since
        assert each.met in RULES[each.queue]


@given(floor=floors())
@settings(deadline=None, print_blob=True, max_examples=examples(400))
def test_nobody_overtakes_an_equal_who_waited_longer(floor: Snapshot) -> None:
    found = decided(without_preferences(floor))
    left = [(line, call) for line in floor.lines for call in line.calls if call.id not in found]
    for each in found.values():
        for line, call in left:
            if line.served_by(each.agent.skills):
                assert (call.rank_at, call.id) > (each.call.rank_at, each.call.id), "who was left came later"


@given(floor=floors())
@settings(deadline=None, print_blob=True, max_examples=examples(400))
def test_nobody_waits_while_somebody_is_free_who_may_serve_them(floor: Snapshot) -> None:
    """So a heavy queue that an agent may not serve never blocks a lighter one that they may."""
    found = decided(floor)
    taken = {each.agent.id for each in found.values()}
    for line in floor.lines:
        for call in line.calls:
            kept = kept_for(floor, line, call)
            for agent in floor.agents:
                if call.id not in found and agent.id not in taken and line.served_by(agent.skills):
                    assert kept not in (None, agent.id), (call, agent)


def kept_for(floor: Snapshot, line: Line, call: WaitingCall) -> str | None:
    """The agent for whom a caller is kept: signed in, able to serve the queue, and not longer than it says."""
    if call.preferred is None or call.preferred not in floor.signed_in:
        return None
    if NOW - call.waiting_since >= PREFERRED_SECONDS[line.queue]:
        return None
    return call.preferred if line.served_by(floor.signed_in[call.preferred]) else None


@given(floor=floors())
@settings(deadline=None, print_blob=True, max_examples=examples(400))
def test_a_caller_who_is_kept_goes_to_nobody_else(floor: Snapshot) -> None:
    found = decided(floor)
    for line in floor.lines:
        for call in line.calls:
            kept = kept_for(floor, line, call)
            if call.id in found:
                assert (found[call.id].rule == "preferred") == (kept is not None)
                assert kept in (None, found[call.id].agent.id)


@given(floor=floors(), held=HELD, idle=SECONDS)
@settings(deadline=None, print_blob=True, max_examples=examples(400))
def test_one_agent_more_takes_nobody_their_agent(floor: Snapshot, held: dict[str, int], idle: float) -> None:
    more = replace(floor, agents=[*floor.agents, FreeAgent("zoe", held, NOW - idle)])
    assert decided(floor).keys() <= decided(more).keys()


@given(waited=st.integers(0, 120).map(float), level=st.integers(1, 5))
def test_who_waited_long_enough_gets_any_agent_of_the_level_that_is_then_required(waited: float, level: int) -> None:
    call = WaitingCall(1, NOW - waited, NOW - waited)
    found = decided(Snapshot(NOW, lines_of([("general", call)]), [FreeAgent("anna", {"general": level}, NOW)]))
    assert (1 in found) == (level >= (2 if waited >= 30 else 4))


@given(floor=floors(), order=st.randoms(use_true_random=False))
@settings(deadline=None, print_blob=True, max_examples=examples(400))
def test_a_stored_decision_is_made_again_whatever_the_order_of_what_was_read(floor: Snapshot, order: Random) -> None:
    agents, lines = list(floor.agents), list(floor.lines)
    order.shuffle(agents)
    order.shuffle(lines)
    again = replace(floor, agents=agents, lines=lines)
    assert list(match(again)) == list(match(floor))
    for each in match(floor):
        replay = replayed(explained(each, floor))
        assert replay is not None
        assert (replay.agent, replay.rule, replay.met, replay.behind) == (each.agent, each.rule, each.met, each.behind)
