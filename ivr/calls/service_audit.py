"""Audit entries of service requests: amounts and masked targets, never a full number or a secret."""

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
CONFLICTS = Counter("ivr_idempotency_conflicts", "Idempotency keys that were reused with a different request")
UNCONFIRMED = Counter("ivr_deeds_not_read_back", "Service requests whose values differ from those the caller confirmed")
KINDS = frozenset({"query", "transaction"})  # kinds of password
LOG = structlog.get_logger("ivr.calls")
OWN = "own account"
REFUSE_SECONDS = 2.0  # the caller waits meanwhile


@dataclass(frozen=True, slots=True)
class AuditedRequest:
    """A service request of a call, as the audit log records it."""

    service: str
    subject: str
    details: Mapping[str, str]


def audited_request(session: Session, invoke: Invoke, customer_id: str | None = None) -> AuditedRequest:
    """The request as audited; `customer` is the one that the service identified, if it did."""
    details = {"call": session.call_id, "visit": invoke.key, **masked_inputs(invoke.inputs)}
    return AuditedRequest(invoke.service, customer_id or session.customer_id or "", details)


def masked_inputs(inputs: Mapping[str, Any]) -> dict[str, str]:
    """The loggable inputs: amounts in fen, last four digits of accounts and cards, surnames; all else is left out."""
    told: dict[str, str] = {}
    for name, value in inputs.items():
        if name == "amount" and isinstance(value, int):
            told["amount_fen"] = str(value)
        elif name == "kind" and value in KINDS:  # never keyed digits
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
    """A person's surname; a name given per language is the bank's wording for the customer's own account."""
    return OWN if isinstance(name, Mapping) else f"{str(name)[0]}*"


def record_failure(database: Database, keyring: Keyring, deed: AuditedRequest, fault: Exception, at: datetime) -> None:
    """Write a failed request to the audit log, in its own transaction because the turn was rolled back."""
    if isinstance(fault, IdempotencyConflict):
        CONFLICTS.inc()
        LOG.critical(
            "idempotency conflict: a key was reused with a different request", service=deed.service, **deed.details
        )
    elif isinstance(fault, NotReadBack):
        UNCONFIRMED.inc()
        LOG.critical("a request differs from what was read back; refused", service=deed.service, **deed.details)
    details = {**deed.details, "outcome": "refused", "fault": type(fault).__name__}
    try:
        with database.turn(seconds=REFUSE_SECONDS) as transaction, DbSession(bind=transaction.connection) as db:
            audit.append(
                db, keyring, at=at, actor="caller", deed=f"refused: {deed.service}", subject=deed.subject,
                details=details,
            )  # fmt: skip
    except Exception:
        LOG.critical("writing a failed request to the audit log failed", exc_info=True, service=deed.service)
