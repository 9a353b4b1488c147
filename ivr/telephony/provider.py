"""The port to a telephone provider: all that the product asks of one. A new provider is one package that fulfils it.

Every deed fails as `ProviderError`, whose kind says whether it may have been done, and ends within seconds, whatever
the provider does. A deed that changes something which has ended meanwhile is no failure: its outcome is "gone".
Unless it says otherwise a deed may be asked for twice, and the second time changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from ivr.telephony.documents import Documents, Seat
from ivr.telephony.forms import Webhooks
from ivr.telephony.news import CallStatus, RecordingStatus

Done = Literal["done", "gone"]
Whereabouts = Literal["waiting", "elsewhere", "over"]
TextStatus = Literal["queued", "sent", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Desk:
    """A telephone in the browser, by the name that it signed in under: letters, digits and underscores."""

    name: str


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom to ring (E.164, or a desk) and for how long; the hotline's number is shown.

    `news_url` is told of ringing, the answer and the end: `CallNews`.
    """

    to: str | Desk
    seconds: int = 30
    news_url: str = ""


class Calls(Protocol):
    """Calls: placed, found, moved, ended. A call is named by the id that its webhooks bear."""

    def place(self, ring: Ring, url: str) -> str:
        """Ring somebody, who is given the document of `url` when they answer. Returns the call.

        Asked for twice it rings twice: after "unknown", `placed` tells whether it rings.
        """
        ...

    def placed(self, to: str | Desk, since: datetime) -> Sequence[str]:
        """The calls that were placed to somebody since then, the newest first."""
        ...

    def status(self, call: str) -> CallStatus | None:
        """How a call stands; None for one that the provider does not know (any more). It may lag by a second."""
        ...

    def redirect(self, call: str, url: str) -> Done:
        """Interrupt a talking call, wherever it is, with the document of `url`. Twice: it begins anew."""
        ...

    def hang_up(self, call: str) -> Done:
        """End a call, or stop its ringing."""
        ...

    def whereabouts(self, call: str, queue: str) -> Whereabouts:
        """Whether a call waits in this queue, goes on elsewhere, or is over."""
        ...

    def is_over(self, call: str) -> bool:
        """True where a call has ended, or the provider knows no such call."""
        ...


@dataclass(frozen=True, slots=True)
class Participant:
    """One call in a conference; `coaches` is the call of the only one who hears it."""

    call: str
    label: str = ""
    is_muted: bool = False
    is_held: bool = False
    coaches: str | None = None


class Conferences(Protocol):
    """Conferences, named by the provider's id; a participant is named by its call."""

    def find(self, name: str) -> str | None:
        """The conference of this name that runs now; None where none does."""
        ...

    def participants(self, conference: str) -> Sequence[Participant]:
        """Who takes part now; nobody where it is over."""
        ...

    def invite(self, name: str, ring: Ring, seat: Seat, news_url: str = "") -> str:
        """Ring somebody, who sits in the conference of this name when they answer. Returns the call.

        `news_url` is told of who comes and goes (`ConferenceNews`), where this one opens the conference.
        Asked for twice it rings twice, as `Calls.place` does.
        """
        ...

    def hold(self, conference: str, call: str, url: str) -> Done:
        """The participant hears the document of `url`, and neither hears the others nor is heard."""
        ...

    def retrieve(self, conference: str, call: str) -> Done:
        """Back from hold."""
        ...

    def mute(self, conference: str, call: str, *, muted: bool) -> Done:
        """Let the others hear the participant no longer, or again."""
        ...

    def coach(self, conference: str, call: str, whom: str) -> Done:
        """Whisper: only `whom`, the call of another participant, hears this one."""
        ...

    def barge(self, conference: str, call: str) -> Done:
        """Everybody hears the participant from now on, whether it was muted or coached before."""
        ...

    def remove(self, conference: str, call: str) -> Done:
        """Out of the conference; the call goes on at the URL that follows it, where it has one."""
        ...

    def announce(self, conference: str, url: str, call: str = "") -> Done:
        """Everybody, or one participant, hears the document of `url`. Twice: it is heard twice."""
        ...

    def end(self, conference: str) -> Done:
        """Out with everybody."""
        ...


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of a call; `seconds` is known once it is ready."""

    id: str
    call: str
    status: RecordingStatus
    channels: int
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Sound:
    """A part of a WAV file, piece by piece, from its byte `first` on. `whole`: the bytes of the file, None where the
    provider does not say.
    """

    pieces: Iterator[bytes]
    first: int = 0
    whole: int | None = None


class Recordings(Protocol):
    """Recordings of calls, named by the provider's id."""

    def start(self, call: str, news_url: str = "") -> str | None:
        """Record a talking call, each side on a channel of its own; None where the call talks no longer.

        `news_url` is told when it is ready, or absent: `RecordingNews`.
        Asked for twice there are two recordings: after "unknown", `of_call` tells.
        """
        ...

    def of_call(self, call: str) -> Sequence[Recording]:
        """What there is of a call, the newest first."""
        ...

    def pause(self, call: str, recording: str) -> Done:
        """Record silence from now on, while a secret is keyed or said; what follows keeps its time in the recording."""
        ...

    def resume(self, call: str, recording: str) -> Done:
        """Record what is said again."""
        ...

    def stop(self, call: str, recording: str) -> Done:
        """End the recording; it is ready a little later."""
        ...

    def find(self, recording: str) -> Recording | None:
        """How a recording stands; None where it was deleted, or never was."""
        ...

    def media(self, recording: str) -> bytes | None:
        """The sound as a WAV file; None while it is not ready, or where it is gone."""
        ...

    def sound(self, recording: str, first: int = 0, last: int | None = None) -> Sound | None:
        """The bytes `first` to `last` of that file, to be passed on while they come; None as for `media`.

        Only its beginning ends within seconds: the pieces come as fast as they are taken.
        """
        ...

    def delete(self, recording: str) -> Done:
        """Erase the sound for good. "refused" while it is being made."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """A call that waits in a queue: its place from 1, and how long it waits."""

    call: str
    position: int
    waited_seconds: int


class Queues(Protocol):
    """The provider's queues, named by its ids."""

    def find(self, name: str) -> str | None:
        """The queue of this name; None where nobody ever waited in it."""
        ...

    def members(self, queue: str) -> Sequence[Member]:
        """Who waits, the longest first; nobody where there is no such queue."""
        ...

    def take(self, queue: str, call: str, url: str) -> Done:
        """Out of the queue, to the document of `url`; "gone" where the call waits there no longer.

        The URL that was given when the caller entered the queue is told that they were answered.
        """
        ...


class Texts(Protocol):
    """Texts from the hotline's number."""

    def send(self, to: str, body: str) -> str:
        """Send a text and return the provider's id for it. Twice is two texts: after "unknown", `find` tells."""
        ...

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """The id of a text with this body sent to a number since then, or None."""
        ...

    def status(self, text: str) -> TextStatus | None:
        """What became of a text; None where the provider does not know it."""
        ...


@dataclass(frozen=True)
class Provider:
    """A telephone provider, ready to use; shared by the threads of a process."""

    documents: Documents
    webhooks: Webhooks
    calls: Calls
    conferences: Conferences
    recordings: Recordings
    queues: Queues
    texts: Texts
