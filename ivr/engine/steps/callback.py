"""callback: book a callback to a number that the caller confirmed."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from ivr.engine.contracts import Effect, ServiceContract
from ivr.engine.events import Event, FlowReturned, ServiceAnswered
from ivr.engine.introspection import TypeRequirement
from ivr.engine.node import Node
from ivr.engine.references import Target, VariableName
from ivr.engine.registry import register
from ivr.engine.step_results import StepResult
from ivr.engine.step_run import StepRun
from ivr.foundation.messages import message

SERVICE = "book_callback"


@register
class CallbackStep(Node):
    """`callback: number`. The outcome is `invalid` where the bank does not call such a number."""

    verb: ClassVar[str] = "callback"

    callback: VariableName = Field(description="the variable that holds the number")
    outcomes: dict[str, Target] = Field(description="booked, invalid -> step")

    def service(self) -> str:
        return SERVICE

    def service_inputs(self) -> dict[str, VariableName]:
        return {"number": self.callback}

    def enter(self, run: StepRun) -> StepResult:
        contract = run.contract(SERVICE)
        if not run.is_proven("confirmation") or not run.is_read_back(contract):
            return run.refuse_unproven(contract)
        return run.invoke(SERVICE, {"number": run.frame.variables.get(self.callback)})

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        if isinstance(event, ServiceAnswered):
            if event.outcome in run.contract(SERVICE).refuses:
                run.count_refused_answer()
            return run.route(self.outcomes, event.outcome)
        return self.enter(run)

    def routes(self) -> Mapping[str, Target]:
        return self.outcomes

    def type_requirements(self) -> Iterator[TypeRequirement]:
        yield TypeRequirement(self.callback, "digits", message("a number to call is digits"))

    def effects(self, contract: ServiceContract | None) -> frozenset[Effect]:
        return super().effects(contract) | {"stores_contact"}

    def required_proofs(self, contract: ServiceContract | None, speaks_private_data: bool) -> frozenset[str]:
        return super().required_proofs(contract, speaks_private_data) | {"confirmation"}
