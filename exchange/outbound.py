"""Calls placed by REST: ring a phone, detect answering machines, then run the document."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from exchange.channel import InlineTwiml, Redirected, WebhookTarget
from exchange.leg import CallbackPlan, Leg
from exchange.parameters import standard
from exchange.player import Player, Players
from exchange.ringing import DEFAULT_SECONDS, ring


@dataclass(frozen=True)
class MachineDetection:
    """Answering-machine detection; `report_to` makes it asynchronous."""

    until_message_end: bool
    report_to: WebhookTarget | None = None
    asynchronous: bool = False


@dataclass(frozen=True)
class CallOrder:
    """A call to place: called number, caller number, and the callbacks."""

    called: str
    caller: str
    callback: CallbackPlan | None = None
    fallback: WebhookTarget | None = None
    ring_seconds: int = DEFAULT_SECONDS
    detection: MachineDetection | None = None


def place_call(players: Players, order: CallOrder, source: WebhookTarget | InlineTwiml) -> Leg:
    """Returns the leg at once, with status queued; it rings in its own thread."""

    def speak(player: Player) -> None:
        first = source
        if order.detection is not None:
            first = _screen(player, order.detection, source)
        player.converse(first)

    return place_leg(players, order, speak)


def place_leg(players: Players, order: CallOrder, then: Callable[[Player], None]) -> Leg:
    """Rings, and runs `then` once answered; a REST redirect sends the call to another document."""
    leg = players.board.open_leg(
        order.caller, order.called, "outbound-api", callback=order.callback, fallback=order.fallback
    )

    def work(player: Player) -> None:
        ring(player, order.ring_seconds)
        try:
            then(player)
        except Redirected as redirected:
            player.converse(redirected.source)

    players.launch(leg, work)
    return leg


def _screen(
    player: Player, detection: MachineDetection, source: WebhookTarget | InlineTwiml
) -> WebhookTarget | InlineTwiml:
    """What the answering phone reported; the first request carries it unless detection is asynchronous."""
    leg = player.leg
    leg.answered_by = _word(leg.screened_as or "human", detection.until_message_end)
    found = ("AnsweredBy", leg.answered_by)
    if not detection.asynchronous:
        return replace(source, form=(*source.form, found)) if isinstance(source, WebhookTarget) else source
    if detection.report_to is not None:
        form = [*standard(leg, player.board.settings.account_sid), found, ("MachineDetectionDuration", "2000")]
        player.board.callback_sender.post(leg.sid, detection.report_to.url, detection.report_to.method, form)
    return source


def _word(answered_by: str, until_message_end: bool) -> str:
    if not answered_by.startswith("machine"):
        return answered_by
    if not until_message_end:
        return "machine_start"
    return "machine_end_beep" if answered_by == "machine_start" else answered_by
