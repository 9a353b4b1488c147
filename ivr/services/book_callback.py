"""book_callback: keep the promise to call back (the `callback` step asks for it after a yes)."""

from ivr.customers import directory
from ivr.engine.contracts import ServiceContract
from ivr.queues import callbacks
from ivr.services.context import Context
from ivr.services.registry import Answer, service


@service(
    ServiceContract(
        "book_callback",
        inputs={"number": "digits"},
        outcomes={"booked": (), "invalid": ()},
        effects=frozenset({"stores_contact"}),
        needs=frozenset({"confirmation"}),
    )
)
def book_callback(context: Context, number: str) -> Answer:
    """The problem is what the caller came for, and the way that led here."""
    wanted = context.render(f"names.intent_{context.intent or 'general'}", {}, context.settings.languages[0])
    known = context.customer if context.customer and not context.customer.startswith(directory.NOBODY) else None
    kept = callbacks.book(
        context.rows,
        context.keyring,
        call=context.call,
        number=number,
        queue=_queue(context),
        problem=f"{wanted} ({' > '.join(context.path)})",
        language=context.language,
        customer=known,
        consented_at=context.now,
    )
    return Answer("booked", committed=True) if kept else Answer("invalid")


def _queue(context: Context) -> str:
    for route in context.settings.routing:
        if route.intent in (None, context.intent) and route.language in (None, context.language):
            return route.queue
    return context.settings.routing[-1].queue
