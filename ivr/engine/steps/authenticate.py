"""authenticate: continue only once the caller has proven who they are, at a level."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from ivr.engine.events import Event, FlowReturned
from ivr.engine.node import Node
from ivr.engine.references import Target
from ivr.engine.registry import register
from ivr.engine.step_results import Push, StepResult
from ivr.engine.step_run import StepRun


@register
class Authenticate(Node):
    """`authenticate: query`: continues at once while the proof is valid, otherwise runs the level's flow from
    defaults.yaml.
    """

    verb: ClassVar[str] = "authenticate"

    authenticate: Literal["identity", "query", "transaction"] = Field(description="how sure the bank must be")
    outcomes: dict[str, Target] = Field(description="verified and every other word the flow returns")

    def enter(self, run: StepRun) -> StepResult:
        if run.is_proven(self.authenticate):
            return run.route(self.outcomes, "verified")
        return Push(run.flow_for(self.authenticate), {})

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        if not isinstance(event, FlowReturned):
            return self.enter(run)
        if event.outcome == "verified" and not run.is_proven(self.authenticate):
            return run.give_up()  # the returned word alone is not a proof
        return run.route(self.outcomes, event.outcome)

    def proven_level(self) -> str:
        return self.authenticate

    def subflow(self, levels: Mapping[str, str]) -> str:
        return levels[self.authenticate]

    def routes(self) -> Mapping[str, Target]:
        return self.outcomes

    def return_target(self, word: str) -> Target | None:
        return self.outcomes.get(word)

    def may_give_up(self) -> bool:
        return True

    def is_silent_exit(self, label: str) -> bool:
        return label == "verified"  # proven already
