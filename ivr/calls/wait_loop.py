"""The wait loop of queued callers: one document per round, requested by the provider."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session as DbSession

from ivr.calls import wait_rounds
from ivr.calls.conversation import Conversation
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.wait_rounds import (
    HOLD_SECONDS,
    LeaveQueue,
    NewRound,
    OfferCallback,
    OtherTurn,
    RoundAnswer,
    RoundRequest,
    StoredAnswer,
    TurnAnswer,
)
from ivr.db import Database
from ivr.db.engines import TURN_SECONDS
from ivr.telephony.documents import Documents, Links
from ivr.telephony.webhooks import Webhook


@dataclass(frozen=True, slots=True)
class WaitLoop:
    """Answers the requests of the wait loop. `hold` is the URL of the hold music, or empty for silence."""

    database: Database
    bundles: Bundles
    documents: Documents
    conversation: Conversation
    clock: Callable[[], datetime]
    base: str = ""
    hold: str = ""

    def round(self, webhook: Webhook, turn: int, number: int) -> str:
        """One round: the queue position, then music; keys are accepted throughout, and one asks for a callback."""
        return self.bundles.building(partial(self._round, webhook, turn, number), TURN_SECONDS)

    def _round(self, webhook: Webhook, turn: int, number: int) -> str:
        request = RoundRequest(webhook.call, turn, number, webhook.digits, webhook.queue_id)
        with self.database.turn(durable=False) as transaction, DbSession(bind=transaction.connection) as db:
            given = wait_rounds.next_round(db, request, self.bundles.get, self.clock())
            text = self._text(request, given)
            if isinstance(given, NewRound | LeaveQueue):
                wait_rounds.keep(db, request, text)
        if isinstance(given, OfferCallback):
            return self.conversation.offer(webhook, turn, number)
        return self.conversation.answer(webhook, given.turn) if isinstance(given, TurnAnswer) else text

    def _text(self, request: RoundRequest, given: RoundAnswer) -> str:
        """The document of a round; empty when the call's turn answers it."""
        match given:
            case StoredAnswer():
                return given.text
            case LeaveQueue():
                return self.documents.leave_queue()
            case NewRound():
                links = Links(self.base, request.turn)
                return self.documents.wait_round(given.utterances, links, request.number + 1, self.hold, HOLD_SECONDS)
            case OtherTurn():
                links = Links(self.base, given.turn, held=True)
                return self.documents.go_to(links.waiting if given.waits else links.action)
            case OfferCallback() | TurnAnswer():
                return ""
