"""report_loss: stop a card at once; needs no password, since it can only make the account safer."""

from datetime import timedelta
from typing import Any

from ivr.bank.core import Posting
from ivr.bank.customers import verification
from ivr.calls.services.claims import attempt, used_up
from ivr.calls.services.context import Context
from ivr.calls.services.postings import send
from ivr.calls.services.registry import ServiceAnswer, Working, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "report_loss",
        inputs={"card": "choice"},
        outcomes={
            "reported": ("valid_until", "reference"),
            "pending": ("reference",),
            "already": ("valid_until",),
            "limit": (),
            "not_found": (),
            "unavailable": (),
        },
        outputs={"valid_until": "date", "reference": "digits"},
        effects=frozenset({"changes_security"}),
        needs=frozenset({"identity", "confirmation"}),
        refuses=frozenset({"not_found"}),
        reads_back={"card": ("last4",)},
    )
)
def report_loss(context: Context, card: dict[str, Any]) -> ServiceAnswer | Working:
    """An oral report, valid for some days. While the core works, it is asked again; "reported" only once it is done."""
    known = context.bank.outcome(context.key)
    if known is None and _limited(context):
        return ServiceAnswer("limit")
    lasting = timedelta(days=context.settings.card_loss.oral_report_days)
    until = known.until if known is not None and known.until is not None else context.now + lasting
    number = next((a.card for a in context.bank.accounts(context.known) if a.id == card["id"]), None)
    if number is None:
        return ServiceAnswer("not_found")
    report = context.bank.report_loss(context.key, context.known, number, until)
    if known is None and report.is_new:
        verification.note(context.db, attempt(context, context.known, "query"), "loss", right=True)
    facts = {"valid_until": context.local(report.until), "last4": card["last4"], "reference": report.reference}
    if not report.is_new:
        return ServiceAnswer("already", facts)
    return _told(context, context.bank.outcome(context.key), facts)


def _limited(context: Context) -> bool:
    """Whether the daily limit of reports per caller or per customer is reached."""
    rules, since = context.settings.card_loss, context.now - timedelta(days=1)
    if used_up(context, "loss", rules.reports_a_day, rules.withheld_reports_a_day):
        return True
    return verification.losses_of(context.db, context.known, since) >= rules.customer_reports_a_day


def _told(context: Context, posting: Posting | None, facts: dict[str, Any]) -> ServiceAnswer | Working:
    if posting is None or posting.state == "refused":
        return ServiceAnswer("unavailable")
    if posting.state == "working":
        return Working()
    if posting.state == "pending":
        return ServiceAnswer("pending", facts, committed=True)
    send(context, context.known, "texts.card_lost", facts)
    return ServiceAnswer("reported", facts, committed=True)
