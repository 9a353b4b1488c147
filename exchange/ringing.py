"""Rings a phone of this exchange and waits for an answer."""

from exchange import clock
from exchange.leg import Leg
from exchange.player import Player
from exchange.switchboard import Switchboard

DEFAULT_SECONDS = 60


def ring(player: Player, seconds: float) -> None:
    """Returns when the phone was answered. Raises HungUp when it is busy, absent, not answered, or rejects the call.

    A number without a phone counts as no-answer at once, to avoid a pointless wait.
    """
    board, leg = player.board, player.leg
    board.callbacks.report(leg, "initiated")
    if not board.phones.rings(leg.holder):
        leg.hang_up("exchange", "no phone has this number", status="no-answer", sip_code="480")
    elif _engage(board, leg):
        _alert(board, leg)
        try:
            leg.channel.wait_for_signal(seconds, until=lambda: leg.status == "in-progress")
        finally:
            if leg.answered_at is not None:  # even if the person has hung up already
                board.callbacks.report(leg, "answered")
        with board.lock:
            if leg.status == "ringing":
                leg.hang_up("exchange", "no answer", status="no-answer", sip_code="487")
    leg.channel.check()


def _engage(board: Switchboard, leg: Leg) -> bool:
    """A phone holds one call: returns False, and ends the call as busy, when the phone is in use."""
    with board.lock:
        others = [other for other in board.live if other.holder == leg.holder and other is not leg]
        if any(other.status in ("ringing", "in-progress") for other in others):
            leg.hang_up("exchange", "busy", status="busy", sip_code="486")
            return False
        return leg.move("ringing")


def _alert(board: Switchboard, leg: Leg) -> None:
    board.callbacks.report(leg, "ringing")
    parties = {"from": leg.caller, "to": leg.called}
    board.phones.deliver_event(leg.holder, "incoming_call", at=clock.iso(clock.now()), call=leg.sid, **parties)
