"""join_queue: enter a queue for an agent with the known facts about the caller (invoked by the `transfer` step)."""

from ivr.bank.customers import directory
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.centre.desk.queries import served_last
from ivr.centre.queues import waiting
from ivr.centre.queues.distribution import staffed
from ivr.centre.queues.staffing import staffing_of
from ivr.centre.queues.waiting import Caller
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "join_queue",
        inputs={"queue": "text"},
        outcomes={"joined": (), "closed": (), "full": ()},
    )
)
def join_queue(context: Context, queue: str) -> ServiceAnswer:
    """joined, closed (out of hours, or not staffed) or full."""
    rules = context.bundle.queues[queue]
    level = next((each for each in ("transaction", "query") if each in context.grants), "none")
    known = directory.registered(context.customer_id)
    preferred = served_last(context.db, known)
    caller = Caller(
        context.call, context.language, level, context.intent, context.path, known, preferred, context.failed_step,
        context.proven_until,
    )  # fmt: skip
    staff = staffed(context.db, staffing_of(queue, rules)) if context.bundle.is_open(rules.hours, context.now) else 0
    return ServiceAnswer(waiting.join(context.db, queue, rules, staff, caller, context.now))
