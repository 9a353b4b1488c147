"""The waiting room as the provider asks for it, round by round."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select

from ivr.calls.bundles import Bundles
from ivr.calls.models import Call
from ivr.calls.queueing import HOLD_SECONDS, next_round, press
from ivr.config import Settings
from ivr.db import Database
from ivr.db.engines import TURN_SECONDS
from ivr.telephony import twiml
from ivr.telephony.forms import Form
from ivr.telephony.twiml import Links, Renderer


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    """Answers the waitUrl of an Enqueue. `hold` is the URL of music, or empty for silence."""

    database: Database
    bundles: Bundles
    renderer: Renderer
    settings: Settings
    clock: Callable[[], datetime]
    base: str = ""
    hold: str = ""

    def round(self, form: Form, turn: int) -> str:
        """One round: where the caller stands, then music, a key heard all along."""
        return self.bundles.building(partial(self._round, form, turn), TURN_SECONDS)

    def _round(self, form: Form, turn: int) -> str:
        with self.database.turn(durable=False) as transaction:
            connection = transaction.connection
            digest = connection.scalar(select(Call.bundle).where(Call.call == form.call))
            if digest is None:
                return twiml.leave()
            bundle = self.bundles.get(digest)
            now = next_round(connection, bundle, self.settings, form.call, self.clock())
        if now.leave:
            return twiml.leave()
        return twiml.company(self.renderer, now.utterances, Links(self.base, turn), self.hold, HOLD_SECONDS)

    def key(self, form: Form, turn: int) -> str:
        """A key pressed while waiting: the callback key leaves, any other goes back to waiting."""
        with self.database.turn(durable=False) as transaction:
            leaves = press(transaction.connection, form.call, form.digits, self.clock())
        return twiml.leave() if leaves else self.round(form, turn)
