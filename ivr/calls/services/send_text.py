"""send_text: a text to the caller (the `text` step asks for it)."""

from ivr.bank.customers import directory
from ivr.calls.services.context import Context
from ivr.calls.services.registry import Answer, service
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
def send_text(context: Context, to: str, body: str, private: bool) -> Answer:
    """To the registered mobile of a known customer, or to the number that calls where that is a Chinese one.

    A number that calls is no proof: what is `private` never goes there, and without a password only a few texts a day
    reach one recipient.
    """
    if private and (to != "registered" or "query" not in context.grants):
        raise PermissionError("a text that tells something of a customer was to go to a number that proves nothing")
    person = directory.person(context.db, context.keyring, context.customer_id) if context.customer_id else None
    calling = None if private else dialable(context.caller or "")
    number = person.mobile if to == "registered" and person else calling
    if number is None:
        return Answer("no_number")
    is_left = texts.post(
        context.db,
        context.keyring,
        key=f"{context.key}:text",
        recipient=number,
        body=body,
        now=context.now,
        most_a_day=None if "query" in context.grants else context.settings.texts.unproven_a_day,
    )
    return Answer("sent", committed=True) if is_left else Answer("limit")
