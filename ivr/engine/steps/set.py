"""set: assign values to variables."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.contracts import ServiceContract
from ivr.engine.introspection import Provenance
from ivr.engine.node import Node
from ivr.engine.references import Condition, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.step_results import Goto, StepResult
from ivr.engine.step_run import StepRun


@register
class SetStep(Node):
    """`set: {amount: bill_amount}`; the values are expressions over the flow's variables."""

    verb: ClassVar[str] = "set"

    set: dict[VariableName, Condition] = Field(min_length=1, description="variable: value")
    then: Target

    def conditions(self) -> tuple[tuple[VariableName, str], ...]:
        """The expressions in order, each keyed by its variable."""
        return tuple(self.set.items())

    def enter(self, run: StepRun) -> StepResult:
        scope = run.scope()
        for name in self.set:
            run.set(name, run.value_of(name, scope))
        return Goto(self.then)

    def writes(self) -> tuple[VariableName, ...]:
        return tuple(self.set)

    def provenance_of(self, name: str, what: str, contract: ServiceContract | None) -> Provenance | None:
        value = next((value for variable, value in self.set.items() if variable == name), None)
        return None if value is None else Provenance(f"set to {value} at {{place}}")
