"""Walks a running hotline from question to question, as its flows lead, and keeps the shortest way to each.

Nothing is done on the way, so one installation serves a whole crawl.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.engine.node import Node
from ivr.engine.steps.collect import Collect
from ivr.engine.steps.confirm import Confirm
from ivr.engine.steps.menu import Menu
from ivr.engine.steps.transfer import TransferStep
from tests.journeys.steps import TRANSFER
from tests.support.caller import Caller
from tests.support.hotline import CARD, QUERY, TRANSACTION, WANG, Hotline
from tests.support.seeding import built

QUEUE = "queue"  # the position of a queued caller, and the action of asking for a callback there
FULL = "full"  # the action of a full queue
_PINS = {"verify_query": QUERY[WANG], "verify_transaction": TRANSACTION[WANG]}
_FIRST = frozenset({"main.welcome", "main.menu", QUEUE})
_DATA = {
    "card": f"{CARD[WANG]}#", "identity": "110101199003074215", "customer_number": "3100458812#", "amount": "100#",
    "keyed": "13800000001#", "old": QUERY[WANG], "new": "508264", "again": "508265",
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """Keys to press, one question after the other, and the question (flow.step) that each of them led to."""

    number: str
    deeds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def place_of(hotline: Hotline, caller: Caller) -> str:
    """flow.step where a call stands, as its trail tells."""
    newest = "select trail from turns where call = :call order by turn desc limit 1"
    entries = json.loads(hotline.one(newest, call=caller.call))
    place = next((str(place) for place, _ in reversed(entries) if place), "")
    return QUEUE if isinstance(_node(place), TransferStep) else place


def _node(place: str) -> Node:
    flow, _, name = place.partition(".")
    return built()[1].flows[flow].steps[name].node


def keys_of(hotline: Hotline, deed: str) -> str:
    """What is keyed: a code is the one that was sent."""
    return hotline.code() if deed == "code" else deed


def act(hotline: Hotline, caller: Caller, deed: str, then: str = "") -> None:
    """One action, followed by stray keys."""
    if deed == QUEUE:
        caller.wait().wait_key("1", then=then)
    elif deed == FULL:
        caller.stray = then
        caller.leave("queue-full")
    else:
        caller.press(keys_of(hotline, deed), then=then)


def crawl(hotline: Hotline, number: str, beside: frozenset[str] = frozenset()) -> list[Way]:
    """The shortest path to every question that this number reaches, the greeting first.

    What lies behind questions that are known `beside`, the first ones apart, is not looked for again.
    """
    begin = Way(number, (), ("main.welcome",))
    known, todo = {_key(begin): begin}, [begin]
    for way in todo:  # grows while it is walked: breadth first
        if way.places[-1] in beside - _FIRST:
            continue
        for deed in _deeds(way):
            caller = walked(hotline, way)
            act(hotline, caller, deed)
            place = place_of(hotline, caller)
            there = Way(number, (*way.deeds, deed), (*way.places, place))
            if _key(there) not in known and not caller.ended and place not in way.places:
                known[_key(there)] = there
                todo.append(there)
            caller.hang_up()
    return list(known.values())


def _key(way: Way) -> tuple[str, str]:
    """A question, and the caller's choice in the main menu, since a subflow returns to its calling flow."""
    place = way.places[-1]
    is_shared = place.startswith("identify.") and place != "identify.offer"
    return ("" if is_shared or len(way.deeds) < 2 else way.deeds[1]), place


def walked(hotline: Hotline, way: Way) -> Caller:
    """A new call at the end of a way, on another day."""
    hotline.clock.forward(hours=25)
    caller = hotline.caller(way.number)
    for deed in way.deeds:
        act(hotline, caller, deed)
    return caller


def _deeds(way: Way) -> Iterator[str]:
    """What a caller may answer there; a yes only where a password and a code are asked for after it."""
    place = way.places[-1]
    if place == QUEUE:
        yield from (QUEUE, FULL)
        return
    node = _node(place)
    if isinstance(node, Menu):
        yield from (key for key in node.options if key.isdecimal())
        yield from ("1",) if node.choices else ()
        yield from ("0",) if place == "main.menu" else ()
    elif isinstance(node, Confirm):
        yield "1" if place == "transfer.read_back" else "2"
    elif isinstance(node, Collect):
        yield from _data(way, str(node.collect))


def _data(way: Way, variable: str) -> Iterator[str]:
    flow = way.places[-1].partition(".")[0]
    if flow == "code_entry":
        yield from () if way.deeds[1] == TRANSFER else ("code",)  # it would move the money
    elif flow in _PINS:
        yield _PINS[flow]
    else:
        yield _DATA[variable]
