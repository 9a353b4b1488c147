"""list_paying_accounts: the caller's own accounts that money can leave, without cards that are frozen or lost."""

from ivr.calls.services.context import Context
from ivr.calls.services.postings import ACCOUNT_PARTS, account_facts
from ivr.calls.services.registry import Answer, service
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
def list_paying_accounts(context: Context) -> Answer:
    """As `list_accounts`; frozen or lost where no account can pay, by the state of the first of them."""
    accounts = context.bank.accounts(context.known)
    paying = [account_facts(context, account) for account in accounts if account.state == "active"]
    if paying:
        return Answer("found", {"accounts": paying})
    return Answer(accounts[0].state if accounts else "none")
