"""text: send the caller a text message."""

from typing import ClassVar, Literal

from pydantic import Field

from ivr.engine.events import Event, FlowReturned, ServiceAnswered
from ivr.engine.node import Goto, Move, Node
from ivr.engine.references import PromptKey, Target
from ivr.engine.registry import register
from ivr.engine.runtime.run import Run

SERVICE = "send_text"


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
        return SERVICE

    def enter(self, run: Run) -> Move:
        is_private = bool(run.step.spoken & run.bundle.private.get(run.frame.flow, frozenset()))
        if is_private and (self.to == "caller" or not run.holds("query")):
            return run.close_gate(run.bundle.services[SERVICE])
        body = run.prompts.render(self.text, run.scope())
        return run.invoke(SERVICE, {"to": self.to, "body": body, "private": is_private})

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if isinstance(event, ServiceAnswered):
            run.note(event.outcome)
            return Goto(self.then)
        return self.enter(run)
