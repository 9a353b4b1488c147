"""say: speak prompts, once or for each item of a list, and go on."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from ivr.engine.moves import Goto, Move
from ivr.engine.node import Node
from ivr.engine.references import Prompts, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.step_run import StepRun
from ivr.engine.telling import Origin, Says, Wanted
from ivr.foundation.messages import message


@register
class Say(Node):
    """`say: balance.amount`; with `each: movements` the prompts are said for every item, as {item...}."""

    verb: ClassVar[str] = "say"
    only_speaks: ClassVar[bool] = True

    say: Prompts = Field(description="the prompt or prompts to speak")
    each: VariableName | None = Field(None, description="a list; the prompts are said for each {item}")
    interrupt: bool = Field(True, description="a key pressed at the next question may cut this short")
    then: Target = Field(description="where to go on")

    def enter(self, run: StepRun) -> Move:
        if self.each is None:
            run.say(self.say)
        else:
            for number, item in enumerate(run.scope().get(self.each) or (), 1):
                run.say(self.say, {"item": item, "position": number})
        if not self.interrupt:
            run.flush()
        return Goto(self.then)

    def says(self) -> Iterator[Says]:
        yield from self.said_in("say", offers=frozenset({"item", "position"} if self.each is not None else ()))

    def goes_through(self) -> VariableName | None:
        return self.each

    def wants(self) -> Iterator[Wanted]:
        if self.each is not None:
            yield Wanted(self.each, "list", message("each: goes through a list"))

    def offered(self, name: str) -> Origin | None:
        if self.each is None or name not in ("item", "position"):
            return None
        which = "an item" if name == "item" else "the place of an item"
        return Origin(f"{which} of {self.each}", str(self.each))
