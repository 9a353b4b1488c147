"""send_transfer_code: a one-time code for one payee and one amount, both named in its text."""

from typing import Any

from ivr.calls.services.context import Context
from ivr.calls.services.one_time import SENT_OUTCOMES, SENT_OUTPUTS, send_code, transfer_binding
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "send_transfer_code",
        inputs={"account": "choice", "payee": "choice", "amount": "money"},
        outcomes=SENT_OUTCOMES,
        outputs=SENT_OUTPUTS,
        needs=frozenset({"identity", "query", "confirmation"}),  # the code approves exactly what was confirmed
        reads_back={"payee": ("name", "last4"), "amount": (), "account": ("last4",)},
        texts={"texts.transfer_code": ("code", "payee_name", "last4", "amount")},
    )
)
def send_transfer_code(context: Context, account: dict[str, Any], payee: dict[str, Any], amount: int) -> ServiceAnswer:
    """The code approves only this transfer in this call."""
    bound = transfer_binding(context, account["id"], payee["id"], amount)
    facts = {"payee_name": payee["name"], "last4": payee["last4"], "amount": amount}
    return send_code(context, bound, "texts.transfer_code", facts)
