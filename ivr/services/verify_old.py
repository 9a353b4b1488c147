"""verify_old: the present password of the kind that is to be changed; good for one change."""

from datetime import timedelta
from typing import cast

from ivr.customers.verification import Kind
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Grant
from ivr.engine.values import Secret
from ivr.services.claims import answer, prove
from ivr.services.context import Context
from ivr.services.registry import Answer, service


@service(
    ServiceContract(
        "verify_old",
        inputs={"kind": "text", "pin": "digits"},
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
        grants={"verified": frozenset({"old_password"})},
    )
)
def verify_old(context: Context, kind: str, pin: Secret) -> Answer:
    """Counted with the same locks as the password's everyday use."""
    until = context.now + timedelta(minutes=context.settings.verification.query.valid_minutes)
    proven = Grant("old_password", until.timestamp(), once=True)
    return answer(context, prove(context, cast("Kind", kind), pin.reveal()), proven)
