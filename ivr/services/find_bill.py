"""find_bill: what is owed to a biller by a customer number."""

from ivr.engine.contracts import ServiceContract
from ivr.services.context import Context
from ivr.services.registry import Answer, service


@service(
    ServiceContract(
        "find_bill",
        inputs={"biller": "text", "customer_number": "digits"},
        outcomes={
            "found": ("bill", "amount", "biller_name"),
            "nothing_due": ("biller_name",),
            "unknown_number": ("biller_name",),
            "unavailable": (),
        },
        outputs={"bill": "choice", "amount": "money", "biller_name": "text"},
        parts={"bill": {"amount": "money", "customer_number": "digits"}},
        needs=frozenset({"identity", "query"}),
        words={"biller": "billers"},
        refuses=frozenset({"unknown_number"}),
    )
)
def find_bill(context: Context, biller: str, customer_number: str) -> Answer:
    """The biller by its id in config.yaml."""
    names = context.bundle.billers.get(biller, {})
    name = {"biller_name": names}
    try:
        bill = context.bank.find_bill(biller, customer_number)
    except LookupError:
        return Answer("unknown_number", name)
    if bill is None:
        return Answer("nothing_due", name)
    kept = {"id": bill.id, "biller": biller, "customer_number": customer_number, "amount": bill.amount_fen}
    return Answer("found", {**name, "bill": kept, "amount": bill.amount_fen})
