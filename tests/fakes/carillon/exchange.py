"""A carillon: a telephone provider that has nothing of Twilio's but the trade. A real program on an ephemeral port.

Its API is JSON over HTTP under /v3, its documents are JSON, its ids, states and faults are words of its own, and its
webhooks bear a seal. Telephones are played by whoever holds the object: `dial`, `answering`, and the signals of a leg.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.fakes.carillon import legs
from tests.fakes.carillon.legs import OVER, Leg
from tests.fakes.carillon.places import Line, Room, Tape, new_id

Answer = Callable[[Leg], str]  # how a telephone meets a ring: "up", "engaged" or "unanswered"


@dataclass
class Note:
    """A text."""

    to: str
    words: str
    id: str = field(default_factory=lambda: new_id("note"))
    at: float = field(default_factory=time.time)


class Carillon:
    """The state of a carillon. `door` is the hotline's URL for new calls, `news` the one for their ends."""

    def __init__(self, key: str, secret: str, door: str = "", news: str = "") -> None:
        self.key, self.secret, self.door, self.news = key, secret, door, news
        self.address = ""  # where its API is, once it is served
        self.lock = threading.RLock()
        self.legs: dict[str, Leg] = {}
        self.lines: dict[str, Line] = {}
        self.rooms: dict[str, Room] = {}
        self.tapes: dict[str, Tape] = {}
        self.notes: list[Note] = []
        self.unanswered: list[Exception] = []  # requests that the hotline did not answer, and calls that ended by it
        self.telephones: dict[str, threading.Event] = {}  # peers that can be rung -> set when one is picked up

    def dial(self, number: str) -> Leg:
        """A telephone calls the hotline."""
        leg = self._new(f"tel:{number}", self.news)
        leg.live(self.door)
        return leg

    def ring(self, peer: str, news: str, then: Callable[[Leg], None]) -> Leg:
        """Ring a telephone; `then` follows when it is picked up, and one that nobody holds is unanswered."""
        leg = self._new(peer, news)
        picked_up = self.telephones.get(peer)

        def wait() -> None:
            if picked_up is not None and picked_up.wait(legs.PATIENCE_SECONDS) and leg.state == "alerting":
                then(leg)
            else:
                leg.end("unanswered")

        threading.Thread(target=wait, daemon=True).start()
        return leg

    def _new(self, peer: str, news: str) -> Leg:
        leg = Leg(self, peer, news=news)
        with self.lock:
            self.legs[leg.id] = leg
        return leg

    def about(self, leg: Leg) -> dict[str, Any]:
        """What every webhook tells of a leg."""
        return {"leg": leg.id, "peer": leg.peer, "state": leg.state, "key": self.key}

    def tell(self, leg: Leg, url: str) -> None:
        """Notifications of a leg's state, where anybody asked for them."""
        if url:
            self.post_and_forget(url, {**self.about(leg), "what": "news"})

    def post(self, url: str, body: Mapping[str, Any]) -> Any:
        """A webhook whose answer is carried out."""
        return legs.post(self.secret, url, body)

    def post_and_forget(self, url: str, body: Mapping[str, Any]) -> None:
        """A webhook whose answer nobody needs."""

        def send() -> None:
            with suppress(requests.RequestException):
                legs.post(self.secret, url, body)

        threading.Thread(target=send, daemon=True).start()

    def forget(self, leg: Leg) -> None:
        """A leg that ends takes its tapes along."""
        with self.lock:
            for tape in self.tapes.values():
                if tape.leg == leg.id:
                    self.bake(tape)

    def bake(self, tape: Tape) -> None:
        """A tape is done, once."""
        if tape.state != "baked" and tape.news:
            told = {"what": "tape", "tape": tape.id, "leg": tape.leg, "length": 1, "key": self.key}
            self.post_and_forget(tape.news, told)
        tape.state = "baked"

    def tell_of(self, room: Room, deed: str, leg: str = "", tag: str = "") -> None:
        """Notifications of a room."""
        if room.news:
            told = {"what": "room", "room": room.id, "name": room.name, "deed": deed, "leg": leg, "tag": tag}
            self.post_and_forget(room.news, {**told, "key": self.key})

    def line(self, name: str) -> Line:
        """The line of a name, opened where there is none."""
        with self.lock:
            return self.lines.setdefault(name, Line(name, new_id("line")))

    def open_room(self, name: str, news: str) -> Room:
        """The room of a name, opened where none is open; `news` is where those of a new one go."""
        with self.lock:
            room = self.rooms.get(name)
            if room is None or room.closed:
                room = self.rooms[name] = Room(name, new_id("room"), news=news)
            return room

    def close_room(self, room: Room) -> None:
        """Out with everybody."""
        with self.lock:
            if not room.closed:
                self.tell_of(room, "shut")
            room.closed = True
            for chair in room.chairs:
                chair.leg.signals.put(("out", None))

    def close(self) -> None:
        """Every leg ends."""
        for leg in [each for each in self.legs.values() if each.state not in OVER]:
            leg.end()
            if leg.thread is not None:
                leg.thread.join(5)


def dumped(value: object) -> bytes:
    """An answer's body."""
    return json.dumps(value, ensure_ascii=False).encode()
