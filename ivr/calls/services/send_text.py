"""send_text: text the caller (invoked by the `text` step)."""

from ivr.bank.customers import directory
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract
from ivr.foundation.phone import callback_number as dialable
from ivr.platform.outbox import texts


@service(
    ServiceContract(
        "send_text",
        inputs={"to": "text", "body": "text", "private": "flag"},
        outcomes={"sent": (), "no_number": (), "limit": ()},
        effects=frozenset({"stores_contact"}),
    )
)
def send_text(context: Context, to: str, body: str, private: bool) -> ServiceAnswer:
    """To the registered mobile of an identified customer, or to the calling number if it is a Chinese one.

    A calling number proves nothing: a `private` text is never sent there, and without a verified password only a few
    texts a day are sent to one recipient.
    """
    if private and (to != "registered" or "query" not in context.grants):
        raise PermissionError("a private text must not be sent to an unverified calling number")
    person = directory.person(context.db, context.keyring, context.customer_id) if context.customer_id else None
    calling = None if private else dialable(context.caller or "")
    number = person.mobile if to == "registered" and person else calling
    if number is None:
        return ServiceAnswer("no_number")
    is_left = texts.post(
        context.db,
        context.keyring,
        key=f"{context.key}:text",
        recipient=number,
        body=body,
        now=context.now,
        most_a_day=None if "query" in context.grants else context.settings.texts.unproven_a_day,
    )
    return ServiceAnswer("sent", committed=True) if is_left else ServiceAnswer("limit")
