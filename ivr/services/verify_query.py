"""verify_query: the query password; right, it is good for some minutes."""

from datetime import timedelta

from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Grant
from ivr.engine.values import Secret
from ivr.services.claims import answer, prove
from ivr.services.context import Context
from ivr.services.registry import Answer, service


@service(
    ServiceContract(
        "verify_query",
        inputs={"pin": "digits"},
        secrets=frozenset({"pin"}),
        outcomes={
            "verified": (),
            "wrong": ("tries_left",),
            "locked": ("locked_until",),
            "branch": (),
            "call_limit": (),
            "blocked": (),
        },
        outputs={"tries_left": "number", "locked_until": "date"},
        effects=frozenset({"proves"}),
        needs=frozenset({"identity"}),
        grants={"verified": frozenset({"query"})},
    )
)
def verify_query(context: Context, pin: Secret) -> Answer:
    """Counts, locks and grants by trust.md."""
    until = context.now + timedelta(minutes=context.settings.verification.query.valid_minutes)
    return answer(context, prove(context, "query", pin.reveal()), Grant("query", until.timestamp()))
