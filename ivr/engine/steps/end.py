"""end: say goodbye and hang up."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.node import Node
from ivr.engine.references import PromptKeys
from ivr.engine.registry import register
from ivr.engine.step_results import Finish, StepResult
from ivr.engine.step_run import StepRun


@register
class End(Node):
    """`end: common.goodbye`."""

    verb: ClassVar[str] = "end"
    ends_call: ClassVar[bool] = True

    end: PromptKeys = Field(description="the last words")

    def enter(self, run: StepRun) -> StepResult:
        run.say(self.end)
        return Finish()
