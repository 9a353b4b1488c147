"""check_transfer: whether a transfer would be accepted now, and whether it repeats a recent one."""

from typing import Any

from ivr.calls.services.context import Context
from ivr.calls.services.postings import REFUSED_ANSWERS, TRANSFER_REFUSALS, is_repeat, refusal_facts
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "check_transfer",
        inputs={"account": "choice", "payee": "choice", "amount": "money"},
        outcomes={
            "fine": (),
            "repeat": (),
            **TRANSFER_REFUSALS,
            "unavailable": (),
        },
        outputs={"room": "money", "held_until": "date"},
        needs=frozenset({"identity", "query"}),
        refuses=REFUSED_ANSWERS,
    )
)
def check_transfer(context: Context, account: dict[str, Any], payee: dict[str, Any], amount: int) -> ServiceAnswer:
    """Callers hear a refusal before they sign; the transfer itself checks again."""
    posting = context.bank.check_transfer(context.known, account["id"], payee["id"], amount)
    if posting.state == "refused":
        return ServiceAnswer(posting.refusal, refusal_facts(context, posting))
    return ServiceAnswer("repeat" if is_repeat(context, payee["id"], amount) else "fine")
