"""text: send the caller a text message."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from ivr.engine.contracts import TEXT_SERVICE, ServiceContract
from ivr.engine.events import Event, FlowReturned, ServiceAnswered
from ivr.engine.moves import Goto, Move
from ivr.engine.node import Node
from ivr.engine.references import PromptKey, Target
from ivr.engine.registry import register
from ivr.engine.step_run import StepRun
from ivr.engine.telling import Says


@register
class TextMessage(Node):
    """`text: texts.branches` to the registered mobile, or to the number that is calling.

    What tells something of a customer goes to the registered mobile alone, and only after the query password.
    """

    verb: ClassVar[str] = "text"

    text: PromptKey = Field(description="the prompt that is sent")
    to: Literal["registered", "caller"] = "registered"
    then: Target

    def service(self) -> str:
        return TEXT_SERVICE

    def enter(self, run: StepRun) -> Move:
        is_private = run.tells_private()
        if is_private and (self.to == "caller" or not run.holds("query")):
            return run.close_gate(run.contract(TEXT_SERVICE))
        body = run.prompts.render(self.text, run.scope())
        return run.invoke(TEXT_SERVICE, {"to": self.to, "body": body, "private": is_private})

    def resume(self, run: StepRun, event: Event | FlowReturned) -> Move:
        if isinstance(event, ServiceAnswered):
            run.note(event.outcome)
            return Goto(self.then)
        return self.enter(run)

    def says(self) -> Iterator[Says]:
        yield Says(self.text, "text", sometimes=True, written=True)

    def needs(self, contract: ServiceContract | None, tells_private: bool) -> frozenset[str]:
        """A text reveals what it tells."""
        return super().needs(contract, tells_private) | ({"query"} if tells_private else frozenset())

    def text_to_caller(self) -> PromptKey | None:
        return self.text if self.to == "caller" else None
