"""say: speak prompts, once or for each item of a list, and continue."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from ivr.engine.introspection import Provenance, SpokenPrompt, TypeRequirement
from ivr.engine.node import Node
from ivr.engine.references import PromptKeys, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.step_results import Goto, StepResult
from ivr.engine.step_run import StepRun
from ivr.foundation.messages import message


@register
class SayStep(Node):
    """`say: balance.amount`; with `each: movements` the prompts are said for every item, as {item...}."""

    verb: ClassVar[str] = "say"
    only_speaks: ClassVar[bool] = True

    say: PromptKeys = Field(description="the prompt or prompts to speak")
    each: VariableName | None = Field(None, description="a list; the prompts are said for each {item}")
    interrupt: bool = Field(True, description="a key pressed at the next question may cut this short")
    then: Target = Field(description="where to go on")

    def enter(self, run: StepRun) -> StepResult:
        if self.each is None:
            run.say(self.say)
        else:
            for number, item in enumerate(run.scope().get(self.each) or (), 1):
                run.say(self.say, {"item": item, "position": number})
        if not self.interrupt:
            run.flush()
        return Goto(self.then)

    def spoken_prompts(self) -> Iterator[SpokenPrompt]:
        yield from self.prompts_under("say", offers=frozenset({"item", "position"} if self.each is not None else ()))

    def iterated_list(self) -> VariableName | None:
        return self.each

    def type_requirements(self) -> Iterator[TypeRequirement]:
        if self.each is not None:
            yield TypeRequirement(self.each, "list", message("each: goes through a list"))

    def slot_provenance(self, name: str) -> Provenance | None:
        if self.each is None or name not in ("item", "position"):
            return None
        which = "an item" if name == "item" else "the place of an item"
        return Provenance(f"{which} of {self.each}", str(self.each))
