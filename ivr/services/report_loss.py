"""report_loss: stop a card at once; it only ever makes things safer, so it asks for no password."""

from datetime import timedelta
from typing import Any

from ivr.customers import verification
from ivr.engine.contracts import ServiceContract
from ivr.services.claims import attempt, caller_index
from ivr.services.context import Context
from ivr.services.postings import send
from ivr.services.registry import Answer, service


@service(
    ServiceContract(
        "report_loss",
        inputs={"card": "choice"},
        outcomes={
            "reported": ("valid_until", "reference"),
            "already": ("valid_until",),
            "limit": (),
            "not_found": (),
            "unavailable": (),
        },
        outputs={"valid_until": "date", "reference": "digits"},
        effects=frozenset({"changes_security"}),
        needs=frozenset({"identity", "confirmation"}),
    )
)
def report_loss(context: Context, card: dict[str, Any]) -> Answer:
    """An oral report, good for some days; a number that calls may make a few of them a day."""
    rules = context.settings.card_loss
    until = context.now + timedelta(days=rules.oral_report_days)
    since = context.now - timedelta(days=1)
    if verification.losses(context.rows, caller_index(context), since) >= rules.reports_a_day:
        return Answer("limit")
    number = next((a.card for a in context.bank.accounts(context.known) if a.id == card["id"]), None)
    if number is None:
        return Answer("not_found")
    report = context.bank.report_loss(context.key, context.known, number, until)
    facts = {"valid_until": context.local(report.until), "last4": card["last4"], "reference": report.reference}
    if not report.is_new:
        return Answer("already", facts)
    verification.note(context.rows, attempt(context, context.known, "query"), "loss", right=True)
    send(context, context.known, "texts.card_lost", facts)
    return Answer("reported", facts, committed=True)
