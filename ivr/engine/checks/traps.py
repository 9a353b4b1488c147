"""Traps: callers who stay silent, press wrong keys, do both, or hang up, from every question; all must come to an end.

The search plays the real engine. First it finds the stands of a call that matter (which steps are on the stack,
what is proven, which lists are empty), with services answering every outcome; then from each of them a caller who
never answers is played on, with miss counters, until the call ends or stands in a queue. Where the same steps stand
on the stack, a few stands are kept, and every one in which a variable or a proof is as it was in none before: a break
that hangs on one thing is met, one that hangs on several together may not be.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import agents, graph
from ivr.engine.checks.callers import SILENCE, Deed, deeds, stands_in_queue, step_of, wrong_key
from ivr.engine.checks.graph import finding
from ivr.engine.checks.worlds import AT, answers, sample, worlds
from ivr.engine.contracts import Need
from ivr.engine.events import CallStarted, Event, HungUp
from ivr.engine.findings import Finding, Said
from ivr.engine.runtime.machine import Turn, advance, heard_out, open_session
from ivr.engine.session import Frame, Session
from ivr.engine.telling import Place
from ivr.foundation.errors import FlowLoop
from ivr.foundation.messages import Message, message

Script = tuple[str, ...]
SAME = 4  # stands kept for the same steps on the stack, beside those that have something new
A_STEP = 120  # turns played for one world and step; some ten are needed, more where many steps run one subflow
_BREAKS = (LookupError, TypeError, ValueError, AttributeError, FlowLoop)
_PATIENT: Mapping[str, Callable[[Step, int], Deed]] = {
    message("silence"): lambda _step, _turn: SILENCE,
    message("wrong keys"): lambda step, _turn: wrong_key(step),
    message("silence and wrong keys"): lambda step, turn: wrong_key(step) if turn % 2 else SILENCE,
}


def check(bundle: Bundle) -> Iterator[Finding]:
    """Callers who cannot get out, calls that break, and questions without an agent in reach."""
    yield from agents.check(bundle)
    told: set[tuple[str, str, str]] = set()
    for world in worlds(bundle):
        search = Search(world)
        search.explore()
        search.endure()
        for each in search.findings:
            if (each.code, each.place, each.problem) not in told:
                told.add((each.code, each.place, each.problem))
                yield each


@dataclass(slots=True)
class Search:
    """One search through one world."""

    bundle: Bundle
    findings: list[Finding] = field(default_factory=list)
    stands: list[tuple[Session, Script]] = field(default_factory=list)  # calls that wait at a question
    _seen: set[Any] = field(default_factory=set)
    _alike: Counter[Any] = field(default_factory=Counter)
    _met: dict[Any, set[Any]] = field(default_factory=lambda: defaultdict(set))  # stack -> what was so in some stand
    _todo: list[tuple[Session, bool, Script]] = field(default_factory=list)
    _played: int = 0
    _ends: dict[Any, int] = field(default_factory=dict)  # stand of a patient caller -> turns until the end

    # --- the stands of a call ----------------------------------------------------------------------------------------

    def explore(self) -> None:
        """Play everything that callers and services can do, each stand once; then add questions not met so far."""
        self._arrive(open_session(self.bundle, "proof", AT), CallStarted(AT), ())
        position, most = 0, A_STEP * sum(len(flow.steps) for flow in self.bundle.flows.values())
        while position < len(self._todo):
            if self._played > most:
                self._unfinished(most)
                break
            session, queued, script = self._todo[position]
            position += 1
            for deed in deeds(self.bundle, session, queued):
                self._arrive(_tired(session) if deed.gives_up else session, deed.event, (*script, deed.words))
        met = {(s.frames[-1].flow, s.frames[-1].step) for s, _ in self.stands}
        reached = graph.reach(self.bundle, graph.roots(self.bundle))
        for place in sorted(reached - met):
            if graph.step_at(self.bundle, place).node.asks:
                frames = self._frames(place, frozenset())
                session = open_session(self.bundle, "proof", AT)
                session.frames = frames
                self.stands.append((session, (message("(at {words})", words=".".join(place)),)))

    def _arrive(self, session: Session, event: Event, script: Script) -> None:
        turn = self._advance(session, event, script)
        if turn is None or turn.session.ended:
            return
        invoked, queued = turn.invoke.service if turn.invoke else "", stands_in_queue(turn)
        stack = (invoked, queued, *((f.flow, f.step) for f in turn.session.frames))
        shape = (stack, _shape(turn.session))
        new = set(self._facts(turn.session)) - self._met[stack]
        if shape in self._seen or (self._alike[stack] >= SAME and not new):
            return
        self._met[stack] |= new
        self._seen.add(shape)
        known = self._alike[stack] >= SAME
        self._alike[stack] += 1
        if turn.invoke is not None:
            for answer in answers(self.bundle.services[invoked]):
                self._arrive(
                    turn.session,
                    answer,
                    (*script, message("service {service} answers {outcome}", service=invoked, outcome=answer.outcome)),
                )
            return
        self._todo.append((turn.session, queued, script))
        if not queued and not known:  # for those who never answer, the first few tell all
            self.stands.append((turn.session, script))

    def _facts(self, session: Session) -> Iterator[tuple[Any, ...]]:
        """What is so in a call, thing by thing: each variable, set or not, and each proof, there or not."""
        yield ("customer", session.customer_id is not None)
        yield from (("proof", need, need in session.grants) for need in get_args(Need))
        for depth, frame in enumerate(session.frames):
            names = self.bundle.flows[frame.flow].variables
            yield from ((depth, name, _size(frame.variables.get(name))) for name in names)

    def _unfinished(self, most: int) -> None:
        step = graph.step_at(self.bundle, _entry(self.bundle))
        self._find(
            step, "unfinished",
            message("after {most} turns the search has not played all that callers can do", most=most),
            message("A call that breaks or never ends might not have been found"),
            message("let fewer steps run the same subflow, or declare fewer variables in the flows that run others"),
            (),
        )  # fmt: skip

    def _advance(self, session: Session, event: Event, script: Script) -> Turn | None:
        self._played += 1
        try:
            turn = heard_out(self.bundle, advance(self.bundle, session, event), AT)
            turn.session.whole = 0.0  # time is not played: nobody's # follows at once
            return turn
        except _BREAKS as error:
            step = step_of(self.bundle, session) if session.frames else graph.step_at(self.bundle, _entry(self.bundle))
            words = error.args[0] if error.args else type(error).__name__
            problem = message("the call breaks after this step: {words}", words=words)
            remedy = message("set what is missing on every way here")
            self._find(step, "breaks", problem, message("Callers would be passed to an agent"), remedy, script)
            return None

    def _frames(self, place: Place, inside: frozenset[str]) -> list[Frame]:
        """A stack that ends at a place: callers of its flow below it, every variable with a sample."""
        flow = self.bundle.flows[place[0]]
        values = {name: sample(v.type, 1, v.secret) for name, v in flow.variables.items()}
        below: list[Frame] = []
        callers = (s for s in graph.every_step(self.bundle) if flow.name in graph.subflows(self.bundle, s))
        caller = next((s for s in callers if s.flow not in inside | {flow.name}), None)
        if caller is not None:
            below = self._frames((caller.flow, caller.name), inside | {flow.name})
        return [*below, Frame(*place, values)]

    def _find(self, step: Step, code: str, problem: Message, effect: Said, remedy: Said, script: Script) -> None:
        self.findings.append(finding(self.bundle, step, code, problem, effect, remedy, script=script))

    # --- callers who never answer ------------------------------------------------------------------------------------

    def endure(self) -> None:
        """Play the callers who never answer on from every stand."""
        for session, script in self.stands:
            if not advance(self.bundle, session, HungUp(AT)).session.ended:
                problem = message("hanging up does not end the call")
                self._find(step_of(self.bundle, session), "trap", problem, "", "", script)
            fresh = session.copy()
            fresh.misses = fresh.frames[-1].no_input = fresh.frames[-1].no_match = 0
            fresh.frames[-1].refused = {}
            for caller in _PATIENT:
                self._within(caller, fresh, script)

    def _within(self, caller: str, session: Session, script: Script) -> None:
        allowed = 2 * self.bundle.limits.misses
        turns = self._wait(caller, session, 0, script, {})
        if turns > allowed:
            kept = message(
                "callers ({caller}) are kept for {turns} turns, not {allowed}",
                caller=caller, turns=turns, allowed=allowed,
            )  # fmt: skip
            effect = message("Callers who do not answer would hear questions for a long time")
            remedy = message("lead give_up: to an agent sooner")
            self._find(step_of(self.bundle, session), "trap", kept, effect, remedy, script)

    def _wait(self, caller: str, session: Session, turn: int, script: Script, above: dict[Any, int]) -> int:
        """Turns until the call ends or stands in a queue, at the worst of all answers that services can give."""
        key = (caller, turn % 2 if caller == "silence and wrong keys" else 0, self._counted(session))
        if key in self._ends:
            return self._ends[key]
        step = step_of(self.bundle, session)
        if key in above:
            self._find(
                step, "trap", message("callers ({caller}) never get out of here", caller=caller),
                message("Callers who do not answer would be kept for ever"),
                message("lead give_up: of one of these questions to an agent"), script,
            )  # fmt: skip
            return 0
        deed = _PATIENT[caller](step, turn)
        worst = 1 + self._on(caller, session, deed.event, turn + 1, (*script, deed.words), {**above, key: turn})
        self._ends[key] = worst
        return worst

    def _on(self, caller: str, session: Session, event: Event, turn: int, script: Script, above: dict[Any, int]) -> int:
        played = self._advance(session, event, script)
        if played is None or played.session.ended or stands_in_queue(played):
            return 0
        if played.invoke is None:
            return self._wait(caller, played.session, turn, script, above)
        service = played.invoke.service
        key = (caller, service, turn % 2, self._counted(played.session))
        if key in self._ends or key in above:
            return self._ends.get(key, 0)  # a circle without a question is the finding of loops
        further = {**above, key: turn}
        worst = 0
        for answer in answers(self.bundle.services[service]):
            words = (*script, message("service {service} answers {outcome}", service=service, outcome=answer.outcome))
            worst = max(worst, self._on(caller, played.session, answer, turn, words, further))
        self._ends[key] = worst
        return worst

    def _counted(self, session: Session) -> tuple[Any, ...]:
        """Where a call stands, with its counters; misses past the limit are all the same."""
        frames = tuple((f.flow, f.step, f.no_input, f.no_match, f.page, *f.refused.items()) for f in session.frames)
        return frames, min(session.misses, self.bundle.limits.misses), _shape(session)


def _entry(bundle: Bundle) -> Place:
    return bundle.entry.flow, bundle.entry.step


def _tired(session: Session) -> Session:
    """The call just before the silence that is one too many."""
    tired = session.copy()
    tired.frames[-1].no_input = 99
    return tired


def _shape(session: Session) -> tuple[Any, ...]:
    """What makes a difference to where a call goes: proofs, and the sizes of what is known."""
    known = tuple(tuple((name, _size(value)) for name, value in sorted(f.variables.items())) for f in session.frames)
    return tuple(sorted(session.grants)), session.customer_id is not None, known


def _size(value: Any) -> Any:
    return len(value) if isinstance(value, list) else value if isinstance(value, int | None) else True
