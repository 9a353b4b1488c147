"""Legs of a carillon: each lives in a thread of its own, asks the hotline for documents and carries them out.

No time passes by itself: whoever is asked something waits until the telephone keys, speaks, or lets the time run out.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any

import requests

from tests.fakes.carillon.places import Chair, Line, Room, Tape, new_id
from tests.fakes.carillon.signing import HEADER, seal

if TYPE_CHECKING:
    from tests.fakes.carillon.exchange import Carillon

PATIENCE_SECONDS = 20.0
OVER = frozenset({"finished", "engaged", "unanswered", "withdrawn"})
Step = Mapping[str, Any]


class HungUp(Exception):  # noqa: N818 - an interruption, no fault
    """The telephone put down."""


class Moved(Exception):  # noqa: N818
    """The leg is to go on elsewhere."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class LeftLine(Exception):  # noqa: N818
    """The document sent the leg out of its line."""


class OutOfRoom(Exception):  # noqa: N818
    """The room closed, or the leg was sent out of it."""


@dataclass(eq=False)
class Leg:
    """One leg. `peer` is tel:NUMBER or desk:NAME; state: alerting, up, or how it ended."""

    carillon: "Carillon"
    peer: str
    state: str = "alerting"
    news: str = ""
    id: str = field(default_factory=lambda: new_id("leg"))
    born: float = field(default_factory=time.time)
    heard: list[str] = field(default_factory=list)
    asked: bool = False  # waits for keys or words
    line: Line | None = None
    room: Room | None = None
    signals: "Queue[tuple[str, Any]]" = field(default_factory=Queue)
    thread: threading.Thread | None = None

    def live(self, url: str) -> None:
        """From the first document on, in a thread."""
        self._begin(lambda: self._follow(url, {"what": "begin"}))

    def live_in(self, sit: Step) -> None:
        """From a chair in a room on, in a thread."""
        self._begin(lambda: self._follow(*self._sit_in(sit)))

    def _begin(self, work: Callable[[], None]) -> None:
        self.thread = threading.Thread(target=self._live, args=(work,), daemon=True)
        self.thread.start()

    def end(self, state: str = "finished") -> None:
        """Over, for whatever reason."""
        with self.carillon.lock:
            if self.state in OVER:
                return
            self.state = state
        self.signals.put(("down", None))
        self.carillon.tell(self, self.news)

    def _live(self, work: Callable[[], None]) -> None:
        self.state = "up"
        self.carillon.tell(self, self.news)
        try:
            with suppress(HungUp):  # which ends the call, as intended
                self._follow_moves(work)
        except requests.RequestException as error:  # without a hotline there is no call
            self.carillon.unanswered.append(error)
        finally:
            self.asked = False
            self.carillon.forget(self)
            self.end()

    def _follow_moves(self, work: Callable[[], None]) -> None:
        while True:
            try:
                work()
                return
            except Moved as moved:
                work = partial(self._follow, moved.url, {"what": "begin"})

    def _follow(self, url: str, told: dict[str, Any]) -> None:
        while url:
            steps = self._fetch(url, told)
            url, told = self._perform(steps)

    def _fetch(self, url: str, told: dict[str, Any]) -> Sequence[Step]:
        answer = self.carillon.post(url, {**self.carillon.about(self), **told})
        document = json.loads(answer.content)
        assert document["carillon"] == 3, document
        return list(document["do"])

    def _perform(self, steps: Sequence[Step], *, rests: bool = True) -> tuple[str, dict[str, Any]]:
        """Where to go on, and what is told there; nowhere where the document runs out."""
        for step in steps:
            [kind] = step.keys() & {"say", "play", "rest", "ask", "jump", "line", "quit_line", "room", "tape", "bye"}
            if kind in ("say", "play"):
                self.heard.append(step[kind])
            elif kind == "rest" and rests and self.line is not None:
                self._signal()
            elif kind == "ask":
                told = self._ask(step["ask"])
                if told is not None:
                    return step["ask"]["then"], told
            elif kind == "jump":
                return step["jump"], {"what": "silence"}
            elif kind == "line":
                return self._wait_in(step["line"])
            elif kind == "quit_line":
                raise LeftLine
            elif kind == "room":
                return self._sit_in(step["room"])
            elif kind == "tape":
                return step["tape"]["then"], self._message()
            elif kind == "bye":
                raise HungUp
        return "", {}

    def _ask(self, ask: Step) -> dict[str, Any] | None:
        self._perform(ask["do"], rests=False)
        self.asked = True
        try:
            kind, value = self._signal()
        finally:
            self.asked = False
        if kind == "keys":
            return {"what": "keys", "keys": value}
        return {"what": "words", "words": value, "sure": 91} if kind == "words" else None

    def _message(self) -> dict[str, Any]:
        """What the telephone leaves on a tape; nothing where it says nothing."""
        self.asked = True
        try:
            kind, _ = self._signal()
        finally:
            self.asked = False
        if kind != "words":
            return {"what": "silence"}
        tape = Tape(new_id("tape"), self.id, state="baked")
        self.carillon.tapes[tape.id] = tape
        sound = f"{self.carillon.address}/v3/tapes/{tape.id}/sound"
        return {"what": "message", "tape": tape.id, "sound": sound, "length": 1}

    def _signal(self) -> tuple[str, Any]:
        """The next thing that happens to the leg; what interrupts it is raised."""
        try:
            kind, value = self.signals.get(timeout=PATIENCE_SECONDS)
        except Empty:
            raise HungUp from None  # a test forgot it
        if kind == "down":
            raise HungUp
        if kind == "move":
            raise Moved(value)
        if kind == "out":
            raise OutOfRoom
        return kind, value

    def _wait_in(self, wait: Step) -> tuple[str, dict[str, Any]]:
        line = self.carillon.line(wait["name"])
        with self.carillon.lock:
            line.legs.append(self)
            self.line = line
        outcome = "broken"
        try:
            while True:
                self._follow(wait["company"], {"what": "company", "line": line.id})
        except LeftLine:
            outcome = "sent_out"
        except Moved:
            outcome = "picked_up"
            raise
        except HungUp:
            outcome = "dropped"
            raise
        finally:
            with self.carillon.lock:
                line.legs.remove(self)
                self.line = None
            told = {"what": "left_line", "line": line.id, "outcome": outcome, "waited": 7}
            if outcome != "sent_out" and wait.get("then"):
                self.carillon.post_and_forget(wait["then"], {**self.carillon.about(self), **told})
        return wait.get("then") or "", told

    def _sit_in(self, sit: Step) -> tuple[str, dict[str, Any]]:
        room = self.carillon.open_room(sit["name"], sit["news"])
        chair = Chair(self, sit["tag"], sit["silent"], False, sit["whispers_to"], sit["closes"])
        with self.carillon.lock:
            room.chairs.append(chair)
            self.room = room
        self.carillon.tell_of(room, "came", self.id, chair.tag)
        try:
            with suppress(OutOfRoom):  # which ends the sitting, as intended
                while True:
                    kind, value = self._signal()
                    if kind == "hear":
                        self._perform(self._fetch(value, {"what": "hear"}))
        finally:
            with self.carillon.lock:
                room.chairs.remove(chair)
                self.room = None
            self.carillon.tell_of(room, "went", self.id, chair.tag)
            if chair.closes or not room.chairs:
                self.carillon.close_room(room)
        return sit.get("then") or "", {"what": "left_room"}


def post(secret: str, url: str, body: Mapping[str, Any]) -> requests.Response:
    """A sealed webhook."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", HEADER: seal(secret, int(time.time()), url, raw)}
    answer = requests.post(url, data=raw, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer
