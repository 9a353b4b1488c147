"""hours: is the bank open?"""

from typing import ClassVar

from pydantic import Field

from ivr.engine.node import Goto, Move, Node
from ivr.engine.references import HoursName, Target
from ivr.engine.registry import register
from ivr.engine.runtime.run import Run


@register
class HoursStep(Node):
    """`hours: agents` with `open:` and `closed:`."""

    verb: ClassVar[str] = "hours"

    hours: HoursName = Field(description="a name under hours: in config.yaml")
    open: Target
    closed: Target

    def enter(self, run: Run) -> Move:
        is_open = run.bundle.is_open(self.hours, run.moment)
        run.note("open" if is_open else "closed")
        return Goto(self.open if is_open else self.closed)
