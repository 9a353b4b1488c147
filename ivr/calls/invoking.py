"""Invoke services for a session, inside the turn's transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session as DbSession

from ivr.bank.core import CoreBank
from ivr.bank.remote.client import Budget
from ivr.bank.remote.http import Ask
from ivr.calls.service_audit import AUDITED, audited_request
from ivr.calls.services import registry
from ivr.calls.services.context import Context, external_result
from ivr.calls.services.registry import ServiceAnswer, Working
from ivr.db import finish
from ivr.engine.actions import Invoke
from ivr.engine.bundle import Bundle
from ivr.engine.events import ServiceAnswered, ServiceWorking
from ivr.engine.session import Session
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.platform.audit import log as audit


@dataclass(frozen=True, slots=True)
class ServiceResources:
    """The resources that services use besides the database.

    `core` returns the core bank for an open transaction; `hotline` is the hotline's number in E.164.
    """

    core: Callable[[DbSession, datetime, Ask, Budget], CoreBank]
    keyring: Keyring
    settings: Settings
    hotline: str


@dataclass(slots=True)
class Invoker:
    """Invokes services for one turn; the ORM session on the turn's connection is created on first use."""

    connection: Connection
    resources: ServiceResources
    bundle: Bundle
    memo: dict[object, object]
    budget: Budget
    now: datetime
    _rows: DbSession | None = field(default=None, init=False)

    def ask(self, session: Session, invoke: Invoke) -> ServiceAnswered | ServiceWorking:
        """The service's answer as an event; its rows are flushed, so that a constraint violation is raised here."""
        if self._rows is None:
            self._rows = DbSession(bind=self.connection)
        answer = registry.invoke(invoke.service, self._context(session, invoke, self._rows), invoke.inputs)
        self._rows.flush()
        if isinstance(answer, Working):
            return ServiceWorking(self.now)
        if AUDITED & self.bundle.services[invoke.service].effects:
            self._audit(session, invoke, answer, self._rows)
        return ServiceAnswered(
            self.now, answer.outcome, answer.facts, answer.grants, answer.customer_id, answer.committed,
            answer.identified_by,
        )  # fmt: skip

    def finish(self) -> None:
        """Write what was put off to the end of the turn: its audit lines."""
        if self._rows is not None:
            finish(self._rows)

    def _audit(self, session: Session, invoke: Invoke, answer: ServiceAnswer, db: DbSession) -> None:
        """Write the request to the audit log in the same transaction, without numbers or secrets."""
        deed = audited_request(session, invoke, answer.customer_id)
        details = {**deed.details, "outcome": answer.outcome}
        if "reference" in answer.facts:
            details["reference"] = str(answer.facts["reference"])
        audit.append_last(
            db, self.resources.keyring, at=self.now, actor="caller", deed=deed.service, subject=deed.subject,
            details=details,
        )  # fmt: skip

    def _render(self, key: str, facts: Mapping[str, Any], language: str) -> str:
        """A prompt of this bundle as text; it may contain the time: {now|stamp}."""
        local = self.now.astimezone(self.bundle.zone).isoformat(timespec="seconds")
        return self.bundle.prompts[language].render(key, {**self.bundle.constants, "now": local, **facts})

    def _context(self, session: Session, invoke: Invoke, db: DbSession) -> Context:
        at = self.now.timestamp()
        return Context(
            db=db,
            bank=self.resources.core(db, self.now, partial(external_result, self.memo), self.budget),
            keyring=self.resources.keyring,
            settings=self.resources.settings,
            bundle=self.bundle,
            now=self.now,
            key=invoke.key,
            call=session.call_id,
            language=session.language,
            customer_id=session.customer_id,
            caller=session.caller,
            address=session.address,
            render=self._render,
            intent=session.intent,
            path=tuple(session.path),
            proven_until=proven(session, at)[1],
            failed_step=f"{session.left[-1].flow}.{session.left[-1].step}" if session.left else "",
            hotline=self.resources.hotline,
            grants=frozenset(name for name in session.grants if session.is_proven(name, at)),
            read_back=_read_back(session, invoke),
            memo=self.memo,
        )


def proven(session: Session, at: float) -> tuple[str, datetime | None]:
    """How far a caller is proven now (none, query or transaction), and until when."""
    for level in ("transaction", "query"):
        if session.is_proven(level, at):
            until = session.grants[level].until
            return level, None if until is None else datetime.fromtimestamp(until, UTC)
    return "none", None


def _read_back(session: Session, invoke: Invoke) -> dict[str, Any]:
    """Input -> the value that the caller confirmed, for the inputs that the confirmation covers."""
    grant = session.grants.get("confirmation")
    said = grant.read_back if grant is not None else None
    if said is None:
        return {}
    return {given: said.values[name] for given, name in invoke.input_variables.items() if name in said.values}
