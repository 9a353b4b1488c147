"""Recordings of a provider that keeps them in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ivr.foundation.errors import ProviderError
from ivr.telephony.provider import Done, Recording, Sound

PIECE = 1000


@dataclass
class Tapes:
    """`kept`: the sound of each recording by its id; `asked` are the parts that were asked for."""

    kept: Mapping[str, bytes]
    tells_size: bool = True
    is_away: bool = False
    asked: list[tuple[str, int, int | None]] = field(default_factory=list)

    def start(self, call: str, news_url: str = "") -> str | None:  # noqa: ARG002 - as the port has it
        """Nobody talks here."""
        return None

    def of_call(self, call: str) -> Sequence[Recording]:  # noqa: ARG002 - as the port has it
        """Nothing was started."""
        return ()

    def pause(self, call: str, recording: str) -> Done:  # noqa: ARG002 - as the port has it
        """Nothing runs."""
        return "gone"

    resume = stop = pause

    def find(self, recording: str) -> Recording | None:
        """What is kept is ready."""
        return Recording(recording, "CA", "ready", 2, 1) if recording in self.kept else None

    def media(self, recording: str) -> bytes | None:
        """All of it."""
        return self.kept.get(recording)

    def sound(self, recording: str, first: int = 0, last: int | None = None) -> Sound | None:
        """A part, in pieces."""
        self.asked.append((recording, first, last))
        if self.is_away:
            raise ProviderError("away", "unreachable")
        whole = self.kept.get(recording)
        if whole is None:
            return None
        part = whole[first : None if last is None else last + 1]
        pieces = (part[at : at + PIECE] for at in range(0, len(part), PIECE))
        return Sound(pieces, first, len(whole) if self.tells_size else None)

    def delete(self, recording: str) -> Done:  # noqa: ARG002 - as the port has it
        """Nothing is deleted."""
        return "gone"
