"""authenticate: go on only with a caller who has proven who they are, at a level."""

from typing import ClassVar, Literal

from pydantic import Field

from ivr.engine.events import Event, FlowReturned
from ivr.engine.node import Move, Node, Push
from ivr.engine.references import Target
from ivr.engine.registry import register
from ivr.engine.runtime.run import Run


@register
class Authenticate(Node):
    """`authenticate: query`: at once when still proven, else by the flow that defaults.yaml names for the level."""

    verb: ClassVar[str] = "authenticate"

    authenticate: Literal["identity", "query", "transaction"] = Field(description="how sure the bank must be")
    outcomes: dict[str, Target] = Field(description="verified and every other word the flow returns")

    def enter(self, run: Run) -> Move:
        if run.holds(self.authenticate):
            return run.route(self.outcomes, "verified")
        return Push(run.bundle.authenticate[self.authenticate], {})

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if not isinstance(event, FlowReturned):
            return self.enter(run)
        if event.outcome == "verified" and not run.holds(self.authenticate):
            return run.give_up()  # a flow's word is no proof
        return run.route(self.outcomes, event.outcome)
