"""The actions of a person at a phone.

In the stepped pace an action first waits until the call waits for its phone, so that scripts need not guess the timing.
"""

import re
from collections.abc import Mapping

from exchange import phone_refusals as refusals
from exchange.channel import Key, Silence, Spoken
from exchange.leg import Leg
from exchange.speech import speaking_seconds

IDLE_TIMEOUT_SECONDS = 20.0
MACHINES = frozenset(
    ("human", "fax", "unknown", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other")
)
_KEYS = re.compile(r"[0-9*#]{1,64}", re.ASCII)


class Handset:
    """Controls one leg. Every action raises Refusal when it is not possible."""

    def __init__(self, leg: Leg) -> None:
        self._leg = leg

    def press(self, digits: str) -> None:
        if not _KEYS.fullmatch(digits):
            raise refusals.bad_request("digits")
        self._await_idle()
        with self._leg.channel.changed:
            self._leg.tell("keys", count=len(digits), digits=digits)
            for digit in digits:
                self._leg.channel.signal(Key(digit))

    def speak(self, text: str, confidence: float | None) -> None:
        """Speaks to the hotline if it accepts speech, and to the other parties of a conversation; otherwise raises
        Refusal.
        """
        self._await_idle()
        leg = self._leg
        with leg.channel.changed:
            if leg.conversation is None and "speech" not in leg.channel.listens_for:
                raise refusals.keys_only() if "dtmf" in leg.channel.listens_for else refusals.not_listening()
            leg.channel.signal(Spoken(text, confidence))
            for listener in leg.conversation.listeners(leg) if leg.conversation else ():
                listener.tell("say", text=text, language="", voice="person", seconds=speaking_seconds(text))

    def be_silent(self) -> None:
        self._await_idle()
        self._leg.channel.signal(Silence())

    def hang_up(self) -> None:
        """Waits only until keys already pressed were processed: a caller may hang up at any time."""
        leg = self._leg
        if leg.direction != "inbound" and leg.answered_at is None:
            self.reject()
            return
        leg.channel.wait_until_idle(IDLE_TIMEOUT_SECONDS, idle=False)
        status, code = ("completed", "200") if leg.answered_at else ("no-answer", "487")
        if not leg.hang_up("caller", "hangup", status=status, sip_code=code):
            raise refusals.call_over()

    def answer(self, body: Mapping[str, object]) -> None:
        """`answered_by` in the body simulates an answering machine; the default is a person."""
        who = body.get("answered_by", "human")
        if who not in MACHINES:
            raise refusals.bad_request("answered_by")
        self._pick("answer")
        with self._leg.channel.changed:
            self._leg.screened_as = str(who)
            if not self._leg.move("in-progress"):
                raise refusals.not_ringing()

    def reject(self) -> None:
        self._pick("reject")
        self._leg.hang_up("caller", "rejected", status="busy", sip_code="486")

    def _pick(self, _deed: str) -> None:
        leg = self._leg
        if leg.direction == "inbound" or leg.status != "ringing":
            raise refusals.not_ringing()

    def _await_idle(self) -> None:
        leg = self._leg
        if leg.channel.stepped and not leg.channel.wait_until_idle(IDLE_TIMEOUT_SECONDS):
            raise refusals.not_settled()
        if leg.over:
            raise refusals.call_over()
