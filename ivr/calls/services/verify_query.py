"""verify_query: verify the query password; the grant lasts some minutes."""

from datetime import timedelta

from ivr.calls.services.claims import PROOF_OUTCOMES, PROOF_OUTPUTS, answer, prove
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Grant
from ivr.engine.values import Secret


@service(
    ServiceContract(
        "verify_query",
        inputs={"pin": "digits"},
        secrets=frozenset({"pin"}),
        outcomes=PROOF_OUTCOMES,
        outputs=PROOF_OUTPUTS,
        effects=frozenset({"proves"}),
        needs=frozenset({"identity"}),
        grants={"verified": frozenset({"query"})},
        refuses=frozenset({"wrong"}),
    )
)
def verify_query(context: Context, pin: Secret) -> ServiceAnswer:
    """Failures count towards a lock; see `customers.lockout`."""
    until = context.now + timedelta(minutes=context.settings.verification.query.valid_minutes)
    return answer(context, prove(context, "query", pin.reveal()), Grant("query", until.timestamp()))
