"""Asking a service on behalf of a session, inside the turn's transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.orm import Session as Rows

from ivr.audit import log as audit
from ivr.banking.core import CoreBank
from ivr.banking.http import Ask
from ivr.banking.line import Budget
from ivr.calls.accounting import AUDITED, deed_of
from ivr.config import Settings
from ivr.crypto import Keyring
from ivr.engine.actions import Invoke
from ivr.engine.bundle import Bundle
from ivr.engine.events import ServiceAnswered, ServiceWorking
from ivr.engine.session import Session
from ivr.services import registry
from ivr.services.context import Context, outside
from ivr.services.registry import Answer, Working


@dataclass(frozen=True, slots=True)
class Bank:
    """What services work with besides the database.

    `core` gives the core bank for an open transaction; `hotline` is its own number, E.164.
    """

    core: Callable[[Rows, datetime, Ask, Budget], CoreBank]
    keyring: Keyring
    settings: Settings
    hotline: str


@dataclass(slots=True)
class Invoker:
    """Runs services for one turn; the ORM session on the turn's connection is made only when one is asked."""

    connection: Connection
    bank: Bank
    bundle: Bundle
    memo: dict[object, object]
    budget: Budget
    now: datetime
    _rows: Rows | None = field(default=None, init=False)

    def ask(self, session: Session, invoke: Invoke) -> ServiceAnswered | ServiceWorking:
        """The service's answer as an event; its rows are flushed, so a broken rule of the schema shows here."""
        if self._rows is None:
            self._rows = Rows(bind=self.connection)
        answer = registry.invoke(invoke.service, self._context(session, invoke, self._rows), invoke.inputs)
        self._rows.flush()
        if isinstance(answer, Working):
            return ServiceWorking(self.now)
        if AUDITED & self.bundle.services[invoke.service].effects:
            self._audit(session, invoke, answer, self._rows)
        return ServiceAnswered(self.now, answer.outcome, answer.facts, answer.grants, answer.customer, answer.committed)

    def _audit(self, session: Session, invoke: Invoke, answer: Answer, rows: Rows) -> None:
        """What moves money or changes security stands in the audit log, or does not happen. No number, no secret."""
        deed = deed_of(session, invoke, answer.customer)
        details = {**deed.details, "outcome": answer.outcome}
        if "reference" in answer.facts:
            details["reference"] = str(answer.facts["reference"])
        audit.append(
            rows, self.bank.keyring, at=self.now, actor="caller", deed=deed.service, subject=deed.subject,
            details=details,
        )  # fmt: skip

    def _context(self, session: Session, invoke: Invoke, rows: Rows) -> Context:
        at = self.now.timestamp()
        bundle = self.bundle
        return Context(
            rows=rows,
            bank=self.bank.core(rows, self.now, partial(outside, self.memo), self.budget),
            keyring=self.bank.keyring,
            settings=self.bank.settings,
            now=self.now,
            key=invoke.key,
            call=session.call,
            language=session.language,
            customer=session.customer,
            caller=session.caller,
            address=session.address,
            render=lambda key, facts, language: bundle.prompts[language].render(key, {**bundle.constants, **facts}),
            intent=session.intent,
            path=tuple(session.path),
            hotline=self.bank.hotline,
            grants=frozenset(name for name in session.grants if session.holds(name, at)),
            memo=self.memo,
        )
