"""list_accounts: the caller's own accounts with their balances."""

from ivr.calls.services.context import Context
from ivr.calls.services.postings import ACCOUNT_PARTS, account_facts
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "list_accounts",
        outcomes={"found": ("accounts",), "none": (), "unavailable": ()},
        outputs={"accounts": "list"},
        parts={"accounts": ACCOUNT_PARTS},
        effects=frozenset({"reveals_data"}),
        needs=frozenset({"identity", "query"}),
    )
)
def list_accounts(context: Context) -> ServiceAnswer:
    """Each account, in the order of the core bank."""
    accounts = context.bank.accounts(context.known)
    if not accounts:
        return ServiceAnswer("none")
    return ServiceAnswer("found", {"accounts": [account_facts(context, account) for account in accounts]})
