"""transfer: into a queue for a person, with everything that is known."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.actions import Enqueue
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Event, FlowReturned, QueueLeft, ServiceAnswered
from ivr.engine.node import Move, Node, Wait
from ivr.engine.references import Prompts, QueueName, Target
from ivr.engine.registry import register
from ivr.engine.runtime.run import Run

SERVICE = "join_queue"
ROUTED = "routed"
JOINED = "joined"
LEFT = frozenset({"answered", "callback", "timeout", "full", "failed"})  # how a wait in the queue goes on


@register
class Transfer(Node):
    """`transfer: payments`, or `transfer: routed` for the queue that config.yaml's routing gives."""

    verb: ClassVar[str] = "transfer"

    transfer: QueueName = Field(description="a queue, or routed")
    connecting: Prompts | None = Field(None, description="said before the wait begins")
    outcomes: dict[str, Target] = Field(description="closed, full, failed, timeout, callback, answered -> step")

    def service(self) -> str:
        return SERVICE

    def results(self, contract: ServiceContract) -> frozenset[str]:
        return frozenset(contract.outcomes) - {JOINED} | LEFT

    def enter(self, run: Run) -> Move:
        return run.invoke(SERVICE, {"queue": self._queue(run)})

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if isinstance(event, QueueLeft):
            return run.route(self.outcomes, event.result)
        if isinstance(event, ServiceAnswered) and event.outcome == JOINED:
            run.note(JOINED)
            if self.connecting is not None:
                run.say(self.connecting)
            run.flush()
            run.actions.append(Enqueue(self._queue(run), run.session.language, again=bool(run.session.queued)))
            run.session.queued = [frame.copy() for frame in run.session.frames]
            return Wait()
        if isinstance(event, ServiceAnswered):
            return run.route(self.outcomes, event.outcome)
        return self.enter(run)

    def _queue(self, run: Run) -> str:
        if self.transfer != ROUTED:
            return str(self.transfer)
        return run.bundle.queue_for(run.session.intent, run.session.language)
