"""The waiting room as the provider asks for it, round by round."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session as DbSession

from ivr.calls import rounds
from ivr.calls.conversation import Conversation
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.rounds import HOLD_SECONDS, Again, AnswerOf, Asked, Company, Elsewhere, Leave, Offer, Round
from ivr.db import Database
from ivr.db.engines import TURN_SECONDS
from ivr.telephony.documents import Documents, Links
from ivr.telephony.forms import Form


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    """Keeps queued callers company. `hold` is the URL of music, or empty for silence."""

    database: Database
    bundles: Bundles
    documents: Documents
    conversation: Conversation
    clock: Callable[[], datetime]
    base: str = ""
    hold: str = ""

    def round(self, form: Form, turn: int, number: int) -> str:
        """One round: where the caller stands, then music, a key heard all along; one key asks for a callback."""
        return self.bundles.building(partial(self._round, form, turn, number), TURN_SECONDS)

    def _round(self, form: Form, turn: int, number: int) -> str:
        asked = Asked(form.call, turn, number, form.digits, form.queue_id)
        with self.database.turn(durable=False) as transaction, DbSession(bind=transaction.connection) as db:
            given = rounds.next_round(db, asked, self.bundles.get, self.clock())
            text = self._text(asked, given)
            if isinstance(given, Company | Leave):
                rounds.keep(db, asked, text)
        if isinstance(given, Offer):
            return self.conversation.offer(form, turn, number)
        return self.conversation.answer(form, given.turn) if isinstance(given, AnswerOf) else text

    def _text(self, asked: Asked, given: Round) -> str:
        """The document of a round; empty where the call's turn answers instead."""
        match given:
            case Again():
                return given.text
            case Leave():
                return self.documents.leave_queue()
            case Company():
                links = Links(self.base, asked.turn)
                return self.documents.company(given.utterances, links, asked.number + 1, self.hold, HOLD_SECONDS)
            case Elsewhere():
                links = Links(self.base, given.turn, held=True)
                return self.documents.go_to(links.waiting if given.waits else links.action)
            case Offer() | AnswerOf():
                return ""
