"""go: carry on elsewhere, for good."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.node import Goto, Move, Node
from ivr.engine.references import Target
from ivr.engine.registry import register
from ivr.engine.runtime.run import Run


@register
class Go(Node):
    """`go: main.menu`."""

    verb: ClassVar[str] = "go"

    go: Target = Field(description="a step, or flow.step")

    def enter(self, run: Run) -> Move:  # noqa: ARG002 - what every step is given
        return Goto(self.go)
