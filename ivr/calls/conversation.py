"""The only loop between the engine and the world: one webhook, one transaction, one answer kept for its repeats."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError

from ivr.calls.bundles import Bundles
from ivr.calls.invoking import Bank, Invoker
from ivr.calls.journal import Journal
from ivr.calls.queueing import HANGUP, left_queue
from ivr.db import Database, Transaction
from ivr.db.retry import is_retryable
from ivr.engine.actions import Action
from ivr.engine.bundle import Bundle
from ivr.engine.events import CallStarted, Event, HungUp, QueueLeft, TurnFailed
from ivr.engine.machine import Turn, advance, open_session
from ivr.engine.session import Session
from ivr.errors import IvrError, ProviderError, UnknownTurn
from ivr.services.context import Durable, Outside
from ivr.telephony.forms import Form
from ivr.telephony.twiml import Links, Renderer

LOG = structlog.get_logger("ivr.calls")
TRIES = 12  # replays of one turn: contention, and work that had to be done outside the transaction
PATIENCE = timedelta(seconds=9)  # the provider waits 15 s; a caller hears an apology before that
DURABLE = frozenset({"moves_money", "changes_security", "stores_contact", "proves"})


def _done(request: Outside) -> object:
    """What the work outside found; a fault of the product is found too, and met inside the next taking."""
    try:
        return request.work()
    except IvrError as fault:
        return fault


@dataclass(slots=True)
class _Attempt:
    """What one taking of a turn knows from the attempts before it."""

    memo: dict[object, object]
    durable: bool = False
    failed: IvrError | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Takes webhooks of calls to their answers. `clock` gives aware UTC; `base` is the path all URLs begin with."""

    database: Database
    journal: Journal
    bundles: Bundles
    renderer: Renderer
    bank: Bank
    clock: Callable[[], datetime]
    base: str = ""

    def begin(self, form: Form) -> str:
        """Answer a new call; the same call again gets the same answer."""
        return self._take(form, 0)

    def answer(self, form: Form, turn: int) -> str:
        """Take the caller's answer to a turn; a turn that was taken gives the stored bytes, whatever is in the form."""
        return self._take(form, turn)

    def hang_up(self, form: Form) -> None:
        """The provider says that the call is over; saying so twice is once. It is said once only, so it is retried."""
        for left in reversed(range(TRIES)):
            try:
                with self.database.turn(durable=False) as transaction:
                    return self._end(transaction, form.call, self.clock())
            except DBAPIError as error:
                if not left or not is_retryable(error):
                    raise

    def _take(self, form: Form, turn: int) -> str:
        attempt = _Attempt({})
        began = self.clock()
        for _ in range(TRIES):
            if self.clock() - began > PATIENCE:
                break
            try:
                with self.database.turn(durable=attempt.durable) as transaction:
                    return self._turn(transaction, form, turn, attempt)
            except Outside as request:
                attempt.memo[request.key] = _done(request)
            except Durable:
                attempt.durable = True
            except IntegrityError:
                continue  # another worker opened the call or stored the key first; its answer is found next time
            except DBAPIError as error:
                if not is_retryable(error):
                    raise
            except UnknownTurn:
                raise
            except Exception as error:
                if attempt.failed is not None:
                    raise
                LOG.exception("turn failed; the caller hears an apology", call=form.call, turn=turn)
                attempt.failed = self._failure(error)
        raise ProviderError("the turn could not be taken in time; the database is too busy")

    @staticmethod
    def _failure(error: Exception) -> IvrError:
        """The turn is taken again as a failed one, so that the caller hears an apology and reaches a person."""
        if isinstance(error, IvrError):
            return error
        failure = IvrError(f"{type(error).__name__} in a turn")
        failure.__cause__ = error
        return failure

    def _turn(self, transaction: Transaction, form: Form, turn: int, attempt: _Attempt) -> str:
        now = self.clock()
        session = self._session(transaction, form, turn, now)
        if isinstance(session, str):
            return session
        bundle = self.bundles.get(transaction, session.bundle)
        event: Event = (
            TurnFailed(now, attempt.failed.prompt) if attempt.failed else self._event(transaction, form, session, now)
        )
        played, actions, trail = self._play(transaction, bundle, session, event, attempt)
        answer = self.renderer.render(actions, Links(self.base, turn + 1))
        if attempt.failed is not None:
            trail.append(("", f"failed: {attempt.failed}"[:200]))
        self.journal.save(transaction, played, answer, trail, now)
        if played.ended:
            self._end(transaction, form.call, now, "served")
        return answer

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
        if turn < expected:
            kept = self.journal.answered(transaction, form.call, turn)
            if kept is None:
                raise UnknownTurn("the answer to this turn was erased")
            return kept
        if turn > expected:
            raise UnknownTurn("a turn that has not been offered yet")
        if is_over:  # a webhook that comes after the end of its call: the end stays, nothing happens any more
            raise UnknownTurn("the call is over")
        return self.journal.session(form.call, state)

    def _event(self, transaction: Transaction, form: Form, session: Session, now: datetime) -> Event:
        if session.turn == 0:
            return CallStarted(now, form.caller)
        if form.queue_result:
            outcome = left_queue(transaction.connection, form.call, form.queue_result, now)
            return HungUp(now) if outcome == HANGUP else QueueLeft(now, outcome)
        if form.is_final:
            return HungUp(now)
        return form.answer(now)

    def _play(
        self, transaction: Transaction, bundle: Bundle, session: Session, event: Event, attempt: _Attempt
    ) -> tuple[Session, list[Action], list[Any]]:
        """Advance until the caller's turn; every service that is asked for works in this transaction."""
        actions: list[Action] = []
        trail: list[Any] = []
        invoker: Invoker | None = None
        while True:
            turn: Turn = advance(bundle, session, event)
            session = turn.session
            actions += turn.actions
            trail += turn.trail
            if turn.invoke is None:
                return session, actions, trail
            if invoker is None:
                invoker = Invoker(transaction.connection, self.bank, bundle, attempt.memo, event.at)
            if DURABLE & bundle.services[turn.invoke.service].effects and not attempt.durable:
                raise Durable
            event = invoker.ask(session, turn.invoke)

    def _end(self, transaction: Transaction, call: str, now: datetime, ending: str = "hung_up") -> None:
        if self.journal.end(transaction, call, now, ending):
            left_queue(transaction.connection, call, "hangup", now)
