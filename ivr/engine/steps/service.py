"""service: ask the bank, and go where the outcome says."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.actions import Poll
from ivr.engine.contracts import LASTING, ServiceContract
from ivr.engine.events import Event, FlowReturned, NothingHeard, ServiceAnswered, ServiceWorking
from ivr.engine.node import Goto, Move, Node, Push, Wait
from ivr.engine.references import Inputs, Prompts, ServiceName, Target
from ivr.engine.registry import register
from ivr.engine.runtime.refusing import refuse
from ivr.engine.runtime.run import Run

POLL_SECONDS = 1


@register
class Service(Node):
    """`service: find_bill` with its inputs; every outcome that the service declares is routed."""

    verb: ClassVar[str] = "service"

    service_name: ServiceName = Field(alias="service", description="the service to ask")
    inputs: Inputs = Field(default_factory=dict, alias="with", description="inputs, as names or as input: variable")
    outcomes: dict[str, Target] = Field(description="outcome -> step")
    waiting: Prompts | None = Field(None, description="said when it takes longer than a moment")

    def service(self) -> str:
        return self.service_name

    def given(self) -> Inputs:
        return self.inputs

    def enter(self, run: Run) -> Move:
        contract = run.bundle.services[self.service_name]
        for need in ("query", "transaction"):
            if need in contract.needs and not run.holds(need):
                run.note(f"needs {need}")
                return Push(run.bundle.authenticate[need], {})
        if not all(run.holds(need) for need in contract.needs) or not run.is_read_back(contract):
            return run.close_gate(contract)
        return run.invoke(self.service_name, run.values(self.inputs))

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if isinstance(event, FlowReturned):
            return self._proven_anew(run, event.outcome)
        if isinstance(event, ServiceWorking):
            return self._keep_waiting(run)
        if isinstance(event, ServiceAnswered):
            return self._answered(run, event)
        if isinstance(event, NothingHeard):
            return run.invoke(self.service_name, run.values(self.inputs))
        return self._keep_waiting(run)  # keys pressed while the bank works are not for us

    def _proven_anew(self, run: Run, outcome: str) -> Move:
        """A proof had run out and was given again: the yes that came before it is asked for once more."""
        contract = run.bundle.services[self.service_name]
        if outcome != "verified":
            return run.close_gate(contract)
        missing = {need for need in contract.needs if not run.holds(need)}
        asked = run.last_confirmation() if missing <= {"confirmation"} else None
        return Goto(asked) if asked is not None else self.enter(run)

    def _keep_waiting(self, run: Run) -> Move:
        if run.frame.page == 0 and self.waiting is not None:
            run.say(self.waiting)
        run.frame.page += 1  # counts the polls of this visit
        run.flush()
        run.actions.append(Poll(POLL_SECONDS))
        return Wait()

    def _answered(self, run: Run, answer: ServiceAnswered) -> Move:
        contract: ServiceContract = run.bundle.services[self.service_name]
        self._forget(run, contract)
        for name in contract.outcomes.get(answer.outcome, ()):
            run.set(name, answer.facts.get(name))
        if answer.outcome != "unavailable" and contract.effects & LASTING:
            for need in contract.needs:
                if (grant := run.session.grants.get(need)) is not None and grant.once:
                    del run.session.grants[need]
        if answer.outcome in contract.refuses:
            refuse(run)
        return run.route(self.outcomes, answer.outcome)

    def _forget(self, run: Run, contract: ServiceContract) -> None:
        """A secret is kept no longer than a service needs it; the session is stored between turns."""
        for given, name in self.inputs.items():
            if given in contract.secrets - contract.keeps:
                run.frame.variables.pop(name, None)
