"""Dial to telephones: rings one or several; the first to answer is connected to the caller."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from exchange.bridge import Bridge
from exchange.channel import HungUp, Redirected, WebhookTarget
from exchange.faults import TwimlFault
from exchange.grammar import SCREENING
from exchange.leg import CallbackPlan, Leg
from exchange.player import Player, Players
from exchange.ringing import ring
from exchange.switchboard import Switchboard


@dataclass(frozen=True)
class Party:
    """A phone to ring; `screening` is a document that runs on it before it is connected."""

    number: str
    screening: WebhookTarget | None = None
    callback: CallbackPlan | None = None


@dataclass(eq=False)
class DialAttempt:
    """One round of ringing for `parent`. Changed under the exchange's lock."""

    players: Players
    parent: Leg
    caller_id: str
    ring_seconds: int
    legs: list[Leg] = field(default_factory=list)
    winner: Leg | None = None
    bridge: Bridge | None = None
    closed: bool = False
    is_redirected: bool = False

    @property
    def board(self) -> Switchboard:
        return self.players.board

    def start(self, parties: Sequence[Party]) -> None:
        for party in parties:
            leg = self.board.open_leg(
                self.caller_id, party.number, "outbound-dial", parent=self.parent, callback=party.callback
            )
            self.legs.append(leg)
        for leg, party in zip(self.legs, parties, strict=True):
            self.players.launch(leg, partial(self._run_leg, party))

    def settled(self) -> bool:
        """True when the caller is connected or no phone is left. `is_redirected`: REST redirected the answering leg."""
        return self.bridge is not None or self.is_redirected or all(leg.over for leg in self.legs)

    def close(self, status: str) -> None:
        """Ends the ringing legs with `status`, and the conversation."""
        with self.board.lock:
            self.closed = True
            if self.bridge is not None:
                self.bridge.close()
            for leg in self.legs:
                if leg.answered_at is None:
                    leg.hang_up("exchange", "no answer", status=status, sip_code="487")
                elif self.bridge is None and not self.is_redirected:
                    leg.hang_up("hotline", "the caller has gone")

    def outcome(self) -> str:
        """DialCallStatus of a settled attempt."""
        said = {leg.status for leg in self.legs}
        if self.winner is not None or "completed" in said:  # or answered and hung up at once
            return "completed"
        return next((status for status in ("busy", "no-answer", "failed", "canceled") if status in said), "failed")

    def _run_leg(self, party: Party, player: Player) -> None:
        """The called leg's own thread; a REST redirect sends the leg to another document."""
        try:
            ring(player, self.ring_seconds)
            self._win(player.leg)
            try:
                self._converse(player, party)
            except Redirected as redirected:
                self.is_redirected = True
                self.parent.channel.wake()
                player.converse(redirected.source)
        finally:
            self.parent.channel.wake()

    def _win(self, leg: Leg) -> None:
        with self.board.lock:
            if self.winner is not None or self.closed:
                leg.hang_up("hotline", "answered elsewhere")
                raise HungUp
            self.winner = leg
            for other in self.legs:
                status, code = ("completed", "200") if other.answered_at else ("canceled", "487")
                if other is not leg:
                    other.hang_up("hotline", "answered elsewhere", status=status, sip_code=code)

    def _converse(self, player: Player, party: Party) -> None:
        leg = player.leg
        if party.screening is not None:
            try:
                player.run(party.screening, SCREENING)
            except TwimlFault as fault:
                leg.tell("error", code=fault.code, message=fault.message)
                leg.hang_up("exchange", "application error")
        with self.board.lock:
            leg.channel.check()
            if self.closed:
                leg.hang_up("hotline", "the caller has gone")
                raise HungUp
            self.bridge = Bridge(self.parent, leg).open()
            self.parent.channel.wake()
        self.bridge.talk(leg)
        leg.hang_up("hotline", "conversation ended")
