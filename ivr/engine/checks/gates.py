"""Checks that every path to a service with required proofs passes the steps that give them, across flows and returns.

The analysis carries the proofs and the confirmation (`confirmation_proofs`) along every path. A subflow is analysed
once for each set of proofs at its entry, so that it returns only to the step that ran it. A service consumes single-use
proofs when it commits, as in the engine. Expiry of proofs and `back` are not analysed: there the runtime gate of the
engine decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import confirmation_proofs, graph
from ivr.engine.checks.effects import required_proofs
from ivr.engine.checks.gate_messages import missing_proof, named
from ivr.engine.checks.graph import finding
from ivr.engine.contracts import LASTING, LEVELS
from ivr.engine.findings import Finding
from ivr.engine.introspection import GIVE_UP, Exit, StepId
from ivr.foundation.messages import message

Proofs = frozenset[str]
SubflowEntry = tuple[str, Proofs] | None  # the subflow and the proofs at its entry; None outside of subflows
ProofState = tuple[SubflowEntry, StepId, Proofs]
Script = tuple[str, ...]

SINGLE_USE = frozenset({"confirmation", "second_factor", "old_password", "transaction"})  # treated as valid for one use


def check(bundle: Bundle) -> Iterator[Finding]:
    """Steps that can be reached without their required proofs, and levels that nobody can prove."""
    walk = GateAnalysis(bundle)
    walk.from_roots()
    yield from walk.unproven()
    for level, flow in sorted(bundle.authenticate.items()):
        yield from _level(walk, level, flow)


def _level(walk: "GateAnalysis", level: str, flow: str) -> Iterator[Finding]:
    """A flow under authenticate: must return verified exactly when the level is proven."""
    start = graph.step_at(walk.bundle, graph.start_of(walk.bundle, flow))
    back = walk.returns((flow, frozenset()))
    if not any(level in proven for _, proven, _ in back):
        yield finding(
            walk.bundle, start, "unprovable",
            message("the flow '{flow}' never gives the proof '{level}'", flow=flow, level=level),
            message("Nobody could be verified"),
            message("ask a service whose contract grants {level} before return.verified", level=level),
        )  # fmt: skip
        return
    for state in (state for word, proven, state in back if word == "verified" and level not in proven):
        yield finding(
            walk.bundle, graph.step_at(walk.bundle, state[1]), "unverified",
            message("the flow '{flow}' can return verified without the proof '{level}'", flow=flow, level=level),
            message("Callers would be told they are verified, and be refused"),
            message("return.verified only after a service grants {level}", level=level), script=walk.script(state),
        )  # fmt: skip


@dataclass(slots=True)
class GateAnalysis:
    """All states (step, subflow entry, proofs) that a call can reach."""

    bundle: Bundle
    # state -> the previous state, and the actions that lead here
    reached_from: dict[ProofState, tuple[ProofState, Script] | None] = field(default_factory=dict)
    # (step, missing proof, level that revoked it) -> the state in which it is missing
    missing: dict[tuple[StepId, str, str], ProofState] = field(default_factory=dict)
    _todo: list[ProofState] = field(default_factory=list)
    _returns: dict[tuple[str, Proofs], dict[tuple[str, Proofs], tuple[ProofState, Script]]] = field(
        default_factory=dict
    )
    _callers_waiting: dict[tuple[str, Proofs], list[ProofState]] = field(default_factory=dict)

    def from_roots(self) -> None:
        """Analyse everything reachable by a call, and the verification flows started without proofs."""
        for target in (self.bundle.entry, self.bundle.exit):
            if target.step:
                self._arrive((None, (target.flow, target.step), frozenset()), None)
        for flow in set(self.bundle.authenticate.values()):
            self._arrive(((flow, frozenset()), graph.start_of(self.bundle, flow), frozenset()), None)
        for state in self._pending():
            self._leave(state)

    def _pending(self) -> Iterator[ProofState]:
        """Breadth first, so that a reported path is a short one."""
        position = 0
        while position < len(self._todo):
            yield self._todo[position]
            position += 1

    def returns(self, inside: tuple[str, Proofs]) -> list[tuple[str, Proofs, ProofState]]:
        """The returns of a subflow: its word, the proofs, and the state that returned."""
        return [(word, proven, state) for (word, proven), (state, _) in self._returns.get(inside, {}).items()]

    def script(self, state: ProofState, since: ProofState | None = None) -> Script:
        """The caller's actions that lead to a state, from the start of the call or from another state."""
        script: list[str] = []
        while state != since and (reached_from := self.reached_from[state]) is not None:
            state = reached_from[0]
            script[:0] = reached_from[1]
        return tuple(deed for deed in script if deed)

    def unproven(self) -> Iterator[Finding]:
        """One finding for each missing proof of a step, with the shortest path to it."""
        for (place, need, level), state in self.missing.items():
            step = graph.step_at(self.bundle, place)
            problem, remedy = missing_proof(step.node.service() or "", need, level)
            yield finding(
                self.bundle, step, "gate", problem, message("These callers would be passed to an agent instead"),
                remedy, script=self.script(state),
            )  # fmt: skip

    def _revoking_level(self, state: ProofState, need: str) -> str:
        """The level whose verification at the step itself revoked the missing proof; otherwise nothing."""
        reached_from = self.reached_from[state]
        if reached_from is None or reached_from[0][:2] != state[:2] or need not in reached_from[0][2]:
            return ""
        asked = required_proofs(self.bundle, graph.step_at(self.bundle, state[1])) & state[2] - reached_from[0][2]
        return next((level for level in LEVELS if level in asked), "")

    # --- transitions------------------------------------------------------------------------------------------------

    def _arrive(self, state: ProofState, reached_from: tuple[ProofState, Script] | None) -> None:
        if state not in self.reached_from:
            self.reached_from[state] = reached_from
            self._todo.append(state)

    def _take(self, state: ProofState, way: Exit, proven: Proofs, before: Script = ()) -> None:
        """Leave a state by an exit. Going to another flow leaves every subflow."""
        inside, here, _ = state
        if way.step_id is not None and way.step_id[0] != here[0]:
            proven = confirmation_proofs.without_yes(proven)  # its variables are lost
        script = (*before, graph.exit_trigger(graph.step_at(self.bundle, here), way.label))
        if way.step_id is not None:
            self._arrive((inside if way.step_id[0] == here[0] else None, way.step_id, proven), (state, script))
        elif way.target.command == "return" and inside is not None:
            self._come_back(inside, (way.target.outcome or "done", proven), state, script)

    def _come_back(
        self, inside: tuple[str, Proofs], said: tuple[str, Proofs], state: ProofState, script: Script
    ) -> None:
        known = self._returns.setdefault(inside, {})
        if said not in known:
            begin = (inside, graph.start_of(self.bundle, inside[0]), inside[1])
            known[said] = (state, (*self.script(state, begin), *script))
            for caller in self._callers_waiting.get(inside, ()):
                self._resume(caller, *said, known[said][1])

    def _run(self, state: ProofState, flow: str) -> None:
        """Run a subflow from a state, or use its known returns."""
        inside = (flow, confirmation_proofs.inside(state[2]))
        self._callers_waiting.setdefault(inside, []).append(state)
        self._arrive((inside, graph.start_of(self.bundle, flow), inside[1]), (state, ()))
        for said, (_, script) in list(self._returns.get(inside, {}).items()):
            self._resume(state, *said, script)

    def _exits(self, step: Step) -> dict[str, Exit]:
        return {way.label: way for way in graph.exits(self.bundle, step)}

    def _resume(self, caller: ProofState, word: str, proven: Proofs, script: Script) -> None:
        step = graph.step_at(self.bundle, caller[1])
        ways, level, proven = (
            self._exits(step),
            step.node.proven_level(),
            confirmation_proofs.outside(caller[2], proven),
        )
        if step.node.reverifies:
            if word == "verified":
                self._arrive((caller[0], caller[1], proven), (caller, script))
                return
            word = GIVE_UP
        elif word == "verified" and level is not None and level not in proven:
            word = GIVE_UP
        way = ways.get(word) or ways.get("then") or ways[GIVE_UP]
        self._take(caller, way, confirmation_proofs.after_writes(self.bundle, step, way.label, proven), script)

    def _leave(self, state: ProofState) -> None:
        step = graph.step_at(self.bundle, state[1])
        flow, level = step.node.subflow(self.bundle.authenticate), step.node.proven_level()
        if level is not None and level in state[2]:
            self._take(state, self._exits(step).get("verified") or self._exits(step)[GIVE_UP], state[2])
        elif flow is not None:
            self._run(state, flow)
        elif step.node.service():
            self._call_service(state, step)
        else:
            for way in graph.exits(self.bundle, step):
                self._take(state, way, self._remaining_proofs(step, way, state[2]) | self._granted(step, way))

    def _remaining_proofs(self, step: Step, way: Exit, proven: Proofs) -> Proofs:
        """Asking a question revokes the previous yes; a no also revokes single-use proofs."""
        if step.node.read_back_prompts():
            beside = confirmation_proofs.without_yes(proven)
            return beside - SINGLE_USE if way.label == "no" else beside
        return confirmation_proofs.after_writes(self.bundle, step, way.label, proven)

    def _granted(self, step: Step, way: Exit) -> Proofs:
        """The proofs that a step gives itself, with what a yes to it is bound to."""
        granted = step.node.proven_at_exit(way.label)
        return granted | confirmation_proofs.yes_to(self.bundle, step) if granted else granted

    def _call_service(self, state: ProofState, step: Step) -> None:
        proven, needs = state[2], required_proofs(self.bundle, step)
        level = next((each for each in LEVELS if each in needs - proven), None)
        if step.node.reverifies and level is not None:
            self._run(state, self.bundle.authenticate[level])
            return
        for need in sorted(needs - proven):
            self.missing.setdefault((state[1], need, self._revoking_level(state, need)), state)
        if "confirmation" in needs & proven and (unsaid := confirmation_proofs.unsaid(self.bundle, step, proven)):
            self.missing.setdefault((state[1], named(unsaid, self.bundle.languages), ""), state)
        proven |= needs | confirmation_proofs.all_said(self.bundle, step)
        for way in graph.exits(self.bundle, step):
            if way.label != GIVE_UP:
                after = self._after(step, way.label, proven)
                self._take(state, way, confirmation_proofs.after_writes(self.bundle, step, way.label, after))
            elif needs:
                self._take(state, way, state[2])

    def _after(self, step: Step, outcome: str, proven: Proofs) -> Proofs:
        """The proofs after a service has answered."""
        contract = graph.contract_of(self.bundle, step)
        if contract is None or outcome == "unavailable":
            return proven
        granted = contract.grants.get(outcome, frozenset())
        if "identity" in granted:
            return granted  # may be another customer: earlier proofs are not valid
        if contract.effects & LASTING:
            return confirmation_proofs.without_yes(proven) - SINGLE_USE | granted - SINGLE_USE
        return proven | granted
