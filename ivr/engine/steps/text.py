"""text: send the caller a text message."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from ivr.engine.contracts import TEXT_SERVICE, ServiceContract
from ivr.engine.events import Event, FlowReturned, ServiceAnswered
from ivr.engine.introspection import SpokenPrompt
from ivr.engine.node import Node
from ivr.engine.references import PromptKey, Target
from ivr.engine.registry import register
from ivr.engine.step_results import Goto, StepResult
from ivr.engine.step_run import StepRun


@register
class TextMessage(Node):
    """`text: texts.branches` to the registered mobile, or to the calling number.

    Customer data goes only to the registered mobile, and only after the query password.
    """

    verb: ClassVar[str] = "text"

    text: PromptKey = Field(description="the prompt that is sent")
    to: Literal["registered", "caller"] = "registered"
    then: Target

    def service(self) -> str:
        return TEXT_SERVICE

    def enter(self, run: StepRun) -> StepResult:
        is_private = run.speaks_private_data()
        if is_private and (self.to == "caller" or not run.is_proven("query")):
            return run.refuse_unproven(run.contract(TEXT_SERVICE))
        body = run.prompts.render(self.text, run.scope())
        return run.invoke(TEXT_SERVICE, {"to": self.to, "body": body, "private": is_private})

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        if isinstance(event, ServiceAnswered):
            run.note(event.outcome)
            return Goto(self.then)
        return self.enter(run)

    def spoken_prompts(self) -> Iterator[SpokenPrompt]:
        yield SpokenPrompt(self.text, "text", sometimes=True, written=True)

    def required_proofs(self, contract: ServiceContract | None, speaks_private_data: bool) -> frozenset[str]:
        """A text with customer data requires the query password."""
        return super().required_proofs(contract, speaks_private_data) | (
            {"query"} if speaks_private_data else frozenset()
        )

    def text_to_caller(self) -> PromptKey | None:
        return self.text if self.to == "caller" else None
