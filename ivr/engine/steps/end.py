"""end: say goodbye and hang up."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.node import Finish, Move, Node
from ivr.engine.references import Prompts
from ivr.engine.registry import register
from ivr.engine.runtime.run import Run


@register
class End(Node):
    """`end: common.goodbye`."""

    verb: ClassVar[str] = "end"

    end: Prompts = Field(description="the last words")

    def enter(self, run: Run) -> Move:
        run.say(self.end)
        return Finish()
