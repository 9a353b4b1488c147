"""verify_transaction: verify the transaction password; the grant is for one use."""

from datetime import timedelta

from ivr.calls.services.claims import PROOF_OUTCOMES, PROOF_OUTPUTS, answer, prove
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Grant
from ivr.engine.values import Secret


@service(
    ServiceContract(
        "verify_transaction",
        inputs={"pin": "digits"},
        secrets=frozenset({"pin"}),
        outcomes=PROOF_OUTCOMES,
        outputs=PROOF_OUTPUTS,
        effects=frozenset({"proves"}),
        needs=frozenset({"identity"}),
        grants={"verified": frozenset({"transaction"})},
        refuses=frozenset({"wrong"}),
    )
)
def verify_transaction(context: Context, pin: Secret) -> ServiceAnswer:
    """The grant expires at the latest with the duration of a query verification."""
    until = context.now + timedelta(minutes=context.settings.verification.query.valid_minutes)
    return answer(
        context, prove(context, "transaction", pin.reveal()), Grant("transaction", until.timestamp(), single_use=True)
    )
