"""verify_old: verify the current password of the kind to be changed; grants one change."""

from datetime import timedelta
from typing import cast

from ivr.bank.customers.verification import Kind
from ivr.calls.services.claims import PROOF_OUTCOMES, PROOF_OUTPUTS, answer, prove
from ivr.calls.services.context import Context
from ivr.calls.services.one_time import old_password_grant
from ivr.calls.services.registry import ServiceAnswer, service
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
def verify_old(context: Context, kind: str, pin: Secret) -> ServiceAnswer:
    """Failures count in the same lockout as in ordinary verification.

    The query password must be verified before the transaction password may be tried: a stranger could lock it.
    """
    if kind == "transaction" and "query" not in context.grants:
        return ServiceAnswer("query_first")
    until = context.now + timedelta(minutes=context.settings.verification.query.valid_minutes)
    names = ("old_password", old_password_grant(kind))
    grants = (Grant(name, until.timestamp(), single_use=True) for name in names)
    return answer(context, prove(context, cast("Kind", kind), pin.reveal()), *grants)
