"""transfer: put the call into a queue for an agent."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from ivr.engine.actions import Enqueue, Rejoin
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import QUEUE_RESULTS, Event, FlowReturned, QueueLeft, ServiceAnswered
from ivr.engine.introspection import GIVE_UP, SpokenPrompt
from ivr.engine.node import Node
from ivr.engine.references import ROUTED, PromptKeys, QueueName, Target
from ivr.engine.registry import register
from ivr.engine.step_results import StepResult
from ivr.engine.step_run import StepRun

SERVICE = "join_queue"
JOINED = "joined"


@register
class TransferStep(Node):
    """`transfer: payments`, or `transfer: routed` for the queue that the routing rules of config.yaml select."""

    verb: ClassVar[str] = "transfer"
    enqueues: ClassVar[bool] = True

    transfer: QueueName = Field(description="a queue, or routed")
    connecting: PromptKeys | None = Field(None, description="said before the wait begins")
    outcomes: dict[str, Target] = Field(description="closed, full, failed, timeout, callback, answered -> step")

    def service(self) -> str:
        return SERVICE

    def results(self, contract: ServiceContract) -> frozenset[str]:
        return frozenset(contract.outcomes) - {JOINED} | QUEUE_RESULTS

    def enter(self, run: StepRun) -> StepResult:
        if run.session.with_agent:
            return run.wait_for(Rejoin())
        return run.invoke(SERVICE, {"queue": self._queue(run)})

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        if isinstance(event, QueueLeft):
            run.session.with_agent = False
            return run.route(self.outcomes, event.result)
        if isinstance(event, ServiceAnswered) and event.outcome == JOINED:
            run.note(JOINED)
            if self.connecting is not None:
                run.say(self.connecting)
            enqueue = Enqueue(self._queue(run), run.session.language, still_queued=bool(run.session.queued))
            run.session.queued = [frame.copy() for frame in run.session.frames]
            return run.wait_for(enqueue)
        if isinstance(event, ServiceAnswered):
            return run.route(self.outcomes, event.outcome)
        return self.enter(run)

    def _queue(self, run: StepRun) -> str:
        if self.transfer != ROUTED:
            return str(self.transfer)
        return run.routed_queue()

    def spoken_prompts(self) -> Iterator[SpokenPrompt]:
        yield from self.prompts_under("connecting", sometimes=True)

    def routes(self) -> Mapping[str, Target]:
        return self.outcomes

    def is_silent_exit(self, label: str) -> bool:
        """Waiting in a queue is not silent; a queue that is full or failed takes nobody."""
        return label in ("full", "failed") or label not in QUEUE_RESULTS | {GIVE_UP}

    def heard_before_exit(self, label: str) -> str | None:
        return None  # the measured path ends at an agent
