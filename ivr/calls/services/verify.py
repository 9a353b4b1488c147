"""verify_query, verify_transaction, verify_old: a password is tried, and what it is good for is granted."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from ivr.bank.customers.verification import Kind
from ivr.calls.services.claims import PROOF_OUTCOMES, PROOF_OUTPUTS, answer, prove
from ivr.calls.services.context import Context
from ivr.calls.services.one_time import old_password_grant
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Grant
from ivr.engine.values import Secret


def _contract(
    name: str, grant: str, inputs: Mapping[str, str], more: Mapping[str, tuple[str, ...]] | None = None
) -> ServiceContract:
    """What the three have in common: a secret is tried for a known customer; right, it proves something."""
    return ServiceContract(
        name,
        inputs={**inputs, "pin": "digits"},
        secrets=frozenset({"pin"}),
        outcomes={**PROOF_OUTCOMES, **(more or {})},
        outputs=PROOF_OUTPUTS,
        effects=frozenset({"proves"}),
        needs=frozenset({"identity"}),
        grants={"verified": frozenset({grant})},
        refuses=frozenset({"wrong"}),
    )


def _until(context: Context) -> float:
    """When what is proven now runs out, in epoch seconds: no proof lasts longer than that of the query password."""
    ends: datetime = context.now + timedelta(minutes=context.settings.verification.query.valid_minutes)
    return ends.timestamp()


@service(_contract("verify_query", "query", {}))
def verify_query(context: Context, pin: Secret) -> ServiceAnswer:
    """The query password is good for some minutes."""
    return answer(context, prove(context, "query", pin.reveal()), Grant("query", _until(context)))


@service(_contract("verify_transaction", "transaction", {}))
def verify_transaction(context: Context, pin: Secret) -> ServiceAnswer:
    """The transaction password is good for one use."""
    grant = Grant("transaction", _until(context), single_use=True)
    return answer(context, prove(context, "transaction", pin.reveal()), grant)


@service(_contract("verify_old", "old_password", {"kind": "text"}, {"query_first": ()}))
def verify_old(context: Context, kind: str, pin: Secret) -> ServiceAnswer:
    """The present password of the kind that is to be changed is good for one change.

    It is counted with the same locks as its everyday use. Who has not proven the query password tries no transaction
    password: they could lock it for its owner.
    """
    if kind == "transaction" and "query" not in context.grants:
        return ServiceAnswer("query_first")
    names = ("old_password", old_password_grant(kind))
    grants = (Grant(name, _until(context), single_use=True) for name in names)
    return answer(context, prove(context, cast("Kind", kind), pin.reveal()), *grants)
