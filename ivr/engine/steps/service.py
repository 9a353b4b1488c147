"""service: call a service of the bank and route its outcome."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from ivr.engine.actions import Poll
from ivr.engine.contracts import LASTING, LEVELS, ServiceContract
from ivr.engine.events import Event, FlowReturned, NothingHeard, ServiceAnswered, ServiceWorking
from ivr.engine.introspection import Provenance, SpokenPrompt
from ivr.engine.node import Node
from ivr.engine.references import Inputs, PromptKeys, ServiceName, Target
from ivr.engine.registry import register
from ivr.engine.step_results import Goto, Push, StepResult
from ivr.engine.step_run import StepRun

POLL_SECONDS = 1


@register
class ServiceStep(Node):
    """`service: find_bill` with its inputs; the flow routes every outcome that the service declares."""

    verb: ClassVar[str] = "service"
    reverifies: ClassVar[bool] = True

    service_name: ServiceName = Field(alias="service", description="the service to ask")
    inputs: Inputs = Field(default_factory=dict, alias="with", description="inputs, as names or as input: variable")
    outcomes: dict[str, Target] = Field(description="outcome -> step")
    waiting: PromptKeys | None = Field(None, description="said when it takes longer than a moment")

    def service(self) -> str:
        return self.service_name

    def service_inputs(self) -> Inputs:
        return self.inputs

    def enter(self, run: StepRun) -> StepResult:
        contract = run.contract(self.service_name)
        for need in LEVELS:
            if need in contract.needs and not run.is_proven(need):
                run.note(f"needs {need}")
                return Push(run.flow_for(need), {})
        if not all(run.is_proven(need) for need in contract.needs) or not run.is_read_back(contract):
            return run.refuse_unproven(contract)
        return run.invoke(self.service_name, run.values(self.inputs))

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        if isinstance(event, FlowReturned):
            return self._proven_anew(run, event.outcome)
        if isinstance(event, ServiceWorking):
            return self._keep_waiting(run)
        if isinstance(event, ServiceAnswered):
            return self._answered(run, event)
        if isinstance(event, NothingHeard):
            return run.invoke(self.service_name, run.values(self.inputs))
        return self._keep_waiting(run)  # keys pressed while the service runs are ignored

    def _proven_anew(self, run: StepRun, outcome: str) -> StepResult:
        """An expired proof was renewed: ask again for the yes that came before it."""
        contract = run.contract(self.service_name)
        if outcome != "verified":
            return run.refuse_unproven(contract)
        missing = {need for need in contract.needs if not run.is_proven(need)}
        asked = run.last_confirmation() if missing <= {"confirmation"} else None
        return Goto(asked) if asked is not None else self.enter(run)

    def _keep_waiting(self, run: StepRun) -> StepResult:
        if run.frame.page == 0 and self.waiting is not None:
            run.say(self.waiting)
        run.frame.page += 1  # counts the polls of this visit
        return run.wait_for(Poll(POLL_SECONDS))

    def _answered(self, run: StepRun, answer: ServiceAnswered) -> StepResult:
        contract = run.contract(self.service_name)
        self._forget(run, contract)
        for name in contract.outcomes.get(answer.outcome, ()):
            run.set(name, answer.facts.get(name))
        if answer.outcome != "unavailable" and contract.effects & LASTING:
            for need in contract.needs:
                if (grant := run.session.grants.get(need)) is not None and grant.single_use:
                    del run.session.grants[need]
        if answer.outcome in contract.refuses:
            run.count_refused_answer()
        return run.route(self.outcomes, answer.outcome)

    def _forget(self, run: StepRun, contract: ServiceContract) -> None:
        """Erase a secret as soon as no service needs it; the session is stored between turns."""
        for name in self.erased_secrets(contract):
            run.frame.variables.pop(name, None)

    def routes(self) -> Mapping[str, Target]:
        return self.outcomes

    def subflows(self, levels: Mapping[str, str], contract: ServiceContract | None) -> tuple[str, ...]:
        needs = contract.needs if contract is not None else frozenset()
        return tuple(levels[level] for level in LEVELS if level in needs)

    def spoken_prompts(self) -> Iterator[SpokenPrompt]:
        yield from self.prompts_under("waiting", sometimes=True)

    def waiting_prompts(self) -> PromptKeys:
        return self.waiting or ()

    def service_outputs(self, contract: ServiceContract) -> frozenset[str]:
        return frozenset(fact for facts in contract.outcomes.values() for fact in facts)

    def assigned_at_exit(self, label: str, contract: ServiceContract | None) -> frozenset[str]:
        return frozenset(contract.outcomes.get(label, ()) if contract is not None else ())

    def erased_secrets(self, contract: ServiceContract) -> frozenset[str]:
        spent = contract.secrets - contract.keeps
        return frozenset(str(name) for given, name in self.inputs.items() if given in spent)

    def provenance_of(self, name: str, what: str, contract: ServiceContract | None) -> Provenance | None:
        if name not in self.assigned_at_exit(what, contract):
            return None
        return Provenance(f"service {self.service_name} answered {what}, {{place}}")
