"""hours: branch on opening hours."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.node import Node
from ivr.engine.references import HoursName, Target
from ivr.engine.registry import register
from ivr.engine.step_results import Goto, StepResult
from ivr.engine.step_run import StepRun


@register
class HoursStep(Node):
    """`hours: agents` with `open:` and `closed:`."""

    verb: ClassVar[str] = "hours"

    hours: HoursName = Field(description="a name under hours: in config.yaml")
    open: Target
    closed: Target

    def enter(self, run: StepRun) -> StepResult:
        is_open = run.is_open(self.hours)
        run.note("open" if is_open else "closed")
        return Goto(self.open if is_open else self.closed)
