"""transfer_money: execute the confirmed transfer, approved by its own code, exactly once."""

from typing import Any

from ivr.bank.customers import codes
from ivr.calls.services.context import Context
from ivr.calls.services.one_time import transfer_binding
from ivr.calls.services.postings import REFUSED_ANSWERS, TRANSFER_REFUSALS, as_answer, is_repeat
from ivr.calls.services.registry import ServiceAnswer, Working, service
from ivr.db.locks import Lock, advisory_lock
from ivr.engine.contracts import ServiceContract


@service(
    ServiceContract(
        "transfer_money",
        inputs={"account": "choice", "payee": "choice", "amount": "money", "again": "flag"},
        outcomes={
            "done": ("reference",),
            "pending": ("reference",),
            "repeat": (),
            **TRANSFER_REFUSALS,
            "code_mismatch": (),
            "unavailable": (),
        },
        outputs={"reference": "digits", "room": "money", "held_until": "date"},
        effects=frozenset({"moves_money"}),
        needs=frozenset({"identity", "query", "transaction", "second_factor", "confirmation"}),
        refuses=REFUSED_ANSWERS | {"code_mismatch"},
        reads_back={"payee": ("name", "last4"), "amount": (), "account": ("last4",)},
        fixed=frozenset({"again"}),
    )
)
def transfer_money(
    context: Context, account: dict[str, Any], payee: dict[str, Any], amount: int, again: bool | None
) -> ServiceAnswer | Working:
    """A code for another payee or amount is refused. While the core works, it is asked again.

    Instructions of one customer are serialised, so that each is checked against those before it. A transfer that equals
    one of another call is executed only if the caller confirmed it as wanted `again`.
    """
    advisory_lock(context.db, Lock.MONEY, context.known)
    known = context.bank.outcome(context.key)
    if known is None:
        if not again and is_repeat(context, payee["id"], amount):
            return ServiceAnswer("repeat")
        bound = transfer_binding(context, account["id"], payee["id"], amount)
        if not codes.use(context.db, call=context.call, bound=bound):
            return ServiceAnswer("code_mismatch")
    posting = context.bank.transfer(context.key, context.known, account["id"], payee["id"], amount)
    facts = {"amount": amount, "payee_name": payee["name"], "last4": payee["last4"], "from_last4": account["last4"]}
    return as_answer(context, posting, "texts.transfer_done", facts)
