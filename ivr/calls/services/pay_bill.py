"""pay_bill: pay the bill that was read back, once, with a receipt by text."""

from typing import Any

from ivr.bank.core import Bill
from ivr.calls.services.context import Context
from ivr.calls.services.postings import as_answer
from ivr.calls.services.registry import ServiceAnswer, Working, service
from ivr.db.locks import Lock, advisory_lock
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "pay_bill",
        inputs={"bill": "choice", "account": "choice"},
        outcomes={
            "done": ("reference",),
            "pending": ("reference",),
            "no_funds": (),
            "no_other_account": (),
            "frozen": (),
            "lost": (),
            "already_paid": (),
            "bill_changed": (),
            "unavailable": (),
        },
        outputs={"reference": "digits"},
        effects=frozenset({"moves_money"}),
        needs=frozenset({"identity", "query", "transaction", "confirmation"}),
        refuses=frozenset({"no_funds"}),
        reads_back={"bill": ("biller_name", "customer_number", "amount"), "account": ("last4",)},
    )
)
def pay_bill(context: Context, bill: dict[str, Any], account: dict[str, Any]) -> ServiceAnswer | Working:
    """The core refuses a bill that has changed. A caller with a single account is not offered another one."""
    advisory_lock(context.db, Lock.MONEY, context.known)
    advisory_lock(context.db, Lock.BILL, bill["id"])
    due = Bill(bill["id"], bill["biller"], bill["customer_number"], bill["amount"])
    posting = context.bank.pay_bill(context.key, context.known, account["id"], due)
    if posting.refusal == "no_funds" and len(context.bank.accounts(context.known)) == 1:
        return ServiceAnswer("no_other_account")
    facts = {"amount": due.amount_fen, "biller_name": bill["biller_name"], "last4": account["last4"]}
    return as_answer(context, posting, "texts.bill_paid", facts)
