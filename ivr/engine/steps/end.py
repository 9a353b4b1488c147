"""end: say goodbye and hang up."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.moves import Finish, Move
from ivr.engine.node import Node
from ivr.engine.references import Prompts
from ivr.engine.registry import register
from ivr.engine.step_run import StepRun


@register
class End(Node):
    """`end: common.goodbye`."""

    verb: ClassVar[str] = "end"
    ends_call: ClassVar[bool] = True

    end: Prompts = Field(description="the last words")

    def enter(self, run: StepRun) -> Move:
        run.say(self.end)
        return Finish()
