"""call: run another flow and come back with what it found."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.events import Event, FlowReturned
from ivr.engine.node import Goto, Move, Node, Push
from ivr.engine.references import FlowName, Inputs, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.runtime.run import Run


@register
class Call(Node):
    """`call: choose_account`; `with:` gives variables, `take:` brings some back, `outcomes:` routes return.word."""

    verb: ClassVar[str] = "call"

    call: FlowName = Field(description="the flow to run")
    inputs: Inputs = Field(default_factory=dict, alias="with", description="its variables, from ours")
    take: tuple[VariableName, ...] = Field((), description="variables brought back under the same name")
    outcomes: dict[str, Target] = Field(default_factory=dict, description="word of return.word -> step")
    then: Target | None = Field(None, description="where to go when it returned and no outcome routes it")

    def enter(self, run: Run) -> Move:
        return Push(self.call, run.values(self.inputs))

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if not isinstance(event, FlowReturned):
            return self.enter(run)
        for name in self.take:
            run.set(name, run.extra.get("returned", {}).get(name))
        target = self.outcomes.get(event.outcome, self.then)
        run.note(event.outcome)
        return Goto(target) if target is not None else run.give_up()
