"""text: send the caller a text message."""

from typing import ClassVar, Literal

from pydantic import Field

from ivr.engine.events import Event, FlowReturned, ServiceAnswered
from ivr.engine.node import Goto, Move, Node
from ivr.engine.references import PromptKey, Target
from ivr.engine.registry import register
from ivr.engine.run import Run

SERVICE = "send_text"


@register
class TextMessage(Node):
    """`text: texts.branches` to the registered mobile, or to the number that is calling."""

    verb: ClassVar[str] = "text"

    text: PromptKey = Field(description="the prompt that is sent")
    to: Literal["registered", "caller"] = "registered"
    then: Target

    def service(self) -> str:
        return SERVICE

    def enter(self, run: Run) -> Move:
        body = run.prompts.render(self.text, run.scope())
        return run.invoke(SERVICE, {"to": self.to, "body": body})

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if isinstance(event, ServiceAnswered):
            run.note(event.outcome)
            return Goto(self.then)
        return self.enter(run)
