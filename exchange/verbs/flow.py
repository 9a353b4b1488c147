"""Redirect, Hangup, Reject, Leave, and verbs that are recognised but not executed."""

from exchange import faults
from exchange.attributes import address, method
from exchange.channel import WebhookTarget
from exchange.player import Player, QueueExit
from exchange.twiml import Document, Verb


def redirect(_player: Player, verb: Verb, document: Document) -> WebhookTarget:
    """Without a URL, repeats the current document."""
    return WebhookTarget(address(document, verb.text), method(verb))


def hangup(player: Player, _verb: Verb, _document: Document) -> None:
    player.leg.hang_up("hotline", "hangup")
    player.channel.check()


def reject(player: Player, verb: Verb, _document: Document) -> None:
    """Ends a call that was never answered; on an answered call it has no effect."""
    if player.leg.status != "ringing":
        player.leg.warn(faults.SCHEMA, "<Reject> works only as the first verb and was ignored")
        return
    busy = verb.attributes.get("reason") == "busy"
    status, code = ("busy", "486") if busy else ("no-answer", "603")
    player.leg.hang_up("hotline", "busy" if busy else "rejected", status=status, sip_code=code)
    player.channel.check()


def leave(_player: Player, _verb: Verb, _document: Document) -> QueueExit:
    return QueueExit.QUEUE


def ignore(player: Player, verb: Verb, _document: Document) -> None:
    """Start and Stop fork media streams, which the exchange does not have."""
    player.leg.warn(faults.SCHEMA, f"<{verb.name}> is not simulated and was ignored")
