"""What a customer is told when an instruction that was "pending" on the telephone has come to its end."""

from sqlalchemy.orm import Session

from ivr import clock
from ivr.banking.models import CoreOrder
from ivr.calls.bundles import Bundles
from ivr.crypto import Keyring
from ivr.customers import directory
from ivr.outbox import texts

TOLD = frozenset({"transfer", "bill"})


def tell(bundles: Bundles, keyring: Keyring, rows: Session, order: CoreOrder) -> None:
    """Text the customer what became of a payment, in their own language, with the transaction that closes it."""
    person = directory.person(rows, keyring, order.customer_id)
    if person is None or order.kind not in TOLD:
        return
    bundle = bundles.newest(rows.connection())
    language = person.language if person.language in bundle.prompts else bundle.languages[0]
    prompts = bundle.prompts[language]
    facts = {
        **bundle.constants,
        "what": prompts.render(f"names.{order.kind}", bundle.constants),
        "amount": order.amount_fen,
        "reference": order.reference,
    }
    key = "texts.settled_refused" if order.state == "refused" else "texts.settled_done"
    texts.post(
        rows,
        keyring,
        key=f"{order.key}:{key}",
        recipient=person.mobile,
        body=prompts.render(key, facts),
        now=clock.now(),
    )
