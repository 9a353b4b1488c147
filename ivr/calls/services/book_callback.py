"""book_callback: store a promised callback (invoked by the `callback` step after the caller's confirmation)."""

from ivr.bank.customers import directory, verification
from ivr.calls.services.claims import attempt, used_up
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.centre.queues import callbacks, waiting
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "book_callback",
        inputs={"number": "digits", "recording": "text"},
        outcomes={"booked": (), "already": (), "limit": (), "invalid": ()},
        effects=frozenset({"stores_contact"}),
        needs=frozenset({"confirmation"}),
        refuses=frozenset({"invalid"}),
        reads_back={"number": ()},
    )
)
def book_callback(context: Context, number: str, recording: str | None = None) -> ServiceAnswer:
    """The stored problem is the caller's intent and path. Callbacks per calling number and day are limited.

    `recording` is the provider's id of a message that the caller left.
    """
    rules = context.settings.callbacks
    if context.called_back(number) is None:
        return ServiceAnswer("invalid")
    if used_up(context, "callback", rules.a_day, rules.withheld_a_day):
        return ServiceAnswer("limit")
    wanted = context.render(f"names.intent_{context.intent or 'general'}", {}, context.bundle.languages[0])
    known = directory.registered(context.customer_id)
    kept = callbacks.book(
        context.db,
        context.keyring,
        call=context.call,
        number=number,
        queue=context.bundle.queue_for(context.intent, context.language),
        problem=f"{wanted} ({' > '.join(context.path)})",
        language=context.language,
        customer_id=known,
        consented_at=context.now,
        recording=recording,
    )
    if kept != "invalid":
        waiting.booked(context.db, context.call, context.now)
    if kept != "booked":
        return ServiceAnswer(kept)
    verification.note(context.db, attempt(context, known or "", "query"), "callback", right=True)
    return ServiceAnswer("booked", committed=True)
