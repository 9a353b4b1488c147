"""join_queue: into the line for an agent, with everything that is known (the `transfer` step asks for it)."""

from ivr.bank.customers import directory
from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
from ivr.centre.queues import waiting
from ivr.centre.queues.waiting import Caller
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "join_queue",
        inputs={"queue": "text"},
        outcomes={"joined": (), "closed": (), "full": ()},
    )
)
def join_queue(context: Context, queue: str) -> Answer:
    """joined, closed (out of hours, or nobody staffs it) or full."""
    rules = context.bundle.queues[queue]
    level = next((each for each in ("transaction", "query") if each in context.grants), "none")
    known = directory.registered(context.customer_id)
    caller = Caller(context.call, context.language, level, context.intent, context.path, known)
    open_now = context.bundle.is_open(rules.hours, context.now)
    return Answer(waiting.join(context.db, queue, rules, open_now, caller, context.now))
