"""list_accounts: the caller's own accounts with what is on them."""

from ivr.engine.contracts import ServiceContract
from ivr.services.context import Context
from ivr.services.registry import Answer, service


@service(
    ServiceContract(
        "list_accounts",
        outcomes={"found": ("accounts",), "none": (), "unavailable": ()},
        outputs={"accounts": "list"},
        parts={"accounts": {"last4": "digits", "balance": "money", "available": "money"}},
        effects=frozenset({"reveals_data"}),
        needs=frozenset({"identity", "query"}),
    )
)
def list_accounts(context: Context) -> Answer:
    """Each account as {"id", "last4", "balance", "available"}; amounts in fen."""
    accounts = context.bank.accounts(context.known)
    if not accounts:
        return Answer("none")
    listed = [{"id": a.id, "last4": a.last4, "balance": a.balance_fen, "available": a.available_fen} for a in accounts]
    return Answer("found", {"accounts": listed})
