"""What a service was asked for, as the audit log tells it: amounts and masked targets, no number and no secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy.orm import Session as DbSession

from ivr.db import Database
from ivr.engine.actions import Invoke
from ivr.engine.contracts import Effect
from ivr.engine.session import Session
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import IdempotencyConflict, NotReadBack
from ivr.platform.audit import log as audit

AUDITED: frozenset[Effect] = frozenset({"moves_money", "changes_security", "proves", "reveals_data", "stores_contact"})
CONFLICTS = Counter("ivr_idempotency_conflicts", "Keys that came back with another request")
UNCONFIRMED = Counter("ivr_deeds_not_read_back", "Deeds asked for with other values than the caller said yes to")
KINDS = frozenset({"query", "transaction"})  # of passwords
LOG = structlog.get_logger("ivr.calls")
OWN = "own account"
REFUSE_SECONDS = 2.0  # the caller waits meanwhile


@dataclass(frozen=True, slots=True)
class Deed:
    """A service that a call has asked for."""

    service: str
    subject: str
    details: Mapping[str, str]


def deed_of(session: Session, invoke: Invoke, customer_id: str | None = None) -> Deed:
    """What is asked; `customer` is whom the service has found, where it has."""
    details = {"call": session.call_id, "visit": invoke.key, **particulars(invoke.inputs)}
    return Deed(invoke.service, customer_id or session.customer_id or "", details)


def particulars(inputs: Mapping[str, Any]) -> dict[str, str]:
    """An amount in fen, of accounts and cards the last four digits, of people the surname; of all else nothing."""
    told: dict[str, str] = {}
    for name, value in inputs.items():
        if name == "amount" and isinstance(value, int):
            told["amount_fen"] = str(value)
        elif name == "kind" and value in KINDS:  # never what a caller keyed
            told["kind"] = value
        elif isinstance(value, Mapping):
            told |= _chosen(name, value)
    return told


def _chosen(name: str, value: Mapping[str, Any]) -> dict[str, str]:
    told: dict[str, str] = {}
    if "last4" in value:
        told[name] = str(value["last4"])
    if name == "payee" and value.get("name"):
        told["payee_name"] = _masked(value["name"])
    if name == "bill":
        told |= {"biller": str(value.get("biller", "")), "amount_fen": str(value.get("amount", ""))}
    return told


def _masked(name: object) -> str:
    """The surname of a person; a name in every language is the bank's own word for an account of the customer's."""
    return OWN if isinstance(name, Mapping) else f"{str(name)[0]}*"


def refuse(database: Database, keyring: Keyring, deed: Deed, fault: Exception, at: datetime) -> None:
    """A deed that failed stands in the audit log too, in a transaction of its own: its turn was rolled back."""
    if isinstance(fault, IdempotencyConflict):
        CONFLICTS.inc()
        LOG.critical("a key came back with another request; nothing was done", service=deed.service, **deed.details)
    elif isinstance(fault, NotReadBack):
        UNCONFIRMED.inc()
        LOG.critical("a deed is not what was read back; nothing was done", service=deed.service, **deed.details)
    details = {**deed.details, "outcome": "refused", "fault": type(fault).__name__}
    try:
        with database.turn(seconds=REFUSE_SECONDS) as transaction, DbSession(bind=transaction.connection) as db:
            audit.append(
                db, keyring, at=at, actor="caller", deed=f"refused: {deed.service}", subject=deed.subject,
                details=details,
            )  # fmt: skip
    except Exception:
        LOG.critical("a failed deed could not be written into the audit log", exc_info=True, service=deed.service)
