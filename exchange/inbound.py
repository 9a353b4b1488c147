"""Calls from a phone to the hotline."""

from exchange.callbacks import status_callback_plan
from exchange.channel import WebhookTarget
from exchange.leg import Leg
from exchange.player import Player, Players
from exchange.settings import WITHHELD, TypeAhead


def dial_hotline(players: Players, caller: str, type_ahead: TypeAhead | None = None) -> Leg:
    """Calls the hotline. The status callback of its number reports only the end of the call."""
    board, settings = players.board, players.board.settings
    number = caller.upper() if caller.upper() in WITHHELD else caller
    fallback = WebhookTarget(settings.fallback_url) if settings.fallback_url else None
    leg = board.open_leg(
        number,
        settings.hotline_number,
        "inbound",
        callback=status_callback_plan(settings.status_url),
        fallback=fallback,
        type_ahead=type_ahead,
    )
    leg.move("ringing")

    def work(player: Player) -> None:
        player.converse(WebhookTarget(settings.voice_url))

    players.launch(leg, work)
    return leg
