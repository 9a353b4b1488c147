"""transfer: into a queue for a person, with everything that is known."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from ivr.engine.actions import Enqueue, Rejoin
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import QUEUE_RESULTS, Event, FlowReturned, QueueLeft, ServiceAnswered
from ivr.engine.moves import Move
from ivr.engine.node import Node
from ivr.engine.references import ROUTED, Prompts, QueueName, Target
from ivr.engine.registry import register
from ivr.engine.step_run import StepRun
from ivr.engine.telling import GIVE_UP, Says

SERVICE = "join_queue"
JOINED = "joined"


@register
class Transfer(Node):
    """`transfer: payments`, or `transfer: routed` for the queue that config.yaml's routing gives."""

    verb: ClassVar[str] = "transfer"
    enqueues: ClassVar[bool] = True

    transfer: QueueName = Field(description="a queue, or routed")
    connecting: Prompts | None = Field(None, description="said before the wait begins")
    outcomes: dict[str, Target] = Field(description="closed, full, failed, timeout, callback, answered -> step")

    def service(self) -> str:
        return SERVICE

    def results(self, contract: ServiceContract) -> frozenset[str]:
        return frozenset(contract.outcomes) - {JOINED} | QUEUE_RESULTS

    def enter(self, run: StepRun) -> Move:
        if run.session.with_agent:
            return run.wait_for(Rejoin())
        return run.invoke(SERVICE, {"queue": self._queue(run)})

    def resume(self, run: StepRun, event: Event | FlowReturned) -> Move:
        if isinstance(event, QueueLeft):
            run.session.with_agent = False
            return run.route(self.outcomes, event.result)
        if isinstance(event, ServiceAnswered) and event.outcome == JOINED:
            run.note(JOINED)
            if self.connecting is not None:
                run.say(self.connecting)
            enqueue = Enqueue(self._queue(run), run.session.language, again=bool(run.session.queued))
            run.session.queued = [frame.copy() for frame in run.session.frames]
            return run.wait_for(enqueue)
        if isinstance(event, ServiceAnswered):
            return run.route(self.outcomes, event.outcome)
        return self.enter(run)

    def _queue(self, run: StepRun) -> str:
        if self.transfer != ROUTED:
            return str(self.transfer)
        return run.routed_queue()

    def says(self) -> Iterator[Says]:
        yield from self.said_in("connecting", sometimes=True)

    def routes(self) -> Mapping[str, Target]:
        return self.outcomes

    def quiet(self, label: str) -> bool:
        """A queue is a wait; one that takes nobody is none."""
        return label in ("full", "failed") or label not in QUEUE_RESULTS | {GIVE_UP}

    def heard_until(self, label: str) -> str | None:
        return None  # with a person the way is at its end
