"""The loop between engine and services: one webhook, one transaction, one stored answer for repeated webhooks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session as DbSession

from ivr.bank.customers import directory
from ivr.calls import queueing, service_audit, wait_rounds
from ivr.calls.attempts import TurnAttempt, failure, kind, nothing_to_finish
from ivr.calls.invoking import Invoker, ServiceResources, proven
from ivr.calls.journal import Journal, heard
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.queueing import HUNG_UP
from ivr.calls.services.context import NeedsDurableCommit, NeedsReplay
from ivr.centre.desk import handover
from ivr.centre.desk.paths import Paths
from ivr.db import Database, Transaction, look, work
from ivr.db.engines import TURN_SECONDS
from ivr.db.retry import is_retryable
from ivr.engine.actions import Action, Enqueue, Rejoin
from ivr.engine.bundle import Bundle
from ivr.engine.events import Event, HungUp, QueueLeft, SentByAgent, TurnFailed
from ivr.engine.runtime.machine import CALLBACK, TurnResult, advance, open_session
from ivr.engine.session import Session
from ivr.foundation.clock import steady
from ivr.foundation.errors import CallOver, CoreUnavailable, LostRace, NeedsBundle, ProviderError, UnknownTurn
from ivr.platform.keyring import carry
from ivr.telephony.documents import Documents, Links
from ivr.telephony.webhooks import QueueExit, Webhook

LOG = structlog.get_logger("ivr.calls")
TRIES = 12  # attempts at one turn: contention, and work that must be done outside the transaction
LEAST_SECONDS = 0.5  # no attempt is started with less time left
RACES = 3  # integrity errors that a race can explain; one more is a bug, and the turn fails
REPLAYED = timedelta(minutes=1)  # how long after the end of a call repeated webhooks get the stored answer
DURABLE = frozenset({"moves_money", "changes_security", "stores_contact", "proves"})


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answers the webhooks of calls. `clock` returns aware UTC; `base` is the prefix of all URLs."""

    database: Database
    journal: Journal
    bundles: Bundles
    documents: Documents
    resources: ServiceResources
    clock: Callable[[], datetime]
    base: str = ""

    @property
    def paths(self) -> Paths:
        """The URLs of interactions, and the agent's pause after them."""
        return Paths(self.base, self.resources.settings.wrap_up.pause)

    def begin(self, webhook: Webhook) -> str:
        """Answer a new call. Idempotent: a repeated webhook gets the same answer."""
        return self._process(webhook, 0)

    def answer(self, webhook: Webhook, turn: int) -> str:
        """Process the caller's input for a turn. Idempotent: a completed turn returns its stored answer."""
        if webhook.queue_exit == "answered" and self._is_the_desks(webhook.call):
            return self.documents.nothing()  # fetched by the desk: what follows is the conference, not this answer
        return self.after_agent(webhook, turn)

    def after_agent(self, webhook: Webhook, turn: int) -> str:
        """As `answer`, of a caller whom no agent has any more."""
        try:
            return self._process(webhook, turn)
        except CallOver:
            if webhook.queue_exit is not None:
                self._note_queue_exit(webhook, webhook.queue_exit)
            raise

    def offer(self, webhook: Webhook, turn: int, number: int) -> str:
        """Process a waiting caller's request for a callback in that wait round; the queue position is kept."""
        return self._process(webhook, turn, number)

    def sent_by_agent(self, webhook: Webhook, turn: int, level: str) -> str:
        """An agent sends the caller into the self-service: to prove a level and come back, or on with what failed."""
        return self._process(webhook, turn, sent_to=level)

    def _is_the_desks(self, call: str) -> bool:
        """With an agent, on the way there, or on the way back from one whose line broke."""
        with look(self.database) as db:
            return handover.is_open(db, call) or handover.is_sent_back(db, call)

    def _note_queue_exit(self, webhook: Webhook, queue_exit: QueueExit) -> None:
        """Record how the wait in a queue ended although the end of the call was reported first."""
        with self.database.turn(durable=False) as transaction:
            queueing.left_queue(transaction.connection, webhook.call, queue_exit, webhook.queue_seconds, self.clock())

    def hang_up(self, webhook: Webhook) -> None:
        """End a call that is reported as over. Idempotent. Retried here, since the provider reports it once."""
        until = steady() + TURN_SECONDS
        for left in reversed(range(TRIES)):
            try:
                with self.database.turn(durable=False, seconds=until - steady()) as transaction:
                    self._hang_up(transaction, webhook, self.clock())
                self._free_the_agent(webhook.call)
                break
            except NeedsBundle as missing:
                self.bundles.build(missing.digest, until - steady())
            except DBAPIError as error:
                is_race = isinstance(error, IntegrityError)  # another worker opened the call at the same time
                if not left or until - steady() < LEAST_SECONDS or not (is_race or is_retryable(error)):
                    raise

    def _hang_up(self, transaction: Transaction, webhook: Webhook, now: datetime) -> None:
        """End the call; an end that is reported before its call is stored, so that the call is over from the start."""
        if self.journal.lock(transaction, webhook.call) is None:
            opened = open_session(self.bundles.current(transaction), webhook.call, now)
            self.journal.open(transaction, opened, now, webhook.caller)
        self._end(transaction, webhook.call, now)

    def _process(self, webhook: Webhook, turn: int, offers: int | None = None, sent_to: str | None = None) -> str:
        attempt = TurnAttempt({}, steady() + TURN_SECONDS, offers=offers, sent_to=sent_to)
        for _ in range(TRIES):
            seconds = attempt.until - steady()
            if seconds < LEAST_SECONDS:
                break
            try:
                with self.database.turn(durable=attempt.durable, seconds=seconds) as transaction:
                    answer = self._turn(transaction, webhook, turn, attempt)
                if attempt.ended:
                    self._free_the_agent(webhook.call)
                return answer
            except NeedsReplay as request:
                attempt.provide(request)
            except IntegrityError as error:
                attempt.races += 1  # another worker opened the call or stored the key first; the retry finds its answer
                if attempt.races % RACES == 0:
                    self._fail(error, attempt, webhook, turn)
            except DBAPIError as error:
                if not is_retryable(error):
                    raise
            except NeedsBundle as missing:
                self._build(missing.digest, attempt, webhook, turn)
            except UnknownTurn:
                raise
            except Exception as error:  # noqa: BLE001 - logged, and raised when it comes again
                self._fail(error, attempt, webhook, turn)
        raise ProviderError("the turn was not processed in time; the database is too busy")

    def _build(self, digest: str, attempt: TurnAttempt, webhook: Webhook, turn: int) -> None:
        """Build the bundle that the turn needs, with no connection held; an error fails the turn."""
        try:
            self.bundles.build(digest, attempt.until - steady())
        except Exception as error:  # noqa: BLE001 - logged, and raised when it comes again
            self._fail(error, attempt, webhook, turn)

    def _fail(self, error: Exception, attempt: TurnAttempt, webhook: Webhook, turn: int) -> None:
        """Retry the turn as a failed one; raises the error if the failed turn fails too."""
        if attempt.failed is not None:
            raise error
        self._note(error, attempt, webhook, turn)
        attempt.failed = failure(error)

    def _note(self, error: Exception, attempt: TurnAttempt, webhook: Webhook, turn: int) -> None:
        """Log the error and audit the failed service request; an unavailable core bank is only a warning."""
        if isinstance(error, CoreUnavailable):
            LOG.warning("the core bank did not answer; the caller hears an apology", call=webhook.call, turn=turn)
        else:
            LOG.exception("turn failed; the caller hears an apology", call=webhook.call, turn=turn)
        if attempt.requested is not None:
            service_audit.record_failure(self.database, self.resources.keyring, attempt.requested, error, self.clock())

    def _turn(self, transaction: Transaction, webhook: Webhook, turn: int, attempt: TurnAttempt) -> str:
        clock = self.clock()
        attempt.ended = False
        turn = self._turn_of(transaction, webhook, turn)
        session = self._session(transaction, webhook, turn, clock)
        if isinstance(session, str):
            return session
        attempt.finish = nothing_to_finish
        now = session.call_time(clock)
        bundle = self.bundles.get(session.bundle_hash)
        if attempt.failed and webhook.queue_exit:
            session.queued = []  # the caller has left the queue in any case
        event: Event = (
            TurnFailed(now, attempt.failed.prompt)
            if attempt.failed
            else self._event(transaction, webhook, session, now, attempt)
        )
        played, actions, trail = self._play(transaction, bundle, session, event, attempt)
        is_held = bool(played.queued) and not played.with_agent
        answer = self.documents.render(actions, Links(self.base, turn + 1, held=is_held))
        if attempt.failed is not None:
            trail.append(("", f"failed: {kind(attempt.failed)}"))
        trail.append(heard(actions))
        played.served(self.clock())
        self.journal.save(transaction, played, answer, trail, now)
        if any(isinstance(each, Rejoin) or (isinstance(each, Enqueue) and not each.still_queued) for each in actions):
            queueing.entered(transaction.connection, webhook.call, turn + 1)
        if any(isinstance(each, Rejoin) for each in actions):
            self._note_proof(transaction, played, now)
        if played.ended:
            self._end(transaction, webhook.call, now, "hung_up" if isinstance(event, HungUp) else "served")
        attempt.ended = played.ended
        attempt.finish()
        if attempt.failed is None:
            attempt.requested = None
        return answer

    def _note_proof(self, transaction: Transaction, played: Session, now: datetime) -> None:
        """The agent whom the caller comes back to is shown how far they are proven now."""
        level, until = proven(played, now.timestamp())
        customer_id = directory.registered(played.customer_id)
        with DbSession(bind=transaction.connection) as db:
            handover.proven(db, played.call_id, level, until, customer_id)

    def _turn_of(self, transaction: Transaction, webhook: Webhook, turn: int) -> int:
        """The turn number of a webhook; for a queue result it may be a later one than in the URL."""
        row = self.journal.lock(transaction, webhook.call) if webhook.queue_exit else None
        return turn if row is None else queueing.turn_of_queue_exit(transaction.connection, webhook.call, turn, row[0])

    def _session(self, transaction: Transaction, webhook: Webhook, turn: int, now: datetime) -> Session | str:
        """The session that waits for this turn, or the stored answer of a completed turn."""
        row = self.journal.lock(transaction, webhook.call)
        if row is None:
            if turn > 0:
                raise UnknownTurn("this call is unknown")
            session = open_session(self.bundles.current(transaction), webhook.call, now)
            self.journal.open(transaction, session, now, webhook.caller)
            return session
        expected, state, is_over = row
        if is_over and (turn >= expected or self.journal.over_for(transaction, webhook.call, now) > REPLAYED):
            raise CallOver("the call is over")
        if turn < expected:
            kept = self.journal.answered(transaction, webhook.call, turn)
            if kept is None:
                raise CallOver("the answer to this turn was erased")
            return kept
        if turn > expected:
            raise UnknownTurn("the turn number is ahead of the call")
        return self.journal.session(webhook.call, state)

    def _event(
        self, transaction: Transaction, webhook: Webhook, session: Session, now: datetime, attempt: TurnAttempt
    ) -> Event:
        if session.turn == 0:
            return webhook.started(now)
        if attempt.sent_to is not None:
            return SentByAgent(now, attempt.sent_to)
        if webhook.queue_exit:
            outcome = queueing.left_queue(
                transaction.connection, webhook.call, webhook.queue_exit, webhook.queue_seconds, now
            )
            return HungUp(now) if outcome == HUNG_UP else QueueLeft(now, outcome)
        if webhook.is_final:
            return HungUp(now)
        if attempt.offers is not None:
            wait_rounds.offer(transaction.connection, webhook.call, session.turn, attempt.offers, now)
            return QueueLeft(now, CALLBACK)
        return webhook.answer(now)

    def _play(
        self, transaction: Transaction, bundle: Bundle, session: Session, event: Event, attempt: TurnAttempt
    ) -> tuple[Session, list[Action], list[Any]]:
        """Advance the engine until the caller is to speak; services run in this transaction."""
        actions: list[Action] = []
        trail: list[Any] = []
        invoker: Invoker | None = None
        while True:
            turn: TurnResult = advance(bundle, session, event)
            session = turn.session
            actions += turn.actions
            trail += turn.trail
            if turn.invoke is None:
                return session, actions, trail
            if invoker is None:
                invoker = Invoker(
                    transaction.connection, self.resources, bundle, attempt.memo, attempt.budget, event.at
                )
                attempt.finish = invoker.finish
            if DURABLE & bundle.services[turn.invoke.service].effects and not attempt.durable:
                raise NeedsDurableCommit
            if service_audit.AUDITED & bundle.services[turn.invoke.service].effects and attempt.failed is None:
                attempt.requested = service_audit.audited_request(session, turn.invoke)
            event = invoker.ask(session, turn.invoke)

    def _end(self, transaction: Transaction, call: str, now: datetime, ending: str = "hung_up") -> None:
        if self.journal.end(transaction, call, now, ending):
            queueing.call_over(transaction.connection, call, now)

    def _free_the_agent(self, call: str) -> None:
        """Whoever talks to this caller, or is on the way to them, is free: the call is over.

        In a transaction of its own: the turn that ended the call may hold locks that come behind the desk's. Where it
        fails, the news of the conference and the deadlines of the desk end what is left.
        """
        try:
            with look(self.database) as db:
                if not handover.is_open(db, call):
                    return
            with work(self.database) as db:
                carry(db, self.journal.keyring)
                handover.customer_gone(db, self.paths, call, self.clock())
        except (DBAPIError, LostRace) as error:
            LOG.warning("the desk was not told of the end of a call", call=call, reason=type(error).__name__)
