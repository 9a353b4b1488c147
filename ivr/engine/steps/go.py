"""go: continue elsewhere, without returning."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.node import Node
from ivr.engine.references import Target
from ivr.engine.registry import register
from ivr.engine.step_results import Goto, StepResult
from ivr.engine.step_run import StepRun


@register
class Go(Node):
    """`go: main.menu`."""

    verb: ClassVar[str] = "go"

    go: Target = Field(description="a step, or flow.step")

    def enter(self, run: StepRun) -> StepResult:
        return Goto(self.go)
