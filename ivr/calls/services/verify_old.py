"""verify_old: the present password of the kind that is to be changed; good for one change."""

from datetime import timedelta
from typing import cast

from ivr.bank.customers.verification import Kind
from ivr.calls.services.claims import PROOF_OUTCOMES, PROOF_OUTPUTS, answer, prove
from ivr.calls.services.context import Context
from ivr.calls.services.one_time import old_password_grant
from ivr.calls.services.registry import Answer, service
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Grant
from ivr.engine.values import Secret


@service(
    ServiceContract(
        "verify_old",
        inputs={"kind": "text", "pin": "digits"},
        secrets=frozenset({"pin"}),
        outcomes={**PROOF_OUTCOMES, "query_first": ()},
        outputs=PROOF_OUTPUTS,
        effects=frozenset({"proves"}),
        needs=frozenset({"identity"}),
        grants={"verified": frozenset({"old_password"})},
        refuses=frozenset({"wrong"}),
    )
)
def verify_old(context: Context, kind: str, pin: Secret) -> Answer:
    """Counted with the same locks as the password's everyday use.

    Who has not proven the query password tries no transaction password: they could lock it for its owner.
    """
    if kind == "transaction" and "query" not in context.grants:
        return Answer("query_first")
    until = context.now + timedelta(minutes=context.settings.verification.query.valid_minutes)
    names = ("old_password", old_password_grant(kind))
    grants = (Grant(name, until.timestamp(), single_use=True) for name in names)
    return answer(context, prove(context, cast("Kind", kind), pin.reveal()), *grants)
