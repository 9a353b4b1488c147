"""callback: store that the bank is to call back, at a number the caller agreed to."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.events import Event, FlowReturned, ServiceAnswered
from ivr.engine.node import Move, Node
from ivr.engine.references import Target, VariableName
from ivr.engine.registry import register
from ivr.engine.runtime.refusing import refuse
from ivr.engine.runtime.run import Run

SERVICE = "book_callback"


@register
class Callback(Node):
    """`callback: number`; booked, or invalid when the bank does not call such a number."""

    verb: ClassVar[str] = "callback"

    callback: VariableName = Field(description="the variable that holds the number")
    outcomes: dict[str, Target] = Field(description="booked, invalid -> step")

    def service(self) -> str:
        return SERVICE

    def given(self) -> dict[str, str]:
        return {"number": self.callback}

    def enter(self, run: Run) -> Move:
        contract = run.bundle.services[SERVICE]
        if not run.holds("confirmation") or not run.is_read_back(contract):
            return run.close_gate(contract)
        return run.invoke(SERVICE, {"number": run.frame.variables.get(self.callback)})

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if isinstance(event, ServiceAnswered):
            if event.outcome in run.bundle.services[SERVICE].refuses:
                refuse(run)
            return run.route(self.outcomes, event.outcome)
        return self.enter(run)
