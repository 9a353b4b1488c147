"""list_paying_accounts: the caller's own accounts that can pay; those with frozen or lost cards are left out."""

from ivr.calls.services.context import Context
from ivr.calls.services.postings import ACCOUNT_PARTS, account_facts
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "list_paying_accounts",
        outcomes={"found": ("accounts",), "none": (), "frozen": (), "lost": (), "unavailable": ()},
        outputs={"accounts": "list"},
        parts={"accounts": ACCOUNT_PARTS},
        effects=frozenset({"reveals_data"}),
        needs=frozenset({"identity", "query"}),
    )
)
def list_paying_accounts(context: Context) -> ServiceAnswer:
    """As `list_accounts`; "frozen" or "lost", by the first account's state, when no account can pay."""
    accounts = context.bank.accounts(context.known)
    paying = [account_facts(context, account) for account in accounts if account.state == "active"]
    if paying:
        return ServiceAnswer("found", {"accounts": paying})
    return ServiceAnswer(accounts[0].state if accounts else "none")
