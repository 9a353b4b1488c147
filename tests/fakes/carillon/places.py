"""Where legs meet in a carillon: lines to wait in, rooms to talk in; and tapes of what was said."""

import io
import secrets
import wave
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.carillon.legs import Leg


@dataclass(eq=False)
class Line:
    """Legs that wait, the first one first."""

    name: str
    id: str
    legs: "list[Leg]" = field(default_factory=list)


@dataclass(eq=False)
class Chair:
    """A leg in a room. `whispers_to` is the id of the only leg that hears it."""

    leg: "Leg"
    tag: str = ""
    silent: bool = False
    parked: bool = False
    whispers_to: str | None = None
    closes: bool = False


@dataclass(eq=False)
class Room:
    """Legs that talk, until it closes."""

    name: str
    id: str
    chairs: list[Chair] = field(default_factory=list)
    closed: bool = False
    news: str = ""

    def chair(self, leg: str) -> Chair | None:
        """Where a leg sits."""
        return next((each for each in self.chairs if each.leg.id == leg), None)

    def spread(self, leg: str, text: str) -> None:
        """What a leg says reaches those who hear it."""
        speaker = self.chair(leg)
        if speaker is None or speaker.silent or speaker.parked:
            return
        for each in self.chairs:
            is_meant = speaker.whispers_to in (None, each.leg.id)
            if each is not speaker and not each.parked and is_meant:
                each.leg.heard.append(text)


@dataclass(eq=False)
class Tape:
    """state: rolling, held, baked."""

    id: str
    leg: str
    news: str = ""
    state: str = "rolling"

    def sound(self) -> bytes:
        """A second of silence on two tracks."""
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(bytes(4 * 8000))
        return buffer.getvalue()


def new_id(kind: str) -> str:
    """An id such as leg-0f3c9a."""
    return f"{kind}-{secrets.token_hex(6)}"
