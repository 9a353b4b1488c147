"""set: give variables values."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.node import Goto, Move, Node
from ivr.engine.references import Condition, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.runtime.run import Run


@register
class Set(Node):
    """`set: {amount: bill_amount}`; the values are conditions or sums of the flow's variables."""

    verb: ClassVar[str] = "set"

    set: dict[VariableName, Condition] = Field(min_length=1, description="variable: value")
    then: Target

    def conditions(self) -> tuple[tuple[VariableName, str], ...]:
        """The values in order, each under the variable that it is for."""
        return tuple(self.set.items())

    def enter(self, run: Run) -> Move:
        scope = run.scope()
        for name in self.set:
            run.set(name, run.step.expressions[name].evaluate(scope))
        return Goto(self.then)
