"""say: speak prompts, once or for each item of a list, and go on."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.node import Goto, Move, Node
from ivr.engine.references import Prompts, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.runtime.run import Run


@register
class Say(Node):
    """`say: balance.amount`; with `each: movements` the prompts are said for every item, as {item...}."""

    verb: ClassVar[str] = "say"

    say: Prompts = Field(description="the prompt or prompts to speak")
    each: VariableName | None = Field(None, description="a list; the prompts are said for each {item}")
    interrupt: bool = Field(True, description="a key pressed at the next question may cut this short")
    then: Target = Field(description="where to go on")

    def enter(self, run: Run) -> Move:
        if self.each is None:
            run.say(self.say)
        else:
            for number, item in enumerate(run.scope().get(self.each) or (), 1):
                run.say(self.say, {"item": item, "position": number})
        if not self.interrupt:
            run.flush()
        return Goto(self.then)
