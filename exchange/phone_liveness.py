"""Hangs up calls whose phone page has crashed: the page stops requesting events without hanging up."""

import contextlib
import threading

from exchange.clock import steady
from exchange.handset import Handset
from exchange.leg import Leg
from exchange.phone_refusals import Refusal

GONE_SECONDS = 30.0  # well above the ten seconds of one event request


class PhoneLiveness:
    """The last request of each monitored call's phone; one thread for each such call until its end."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def heartbeat(self, leg: Leg) -> None:
        """The phone is alive. After the first heartbeat it must send another within GONE_SECONDS."""
        with leg.channel.changed:
            if leg.over:
                return
            watched = leg.sid in self._seen
            self._seen[leg.sid] = steady()
        if not watched:
            threading.Thread(target=self._watch, args=(leg,), name=f"attendance-{leg.sid}", daemon=True).start()

    def _watch(self, leg: Leg) -> None:
        with leg.channel.changed:
            while not leg.over and (left := self._seen[leg.sid] + GONE_SECONDS - steady()) > 0:
                leg.channel.changed.wait(left)
            del self._seen[leg.sid]
        if not leg.over:
            with contextlib.suppress(Refusal):  # the call may have ended in between
                Handset(leg).hang_up()
