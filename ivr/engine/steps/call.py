"""call: run another flow and return with its results."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Event, FlowReturned
from ivr.engine.introspection import Provenance, VariableId
from ivr.engine.node import Node
from ivr.engine.references import FlowName, Inputs, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.step_results import Goto, Push, StepResult
from ivr.engine.step_run import StepRun


@register
class CallStep(Node):
    """`call: choose_account`; `with:` passes variables in, `take:` copies variables back, `outcomes:` routes
    return.word.
    """

    verb: ClassVar[str] = "call"

    call: FlowName = Field(description="the flow to run")
    inputs: Inputs = Field(default_factory=dict, alias="with", description="its variables, from ours")
    take: tuple[VariableName, ...] = Field((), description="variables brought back under the same name")
    outcomes: dict[str, Target] = Field(default_factory=dict, description="word of return.word -> step")
    then: Target | None = Field(None, description="where to go when it returned and no outcome routes it")

    def enter(self, run: StepRun) -> StepResult:
        return Push(self.call, run.values(self.inputs))

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        if not isinstance(event, FlowReturned):
            return self.enter(run)
        for name in self.take:
            run.set(name, run.returned(name))
        target = self.outcomes.get(event.outcome, self.then)
        run.note(event.outcome)
        return Goto(target) if target is not None else run.give_up()

    def subflow(self, levels: Mapping[str, str]) -> str:
        return str(self.call)

    def routes(self) -> Mapping[str, Target]:
        return self.outcomes

    def may_give_up(self) -> bool:
        return self.then is None

    def return_target(self, word: str) -> Target | None:
        return self.outcomes.get(word, self.then)

    def return_words(self, label: str, returned: frozenset[str]) -> frozenset[str]:
        return frozenset({label}) if label in self.outcomes else returned - frozenset(self.outcomes)

    def is_silent_exit(self, label: str) -> bool:
        return False  # as silent as the flow that it runs

    def writes(self) -> tuple[VariableName, ...]:
        return self.take

    def assigned_at_exit(self, label: str, contract: ServiceContract | None) -> frozenset[str]:
        return frozenset(map(str, self.take))  # before any exit

    def subflow_inputs(self) -> Inputs:
        return self.inputs

    def subflow_outputs(self) -> tuple[VariableName, ...]:
        return self.take

    def copied_variables(self, flow: str) -> Iterator[tuple[VariableId, VariableId]]:
        inner = str(self.call)
        yield from (((flow, str(ours)), (inner, str(theirs))) for theirs, ours in self.inputs.items())
        yield from (((inner, str(name)), (flow, str(name))) for name in self.take)

    def provenance_of(self, name: str, what: str, contract: ServiceContract | None) -> Provenance | None:
        if name not in self.take or what == "enter":
            return None
        return Provenance("brought back by {place}", name, str(self.call))
