"""call: run another flow and come back with what it found."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Event, FlowReturned
from ivr.engine.moves import Goto, Move, Push
from ivr.engine.node import Node
from ivr.engine.references import FlowName, Inputs, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.step_run import StepRun
from ivr.engine.telling import Origin, Variable


@register
class Call(Node):
    """`call: choose_account`; `with:` gives variables, `take:` brings some back, `outcomes:` routes return.word."""

    verb: ClassVar[str] = "call"

    call: FlowName = Field(description="the flow to run")
    inputs: Inputs = Field(default_factory=dict, alias="with", description="its variables, from ours")
    take: tuple[VariableName, ...] = Field((), description="variables brought back under the same name")
    outcomes: dict[str, Target] = Field(default_factory=dict, description="word of return.word -> step")
    then: Target | None = Field(None, description="where to go when it returned and no outcome routes it")

    def enter(self, run: StepRun) -> Move:
        return Push(self.call, run.values(self.inputs))

    def resume(self, run: StepRun, event: Event | FlowReturned) -> Move:
        if not isinstance(event, FlowReturned):
            return self.enter(run)
        for name in self.take:
            run.set(name, run.returned(name))
        target = self.outcomes.get(event.outcome, self.then)
        run.note(event.outcome)
        return Goto(target) if target is not None else run.give_up()

    def runs(self, levels: Mapping[str, str]) -> str:
        return str(self.call)

    def routes(self) -> Mapping[str, Target]:
        return self.outcomes

    def may_give_up(self) -> bool:
        return self.then is None

    def returned_to(self, word: str) -> Target | None:
        return self.outcomes.get(word, self.then)

    def words_for(self, label: str, returned: frozenset[str]) -> frozenset[str]:
        return frozenset({label}) if label in self.outcomes else returned - frozenset(self.outcomes)

    def quiet(self, label: str) -> bool:
        return False  # as quiet as the flow that it runs

    def writes(self) -> tuple[VariableName, ...]:
        return self.take

    def fills(self, label: str, contract: ServiceContract | None) -> frozenset[str]:
        return frozenset(map(str, self.take))  # before any exit

    def passes(self) -> Inputs:
        return self.inputs

    def takes_back(self) -> tuple[VariableName, ...]:
        return self.take

    def copies(self, flow: str) -> Iterator[tuple[Variable, Variable]]:
        inner = str(self.call)
        yield from (((flow, str(ours)), (inner, str(theirs))) for theirs, ours in self.inputs.items())
        yield from (((inner, str(name)), (flow, str(name))) for name in self.take)

    def filled(self, name: str, what: str, contract: ServiceContract | None) -> Origin | None:
        if name not in self.take or what == "enter":
            return None
        return Origin("brought back by {place}", name, str(self.call))
