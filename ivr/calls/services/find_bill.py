"""find_bill: the open bill of a biller's customer number."""

from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "find_bill",
        inputs={"biller": "text", "customer_number": "digits"},
        outcomes={
            "found": ("bill",),
            "nothing_due": ("biller_name",),
            "unknown_number": ("biller_name",),
            "unavailable": (),
        },
        outputs={"bill": "choice", "biller_name": "text"},
        parts={"bill": {"biller_name": "text", "customer_number": "digits", "amount": "money"}},
        needs=frozenset({"identity", "query"}),
        words={"biller": "billers"},
        refuses=frozenset({"unknown_number"}),
    )
)
def find_bill(context: Context, biller: str, customer_number: str) -> ServiceAnswer:
    """The biller is an id of config.yaml. A bill holds everything that is read back, so that exactly that is paid."""
    names = context.bundle.billers.get(biller, {})
    try:
        bill = context.bank.find_bill(biller, customer_number)
    except LookupError:
        return ServiceAnswer("unknown_number", {"biller_name": names})
    if bill is None:
        return ServiceAnswer("nothing_due", {"biller_name": names})
    spoken = {"biller_name": names, "customer_number": customer_number, "amount": bill.amount_fen}
    return ServiceAnswer("found", {"bill": {"id": bill.id, "biller": biller, **spoken}})
