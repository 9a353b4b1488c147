"""The only loop between the engine and the world: one webhook, one transaction, one answer kept for its repeats."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session as DbSession

from ivr.bank.customers import directory
from ivr.calls import accounting, queueing, rounds
from ivr.calls.attempts import Attempt, failure, kind, nothing_to_finish
from ivr.calls.invoking import Bank, Invoker, proven
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
from ivr.telephony.forms import Departure, Form

LOG = structlog.get_logger("ivr.calls")
TRIES = 12  # replays of one turn: contention, and work that had to be done outside the transaction
LEAST_SECONDS = 0.5  # with less than this left no try is begun
RACES = 3  # so often one turn meets rows that another worker wrote first; more is a rule that the product breaks
REPLAYED = timedelta(minutes=1)  # how long after a call its answers are given again
DURABLE = frozenset({"moves_money", "changes_security", "stores_contact", "proves"})


@dataclass(frozen=True, slots=True)
class Conversation:
    """Takes webhooks of calls to their answers. `clock` gives aware UTC; `base` is what all URLs begin with."""

    database: Database
    journal: Journal
    bundles: Bundles
    documents: Documents
    bank: Bank
    clock: Callable[[], datetime]
    base: str = ""

    def begin(self, form: Form) -> str:
        """Answer a new call; the same call again gets the same answer."""
        return self._take(form, 0)

    def answer(self, form: Form, turn: int) -> str:
        """Take the caller's answer to a turn; a turn that was taken gives the stored bytes, whatever is in the form."""
        if form.departure == "answered" and self._is_the_desks(form.call):
            return self.documents.nothing()  # fetched by the desk: what follows is the conference, not this answer
        return self.after_agent(form, turn)

    def after_agent(self, form: Form, turn: int) -> str:
        """As `answer`, of a caller whom no agent has any more."""
        try:
            return self._take(form, turn)
        except CallOver:
            if form.departure is not None:
                self._note_departure(form, form.departure)
            raise

    def offer(self, form: Form, turn: int, number: int) -> str:
        """Take a waiting caller's wish for a callback, keyed in that round of company; the place stays theirs."""
        return self._take(form, turn, number)

    def sent_by_agent(self, form: Form, turn: int, level: str) -> str:
        """An agent sends the caller into the self-service: to prove a level and come back, or on with what failed."""
        return self._take(form, turn, sent_to=level)

    def _is_the_desks(self, call: str) -> bool:
        """With an agent, on the way there, or on the way back from one whose line broke."""
        with look(self.database) as db:
            return handover.is_open(db, call) or handover.is_sent_back(db, call)

    def _note_departure(self, form: Form, departure: Departure) -> None:
        """The end of the call overtook the news of how its wait in a queue ended: whether an agent answered counts."""
        with self.database.turn(durable=False) as transaction:
            queueing.left_queue(transaction.connection, form.call, departure, form.queue_seconds, self.clock())

    def hang_up(self, form: Form) -> None:
        """The provider says that the call is over; saying so twice is once. It is said once only, so it is retried."""
        until = steady() + TURN_SECONDS
        for left in reversed(range(TRIES)):
            try:
                with self.database.turn(durable=False, seconds=until - steady()) as transaction:
                    self._hang_up(transaction, form, self.clock())
                self._free_the_agent(form.call)
                break
            except NeedsBundle as missing:
                self.bundles.build(missing.digest, until - steady())
            except DBAPIError as error:
                is_race = isinstance(error, IntegrityError)  # the call was opened at this moment
                if not left or until - steady() < LEAST_SECONDS or not (is_race or is_retryable(error)):
                    raise

    def _hang_up(self, transaction: Transaction, form: Form, now: datetime) -> None:
        """An end that comes before its call is kept, so that the call is over when it comes."""
        if self.journal.lock(transaction, form.call) is None:
            opened = open_session(self.bundles.current(transaction), form.call, now)
            self.journal.open(transaction, opened, now, form.caller)
        self._end(transaction, form.call, now)

    def _take(self, form: Form, turn: int, offers: int | None = None, sent_to: str | None = None) -> str:
        attempt = Attempt({}, steady() + TURN_SECONDS, offers=offers, sent_to=sent_to)
        for _ in range(TRIES):
            seconds = attempt.until - steady()
            if seconds < LEAST_SECONDS:
                break
            try:
                with self.database.turn(durable=attempt.durable, seconds=seconds) as transaction:
                    answer = self._turn(transaction, form, turn, attempt)
                if attempt.ended:
                    self._free_the_agent(form.call)
                return answer
            except NeedsReplay as request:
                attempt.provide(request)
            except IntegrityError as error:
                attempt.races += 1  # another worker opened the call or stored the key first: its answer is found now
                if attempt.races % RACES == 0:
                    self._fail(error, attempt, form, turn)
            except DBAPIError as error:
                if not is_retryable(error):
                    raise
            except NeedsBundle as missing:
                self._build(missing.digest, attempt, form, turn)
            except UnknownTurn:
                raise
            except Exception as error:  # noqa: BLE001 - logged, and raised when it comes again
                self._fail(error, attempt, form, turn)
        raise ProviderError("the turn could not be taken in time; the database is too busy")

    def _build(self, digest: str, attempt: Attempt, form: Form, turn: int) -> None:
        """Build what the turn needs while it holds no connection; the turn fails where that fails."""
        try:
            self.bundles.build(digest, attempt.until - steady())
        except Exception as error:  # noqa: BLE001 - logged, and raised when it comes again
            self._fail(error, attempt, form, turn)

    def _fail(self, error: Exception, attempt: Attempt, form: Form, turn: int) -> None:
        """Take the turn as a failed one from now on; raises where that failed too."""
        if attempt.failed is not None:
            raise error
        self._note(error, attempt, form, turn)
        attempt.failed = failure(error)

    def _note(self, error: Exception, attempt: Attempt, form: Form, turn: int) -> None:
        """Who runs the hotline is told, and a deed that failed is written down; a silent core is no fault of ours."""
        if isinstance(error, CoreUnavailable):
            LOG.warning("the core bank did not answer; the caller hears an apology", call=form.call, turn=turn)
        else:
            LOG.exception("turn failed; the caller hears an apology", call=form.call, turn=turn)
        if attempt.deed is not None:
            accounting.refuse(self.database, self.bank.keyring, attempt.deed, error, self.clock())

    def _turn(self, transaction: Transaction, form: Form, turn: int, attempt: Attempt) -> str:
        clock = self.clock()
        attempt.ended = False
        turn = self._turn_of(transaction, form, turn)
        session = self._session(transaction, form, turn, clock)
        if isinstance(session, str):
            return session
        attempt.finish = nothing_to_finish
        now = session.call_time(clock)
        bundle = self.bundles.get(session.bundle_hash)
        if attempt.failed and form.departure:
            session.queued = []  # whatever broke, the caller is out of the queue
        event: Event = (
            TurnFailed(now, attempt.failed.prompt)
            if attempt.failed
            else self._event(transaction, form, session, now, attempt)
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
            queueing.entered(transaction.connection, form.call, turn + 1)
        if any(isinstance(each, Rejoin) for each in actions):
            self._note_proof(transaction, played, now)
        if played.ended:
            self._end(transaction, form.call, now, "hung_up" if isinstance(event, HungUp) else "served")
        attempt.ended = played.ended
        attempt.finish()
        if attempt.failed is None:
            attempt.deed = None
        return answer

    def _note_proof(self, transaction: Transaction, played: Session, now: datetime) -> None:
        """The agent whom the caller comes back to is shown how far they are proven now."""
        level, until = proven(played, now.timestamp())
        customer_id = directory.registered(played.customer_id)
        with DbSession(bind=transaction.connection) as db:
            handover.proven(db, played.call_id, level, until, customer_id)

    def _turn_of(self, transaction: Transaction, form: Form, turn: int) -> int:
        """The turn that takes a webhook: for the news from a queue it may be a later one than its URL says."""
        row = self.journal.lock(transaction, form.call) if form.departure else None
        return turn if row is None else queueing.turn_of_departure(transaction.connection, form.call, turn, row[0])

    def _session(self, transaction: Transaction, form: Form, turn: int, now: datetime) -> Session | str:
        """The session that waits for this turn, or the answer that was given to it already."""
        row = self.journal.lock(transaction, form.call)
        if row is None:
            if turn > 0:
                raise UnknownTurn("nobody opened this call")
            session = open_session(self.bundles.current(transaction), form.call, now)
            self.journal.open(transaction, session, now, form.caller)
            return session
        expected, state, is_over = row
        if is_over and (turn >= expected or self.journal.over_for(transaction, form.call, now) > REPLAYED):
            raise CallOver("the call is over")  # its end stays, nothing happens any more
        if turn < expected:
            kept = self.journal.answered(transaction, form.call, turn)
            if kept is None:
                raise CallOver("the answer to this turn was erased")
            return kept
        if turn > expected:
            raise UnknownTurn("a turn that has not been offered yet")
        return self.journal.session(form.call, state)

    def _event(self, transaction: Transaction, form: Form, session: Session, now: datetime, attempt: Attempt) -> Event:
        if session.turn == 0:
            return form.started(now)
        if attempt.sent_to is not None:
            return SentByAgent(now, attempt.sent_to)
        if form.departure:
            outcome = queueing.left_queue(transaction.connection, form.call, form.departure, form.queue_seconds, now)
            return HungUp(now) if outcome == HUNG_UP else QueueLeft(now, outcome)
        if form.is_final:
            return HungUp(now)
        if attempt.offers is not None:
            rounds.offer(transaction.connection, form.call, session.turn, attempt.offers, now)
            return QueueLeft(now, CALLBACK)
        return form.answer(now)

    def _play(
        self, transaction: Transaction, bundle: Bundle, session: Session, event: Event, attempt: Attempt
    ) -> tuple[Session, list[Action], list[Any]]:
        """Advance until the caller's turn; every service that is asked for works in this transaction."""
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
                invoker = Invoker(transaction.connection, self.bank, bundle, attempt.memo, attempt.budget, event.at)
                attempt.finish = invoker.finish
            if DURABLE & bundle.services[turn.invoke.service].effects and not attempt.durable:
                raise NeedsDurableCommit
            if accounting.AUDITED & bundle.services[turn.invoke.service].effects and attempt.failed is None:
                attempt.deed = accounting.deed_of(session, turn.invoke)
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
                handover.customer_gone(db, Paths(self.base), call, self.clock())
        except (DBAPIError, LostRace) as error:
            LOG.warning("the desk was not told of the end of a call", call=call, reason=type(error).__name__)
