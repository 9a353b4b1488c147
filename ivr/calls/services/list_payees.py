"""list_payees: the allowed targets of a transfer: own accounts and registered payees."""

from typing import Any

from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "list_payees",
        inputs={"account": "choice"},
        outcomes={"found": ("payees",), "none": (), "unavailable": ()},
        outputs={"payees": "list"},
        parts={"payees": {"name": "text", "last4": "digits"}},
        effects=frozenset({"reveals_data"}),
        needs=frozenset({"identity", "query"}),
    )
)
def list_payees(context: Context, account: dict[str, Any]) -> ServiceAnswer:
    """Each payee as {"id", "name", "last4"}, without the paying account; own accounts are named as such."""
    own = {each: context.render("names.own_account", {}, each) for each in context.bundle.languages}
    payees = [p for p in context.bank.payees(context.known) if not (p.own and p.last4 == account["last4"])]
    listed = [{"id": p.id, "name": own if p.own else p.name, "last4": p.last4} for p in payees]
    return ServiceAnswer("found", {"payees": listed}) if listed else ServiceAnswer("none")
