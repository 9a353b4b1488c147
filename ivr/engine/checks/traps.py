"""Checks that callers who stay silent, press wrong keys, do both, or hang up, leave every question in the end.

The search runs the real engine. First it explores the states of a call that differ in what matters (steps on the stack,
proofs, sizes of lists), with services returning every outcome. Then it plays a caller who never answers from each
state, with miss counters, until the call ends or enters a queue. For each stack of steps it keeps a few states, and
every state with a new variable or proof: it finds a break that depends on one of them, and may miss one that depends on
several together.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import agent_reachability, graph
from ivr.engine.checks.caller_actions import SILENCE, CallerAction, caller_actions, is_in_queue, step_of, wrong_key
from ivr.engine.checks.graph import finding
from ivr.engine.checks.simulation import AT, answers, sample, scenarios
from ivr.engine.contracts import Need
from ivr.engine.events import CallStarted, Event, HungUp
from ivr.engine.findings import Finding, OptionalMessage
from ivr.engine.introspection import StepId
from ivr.engine.runtime.machine import TurnResult, advance, heard_out, open_session
from ivr.engine.session import Frame, Session
from ivr.foundation.errors import FlowLoop
from ivr.foundation.messages import Message, message

Script = tuple[str, ...]
MAX_STATES_PER_STACK = 4  # states kept for each stack of steps, beside those with a new fact
# maximum turns for each scenario and step; about ten are needed, more where many steps run one subflow
TURNS_PER_STEP = 120
_BREAKS = (LookupError, TypeError, ValueError, AttributeError, FlowLoop)
_UNRESPONSIVE: Mapping[str, Callable[[Step, int], CallerAction]] = {
    message("silence"): lambda _step, _turn: SILENCE,
    message("wrong keys"): lambda step, _turn: wrong_key(step),
    message("silence and wrong keys"): lambda step, turn: wrong_key(step) if turn % 2 else SILENCE,
}


def check(bundle: Bundle) -> Iterator[Finding]:
    """Callers who cannot leave, calls that break, and questions without a reachable agent."""
    yield from agent_reachability.check(bundle)
    reported: set[tuple[str, str, str]] = set()
    for world in scenarios(bundle):
        search = Search(world)
        search.explore()
        search.play_unresponsive_callers()
        for each in search.findings:
            if (each.code, each.place, each.problem) not in reported:
                reported.add((each.code, each.place, each.problem))
                yield each


@dataclass(slots=True)
class Search:
    """A search through one scenario."""

    bundle: Bundle
    findings: list[Finding] = field(default_factory=list)
    waiting_states: list[tuple[Session, Script]] = field(default_factory=list)  # calls waiting at a question
    _seen: set[Any] = field(default_factory=set)
    _states_per_stack: Counter[Any] = field(default_factory=Counter)
    # stack -> facts that were true in some state
    _facts_by_stack: dict[Any, set[Any]] = field(default_factory=lambda: defaultdict(set))
    _todo: list[tuple[Session, bool, Script]] = field(default_factory=list)
    _turns_played: int = 0
    # state of an unresponsive caller -> turns until the end
    _turns_to_end: dict[Any, int] = field(default_factory=dict)

    # --- the states of a call ----------------------------------------------------------------------------------------

    def explore(self) -> None:
        """Play all actions of callers and outcomes of services, each state once; then add questions not met so far."""
        self._arrive(open_session(self.bundle, "check", AT), CallStarted(AT), ())
        position, most = 0, TURNS_PER_STEP * sum(len(flow.steps) for flow in self.bundle.flows.values())
        while position < len(self._todo):
            if self._turns_played > most:
                self._unfinished(most)
                break
            session, queued, script = self._todo[position]
            position += 1
            for action in caller_actions(self.bundle, session, queued):
                self._arrive(
                    _before_giving_up(session) if action.gives_up else session, action.event, (*script, action.words)
                )
        met = {(s.frames[-1].flow, s.frames[-1].step) for s, _ in self.waiting_states}
        reached = graph.reach(self.bundle, graph.roots(self.bundle))
        for place in sorted(reached - met):
            if graph.step_at(self.bundle, place).node.asks:
                frames = self._frames(place, frozenset())
                session = open_session(self.bundle, "check", AT)
                session.frames = frames
                self.waiting_states.append((session, (message("(at {words})", words=".".join(place)),)))

    def _arrive(self, session: Session, event: Event, script: Script) -> None:
        turn = self._advance(session, event, script)
        if turn is None or turn.session.ended:
            return
        invoked, queued = turn.invoke.service if turn.invoke else "", is_in_queue(turn)
        stack = (invoked, queued, *((f.flow, f.step) for f in turn.session.frames))
        shape = (stack, _shape(turn.session))
        new = set(self._facts(turn.session)) - self._facts_by_stack[stack]
        if shape in self._seen or (self._states_per_stack[stack] >= MAX_STATES_PER_STACK and not new):
            return
        self._facts_by_stack[stack] |= new
        self._seen.add(shape)
        known = self._states_per_stack[stack] >= MAX_STATES_PER_STACK
        self._states_per_stack[stack] += 1
        if turn.invoke is not None:
            for answer in answers(self.bundle.services[invoked]):
                self._arrive(
                    turn.session,
                    answer,
                    (*script, message("service {service} answers {outcome}", service=invoked, outcome=answer.outcome)),
                )
            return
        self._todo.append((turn.session, queued, script))
        if not queued and not known:  # for unresponsive callers the first few states suffice
            self.waiting_states.append((turn.session, script))

    def _facts(self, session: Session) -> Iterator[tuple[Any, ...]]:
        """The facts about a call, one by one: each variable, set or not, and each proof, present or not."""
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

    def _advance(self, session: Session, event: Event, script: Script) -> TurnResult | None:
        self._turns_played += 1
        try:
            turn = heard_out(self.bundle, advance(self.bundle, session, event), AT)
            turn.session.entry_timestamp = 0.0  # time is not simulated: no # belongs to a previous entry
            return turn
        except _BREAKS as error:
            step = step_of(self.bundle, session) if session.frames else graph.step_at(self.bundle, _entry(self.bundle))
            words = error.args[0] if error.args else type(error).__name__
            problem = message("the call breaks after this step: {words}", words=words)
            remedy = message("set what is missing on every way here")
            self._find(step, "breaks", problem, message("Callers would be passed to an agent"), remedy, script)
            return None

    def _frames(self, place: StepId, inside: frozenset[str]) -> list[Frame]:
        """A stack that ends at a step: callers of its flow below it, every variable with a sample value."""
        flow = self.bundle.flows[place[0]]
        values = {name: sample(v.type, 1, v.secret) for name, v in flow.variables.items()}
        below: list[Frame] = []
        callers = (s for s in graph.every_step(self.bundle) if flow.name in graph.subflows(self.bundle, s))
        caller = next((s for s in callers if s.flow not in inside | {flow.name}), None)
        if caller is not None:
            below = self._frames((caller.flow, caller.name), inside | {flow.name})
        return [*below, Frame(*place, values)]

    def _find(
        self, step: Step, code: str, problem: Message, effect: OptionalMessage, remedy: OptionalMessage, script: Script
    ) -> None:
        self.findings.append(finding(self.bundle, step, code, problem, effect, remedy, script=script))

    # --- callers who never answer ------------------------------------------------------------------------------------

    def play_unresponsive_callers(self) -> None:
        """Play the callers who never answer from every state."""
        for session, script in self.waiting_states:
            if not advance(self.bundle, session, HungUp(AT)).session.ended:
                problem = message("hanging up does not end the call")
                self._find(step_of(self.bundle, session), "trap", problem, "", "", script)
            fresh = session.copy()
            fresh.misses = fresh.frames[-1].no_input = fresh.frames[-1].no_match = 0
            fresh.frames[-1].refused = {}
            for caller in _UNRESPONSIVE:
                self._check_turn_limit(caller, fresh, script)

    def _check_turn_limit(self, caller: str, session: Session, script: Script) -> None:
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
        """Turns until the call ends or enters a queue, in the worst case of all service outcomes."""
        key = (caller, turn % 2 if caller == "silence and wrong keys" else 0, self._state_with_counters(session))
        if key in self._turns_to_end:
            return self._turns_to_end[key]
        step = step_of(self.bundle, session)
        if key in above:
            self._find(
                step, "trap", message("callers ({caller}) never get out of here", caller=caller),
                message("Callers who do not answer would be kept for ever"),
                message("lead give_up: of one of these questions to an agent"), script,
            )  # fmt: skip
            return 0
        action = _UNRESPONSIVE[caller](step, turn)
        worst = 1 + self._play_on(
            caller, session, action.event, turn + 1, (*script, action.words), {**above, key: turn}
        )
        self._turns_to_end[key] = worst
        return worst

    def _play_on(
        self, caller: str, session: Session, event: Event, turn: int, script: Script, above: dict[Any, int]
    ) -> int:
        played = self._advance(session, event, script)
        if played is None or played.session.ended or is_in_queue(played):
            return 0
        if played.invoke is None:
            return self._wait(caller, played.session, turn, script, above)
        service = played.invoke.service
        key = (caller, service, turn % 2, self._state_with_counters(played.session))
        if key in self._turns_to_end or key in above:
            return self._turns_to_end.get(key, 0)  # a silent cycle is reported by the loops check
        further = {**above, key: turn}
        worst = 0
        for answer in answers(self.bundle.services[service]):
            words = (*script, message("service {service} answers {outcome}", service=service, outcome=answer.outcome))
            worst = max(worst, self._play_on(caller, played.session, answer, turn, words, further))
        self._turns_to_end[key] = worst
        return worst

    def _state_with_counters(self, session: Session) -> tuple[Any, ...]:
        """The state of a call with its counters; misses beyond the limit are equal."""
        frames = tuple((f.flow, f.step, f.no_input, f.no_match, f.page, *f.refused.items()) for f in session.frames)
        return frames, min(session.misses, self.bundle.limits.misses), _shape(session)


def _entry(bundle: Bundle) -> StepId:
    return bundle.entry.flow, bundle.entry.step


def _before_giving_up(session: Session) -> Session:
    """The call just before the silence that makes it give up."""
    changed = session.copy()
    changed.frames[-1].no_input = 99
    return changed


def _shape(session: Session) -> tuple[Any, ...]:
    """The part of a call's state that affects where it goes: proofs, and the sizes of variables."""
    known = tuple(tuple((name, _size(value)) for name, value in sorted(f.variables.items())) for f in session.frames)
    return tuple(sorted(session.grants)), session.customer_id is not None, known


def _size(value: Any) -> Any:
    return len(value) if isinstance(value, list) else value if isinstance(value, int | None) else True
