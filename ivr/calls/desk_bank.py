"""What an agent's desk asks of the core bank for a customer: their accounts, and a card that is to be stopped.

Questions to a core over a network are put with no transaction open, as a turn does it: docs/architecture.md.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from ivr.bank.core import Account, CoreBank
from ivr.bank.remote.client import Budget
from ivr.calls.invoking import ServiceResources
from ivr.calls.models import Call
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.services import registry
from ivr.calls.services.context import Context, NeedsExternalResult, external_result
from ivr.calls.services.registry import ServiceAnswer, Working
from ivr.centre.desk.models import Interaction
from ivr.db import Database, look, work
from ivr.engine.bundle import Bundle
from ivr.foundation.errors import CoreUnavailable
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record
from ivr.platform.keyring import carry, keyring_of

T = TypeVar("T")
BUILD_SECONDS = 20.0  # a process of the staff pages may not have needed this bundle before
MOST_QUESTIONS = 8  # one deed asks the core a few things, never many
KEPT = timedelta(minutes=2)  # how long accounts are shown without asking again; a value that is revealed is asked for


@dataclass(slots=True)
class DeskBank:
    """One for each process of the staff pages."""

    database: Database
    resources: ServiceResources
    bundles: Bundles
    _kept: dict[str, tuple[datetime, tuple[Account, ...]]] = field(default_factory=dict)

    def accounts(self, customer: str, now: datetime) -> tuple[Account, ...]:
        """The customer's accounts as the core knows them now. Raises `CoreUnavailable`."""
        return self._asked(partial(look, self.database), now, lambda _, core: core.accounts(customer))

    def accounts_shown(self, customer: str, now: datetime) -> tuple[Account, ...] | None:
        """The accounts to be shown masked, perhaps some minutes old; None where the core does not answer."""
        kept = self._kept.get(customer)
        if kept is not None and kept[0] > now:
            return kept[1]
        try:
            found = self.accounts(customer, now)
        except CoreUnavailable:
            return None
        if len(self._kept) > 500:
            self._kept.clear()
        self._kept[customer] = now + KEPT, found
        return found

    def report_loss(self, actor: Actor, interaction: Interaction, account: Account, now: datetime) -> str:
        """Stop a card of the customer of a talk, by the rules of the self-service; the outcome as it names it.

        Asked again for the same card in the same talk it gives the first outcome again. "working": ask once more.
        """
        digest = interaction_bundle(self.database, interaction.call_id)
        bundle = self.bundles.building(lambda: self.bundles.get(digest), BUILD_SECONDS)
        self._kept.pop(interaction.customer_id or "", None)

        def act(db: Session, core: CoreBank, memo: dict[object, object]) -> str:
            chosen = {"id": account.id, "last4": account.last4}  # read back by the agent, as the self-service does
            context = self._context(db, core, bundle, interaction, chosen, memo, now)
            known = core.outcome(context.key)
            if known is not None and known.state == "done":
                return "reported"  # pressed twice
            answer = registry.invoke("report_loss", context, {"card": chosen})
            db.flush()
            outcome = "working" if isinstance(answer, Working) else answer.outcome
            reference = str(answer.facts.get("reference", "")) if isinstance(answer, ServiceAnswer) else ""
            record(
                db, actor, "card_loss_reported", interaction.customer_id or "", now, interaction=interaction.id,
                call=interaction.call_id, card=account.last4, outcome=outcome, reference=reference,
            )  # fmt: skip
            return outcome

        memo: dict[object, object] = {}
        return self._asked(partial(work, self.database), now, lambda db, core: act(db, core, memo), memo)

    def _asked(
        self,
        begin: Callable[[], AbstractContextManager[Session]],
        now: datetime,
        act: Callable[[Session, CoreBank], T],
        memo: dict[object, object] | None = None,
    ) -> T:
        found: dict[object, object] = {} if memo is None else memo
        budget = Budget()
        for _ in range(MOST_QUESTIONS):
            try:
                with begin() as db:
                    carry(db, self.resources.keyring)
                    return act(db, self.resources.core(db, now, partial(external_result, found), budget))
            except NeedsExternalResult as needed:
                found[needed.key] = _result(needed)
        raise CoreUnavailable("the core was asked too often for one deed")

    def _context(
        self, db: Session, core: CoreBank, bundle: Bundle, interaction: Interaction, card: dict[str, str],
        memo: dict[object, object], now: datetime,
    ) -> Context:  # fmt: skip
        call = db.get_one(Call, interaction.call_id)
        caller = keyring_of(db).open_text(f"calls.caller|{call.call}", call.caller) if call.caller else None

        def render(key: str, facts: Any, language: str) -> str:
            told = {**bundle.constants, "now": now.astimezone(bundle.zone).isoformat(timespec="seconds"), **facts}
            return bundle.prompts[language].render(key, told)

        return Context(
            db=db, bank=core, keyring=self.resources.keyring, settings=self.resources.settings, bundle=bundle, now=now,
            key=f"{interaction.call_id}:desk{interaction.id}.{card['id']}", call=interaction.call_id,
            language=call.language, customer_id=interaction.customer_id, caller=caller, render=render,
            hotline=self.resources.hotline, grants=frozenset({"confirmation"}),
            read_back={"card": card}, memo=memo,
        )  # fmt: skip


def interaction_bundle(database: Database, call_id: str) -> str:
    """The bundle that a call runs on."""
    with look(database) as db:
        return db.get_one(Call, call_id).bundle


def _result(needed: NeedsExternalResult) -> object:
    try:
        return needed.work()
    except CoreUnavailable as error:
        return error
