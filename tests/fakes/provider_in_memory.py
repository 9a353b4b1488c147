"""A telephone provider in one process: calls, queues and conferences as the desk meets them, with faults by chance.

What it tells and what it fetches is kept as deliveries, which the test makes in an order of its own.
"""

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from ivr.foundation.errors import ProviderError
from ivr.telephony.documents import ParticipantOptions
from ivr.telephony.notifications import CallNotification, CallStatus, ConferenceEvent, ConferenceNotification
from ivr.telephony.provider import (
    Calls,
    Conferences,
    Done,
    Participant,
    Provider,
    Queues,
    Recording,
    Recordings,
    Ring,
    Softphone,
    Whereabouts,
)

FINAL = frozenset({"invite", "take", "start"})  # deeds that the provider may refuse for good
UNSURE = 0.08  # of a deed: each kind of fault


@dataclass
class Line:
    """One call. `place`: ringing, queue, fetching, room (a conference), self_service, over."""

    sid: str
    place: str
    to: str = ""
    room: str = ""
    label: str = ""
    seat_in: str = ""
    placed_at: datetime | None = None
    ever: set[str] = field(default_factory=set)


@dataclass
class Room:
    """One conference, from its first line to its last."""

    sid: str
    name: str
    lines: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    told: int = 0
    is_over: bool = False


@dataclass
class PretendProvider:
    """The whole of it. `tell` takes news for delivery, `fetch` a call and the URL of its next document."""

    chance: random.Random
    now: Callable[[], datetime]
    tell: Callable[[ConferenceNotification | CallNotification], object]
    fetch: Callable[[str, str], object]
    is_faulty: bool = True
    lines: dict[str, Line] = field(default_factory=dict)
    rooms: list[Room] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def provider(self) -> Provider:
        """As the port; documents, webhooks and texts are none of the desk's."""
        nothing = cast("Any", None)
        return Provider(
            nothing, nothing, cast("Calls", self), cast("Conferences", _Conferences(self)),
            cast("Recordings", _Recordings(self)), cast("Queues", _Queues(self)), nothing,
        )  # fmt: skip

    def perform(self, deed: str, act: Callable[[], Any]) -> Any:
        """A deed, which may fail before it is done, or after."""
        drawn = self.chance.random() if self.is_faulty else 1.0
        if drawn < UNSURE:
            raise ProviderError(f"{deed}: no answer", "unknown")
        if drawn < 2 * UNSURE:
            raise ProviderError(f"{deed}: no way there", "unreachable")
        if drawn < 2.5 * UNSURE and deed in FINAL:
            raise ProviderError(f"{deed}: no", "refused")
        done = act()
        if 2.5 * UNSURE <= drawn < 3.5 * UNSURE:
            raise ProviderError(f"{deed}: the answer was lost", "unknown")
        return done

    # what happens on the lines

    def arrives(self, sid: str) -> None:
        """A caller stands in the queue."""
        self.lines[sid] = Line(sid, "queue")

    def ends(self, sid: str, status: CallStatus = "ended") -> None:
        """A line is over."""
        line = self.lines[sid]
        if line.place == "over":
            return
        self.leaves(line)
        line.place = "over"
        if line.label:
            self.tell(CallNotification(sid, status))

    def answers(self, sid: str) -> None:
        """An invited line is picked up: into its conference."""
        line = self.lines[sid]
        if line.place == "ringing":
            self.tell(CallNotification(sid, "talking"))
            self.joins(line, line.seat_in)

    def joins(self, line: Line, name: str) -> None:
        """Into the conference of this name."""
        self.leaves(line)
        room = self.running(name)
        if room is None:
            room = Room(f"CF{next(self.numbers)}", name)
            self.rooms.append(room)
        room.lines.append(line.sid)
        line.place, line.room = "room", room.sid
        self._news(room, "joined", line)

    def leaves(self, line: Line) -> None:
        """Out of the conference, where it is in one."""
        room = next((each for each in self.rooms if each.sid == line.room), None)
        line.room = ""
        if room is None:
            return
        room.lines.remove(line.sid)
        room.held.discard(line.sid)
        self._news(room, "left", line)
        room.is_over = not room.lines

    def running(self, name: str) -> Room | None:
        """The conference of this name that runs."""
        return next((each for each in self.rooms if each.name == name and not each.is_over), None)

    def room_of(self, sid: str) -> Room | None:
        """By the provider's id."""
        return next((each for each in self.rooms if each.sid == sid and not each.is_over), None)

    def _news(self, room: Room, event: ConferenceEvent, line: Line) -> None:
        self.tell(ConferenceNotification(room.sid, room.name, event, line.sid, line.label, room.told))
        room.told += 1

    # the port: calls

    def placed(self, to: str | Softphone, since: datetime) -> Sequence[str]:
        found = [each for each in self.lines.values() if each.to == _name(to) and (each.placed_at or since) >= since]
        return cast("Sequence[str]", self.perform("placed", lambda: [each.sid for each in reversed(found)]))

    def redirect(self, call: str, url: str) -> Done:
        return cast("Done", self.perform("redirect", lambda: self._redirected(call, url)))

    def _redirected(self, call: str, url: str) -> Done:
        line = self.lines[call]
        if line.place in ("over", "ringing"):
            return "gone"
        self.leaves(line)
        line.place = "fetching"
        self.fetch(call, url)
        return "done"

    def hang_up(self, call: str) -> Done:
        def act() -> Done:
            was_over = self.lines[call].place == "over"
            self.ends(call)
            return "gone" if was_over else "done"

        return cast("Done", self.perform("hang_up", act))

    def whereabouts(self, call: str, queue: str) -> Whereabouts:  # noqa: ARG002 - there is one queue
        places: dict[str, Whereabouts] = {"queue": "waiting", "over": "over"}
        place = self.lines[call].place
        return cast("Whereabouts", self.perform("whereabouts", lambda: places.get(place, "elsewhere")))

    def is_over(self, call: str) -> bool:
        return bool(self.perform("is_over", lambda: self.lines[call].place == "over"))


@dataclass
class _Conferences:
    of: PretendProvider

    def find(self, name: str) -> str | None:
        room = self.of.running(name)
        return cast("str | None", self.of.perform("find", lambda: room.sid if room is not None else None))

    def participants(self, conference: str) -> Sequence[Participant]:
        room = self.of.room_of(conference)
        there = [Participant(sid) for sid in room.lines] if room is not None else []
        return cast("Sequence[Participant]", self.of.perform("participants", lambda: there))

    def invite(self, name: str, ring: Ring, seat: ParticipantOptions, notify_url: str = "") -> str:  # noqa: ARG002 - all news is told
        def act() -> str:
            sid = f"CA-line-{next(self.of.numbers)}"
            made = Line(sid, "ringing", _name(ring.to), "", seat.label, name, self.of.now())
            self.of.lines[sid] = made
            return sid

        return cast("str", self.of.perform("invite", act))

    def hold(self, conference: str, call: str, url: str) -> Done:  # noqa: ARG002 - nobody listens
        return self._each("hold", conference, call, lambda room: room.held.add(call))

    def retrieve(self, conference: str, call: str) -> Done:
        return self._each("retrieve", conference, call, lambda room: room.held.discard(call))

    def _each(self, deed: str, conference: str, call: str, change: Callable[[Room], None]) -> Done:
        def act() -> Done:
            room = self.of.room_of(conference)
            if room is None or call not in room.lines:
                return "gone"
            change(room)
            return "done"

        return cast("Done", self.of.perform(deed, act))

    def end(self, conference: str) -> Done:
        def act() -> Done:
            room = self.of.room_of(conference)
            if room is None:
                return "gone"
            for sid in list(room.lines):
                line = self.of.lines[sid]
                if line.label.startswith("agent"):
                    self.of.ends(sid)
                else:
                    self.of.leaves(line)
                    line.place = "fetching"
                    self.of.fetch(sid, f"after:{room.name}")
            return "done"

        return cast("Done", self.of.perform("end", act))


@dataclass
class _Recordings:
    of: PretendProvider
    made: list[Recording] = field(default_factory=list)

    def start(self, call: str, notify_url: str = "") -> str | None:  # noqa: ARG002 - nobody asks
        def act() -> str | None:
            if self.of.lines[call].place == "over":
                return None
            self.made.append(Recording(f"RE{len(self.made)}", call, "running", 2))
            return self.made[-1].id

        return cast("str | None", self.of.perform("start", act))

    def of_call(self, call: str) -> Sequence[Recording]:
        return [each for each in reversed(self.made) if each.call == call]

    def pause(self, call: str, recording: str) -> Done:  # noqa: ARG002
        return "done"

    def resume(self, call: str, recording: str) -> Done:  # noqa: ARG002
        return "done"


@dataclass
class _Queues:
    of: PretendProvider

    def find(self, name: str) -> str | None:  # noqa: ARG002 - there is one queue
        return "QU1"

    def take(self, queue: str, call: str, url: str) -> Done:  # noqa: ARG002
        def act() -> Done:
            line = self.of.lines[call]
            if line.place != "queue":
                return "gone"
            line.place = "fetching"
            self.of.fetch(call, url)
            return "done"

        return cast("Done", self.of.perform("take", act))


def _name(to: str | Softphone) -> str:
    return to.name if isinstance(to, Softphone) else to
