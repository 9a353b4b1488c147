"""check_code: verify the keyed one-time code; a right one approves the operation that it was sent for."""

from ivr.bank.customers import codes
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Grant
from ivr.engine.values import Secret


@service(
    ServiceContract(
        "check_code",
        inputs={"code": "digits"},
        secrets=frozenset({"code"}),
        outcomes={"right": (), "wrong": (), "expired": (), "spent": ()},
        effects=frozenset({"proves"}),
        needs=frozenset({"identity"}),
        grants={"right": frozenset({"second_factor"})},
        refuses=frozenset({"wrong", "expired", "spent"}),
    )
)
def check_code(context: Context, code: Secret) -> ServiceAnswer:
    """After three wrong tries a new code is needed."""
    rules = context.settings.verification.code
    outcome = codes.check(context.db, context.keyring, rules, call=context.call, given=code.reveal(), now=context.now)
    grants = (Grant("second_factor", single_use=True),) if outcome == "right" else ()
    return ServiceAnswer(outcome, grants=grants)
