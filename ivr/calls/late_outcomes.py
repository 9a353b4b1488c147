"""Late outcomes: texts to customers who did not hear the outcome of an instruction in the call."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from ivr.bank.customers import directory
from ivr.bank.remote.models import CoreOrder
from ivr.bank.remote.orders import body_of
from ivr.calls.publishing.bundles import Bundles
from ivr.foundation.crypto import Keyring
from ivr.platform.outbox import texts

LOG = structlog.get_logger("ivr.core")


def tell(bundles: Bundles, keyring: Keyring, db: Session, order: CoreOrder, now: datetime) -> None:
    """Send the customer a text about the outcome of an instruction, in the customer's language."""
    if order.state == "refused" and order.kind in ("loss", "password"):
        LOG.critical("the core bank refused a protective instruction", kind=order.kind, key=order.key)
    person = directory.person(db, keyring, order.customer_id)
    if person is None:
        LOG.error("a customer without a mobile cannot be texted an outcome", kind=order.kind, key=order.key)
        return
    bundle = bundles.newest(db.connection())
    language = person.language if person.language in bundle.prompts else bundle.languages[0]
    prompts = bundle.prompts[language]
    body = body_of(keyring, order)
    what = f"{body['kind']}_password" if order.kind == "password" else order.kind
    facts = {
        **bundle.constants,
        **_particulars(order, body),
        "what": prompts.render(f"names.{what}", bundle.constants),
        "reference": order.reference,
        "now": now.astimezone(bundle.zone).isoformat(timespec="seconds"),
    }
    key = _prompt(order)
    texts.post(db, keyring, key=f"{order.key}:{key}", recipient=person.mobile, body=prompts.render(key, facts), now=now)


def _prompt(order: CoreOrder) -> str:
    if order.kind in ("transfer", "bill"):
        return "texts.settled_refused" if order.state == "refused" else "texts.settled_done"
    return "texts.declined" if order.state == "refused" else f"texts.settled_{order.kind}"


def _particulars(order: CoreOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    if order.kind == "loss":
        return {"last4": str(body["card"])[-4:]}
    return {"amount": order.amount_fen}
