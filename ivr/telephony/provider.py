"""The port to a telephone provider. A new provider is one package that implements it.

Every operation ends within seconds and fails with `ProviderError`, whose kind says whether the operation may have
taken effect. Changing an object that has ended meanwhile is no failure: the outcome is "gone". Operations are
idempotent unless they say otherwise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from ivr.telephony.documents import Documents, ParticipantOptions
from ivr.telephony.notifications import CallStatus, RecordingStatus
from ivr.telephony.webhooks import Webhooks

Done = Literal["done", "gone"]
Whereabouts = Literal["waiting", "elsewhere", "over"]
TextStatus = Literal["queued", "sent", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Softphone:
    """A softphone in the browser, by its client identity: letters, digits and underscores."""

    name: str


@dataclass(frozen=True, slots=True)
class Ring:
    """An outbound call: the number (E.164) or softphone to ring, and for how long; the hotline's number is shown.

    `notify_url` receives a `CallNotification` for ringing, answer and end.
    """

    to: str | Softphone
    seconds: int = 30
    notify_url: str = ""


class Calls(Protocol):
    """Operations on calls. A call is named by the id in its webhooks."""

    def place(self, ring: Ring, url: str) -> str:
        """Place a call that runs the document of `url` when answered. Returns the call id.

        Not idempotent: after an "unknown" error, check with `placed`.
        """
        ...

    def placed(self, to: str | Softphone, since: datetime) -> Sequence[str]:
        """The ids of calls placed to this target since then, the newest first."""
        ...

    def status(self, call: str) -> CallStatus | None:
        """The status of a call, which may lag by a second; None for an unknown call."""
        ...

    def redirect(self, call: str, url: str) -> Done:
        """Interrupt an answered call, wherever it is, with the document of `url`. A repetition starts it again."""
        ...

    def hang_up(self, call: str) -> Done:
        """End a call, or cancel it while it rings."""
        ...

    def whereabouts(self, call: str, queue: str) -> Whereabouts:
        """Whether a call waits in this queue, is in progress elsewhere, or is over."""
        ...

    def is_over(self, call: str) -> bool:
        """True when a call has ended or is unknown to the provider."""
        ...


@dataclass(frozen=True, slots=True)
class Participant:
    """One call in a conference; `coaches` is the call id of the only participant who hears it."""

    call: str
    label: str = ""
    is_muted: bool = False
    is_held: bool = False
    coaches: str | None = None


class Conferences(Protocol):
    """Operations on conferences, named by the provider's id; a participant is named by its call id."""

    def find(self, name: str) -> str | None:
        """The running conference of this name, or None."""
        ...

    def participants(self, conference: str) -> Sequence[Participant]:
        """The present participants; empty when it is over."""
        ...

    def invite(self, name: str, ring: Ring, options: ParticipantOptions, notify_url: str = "") -> str:
        """Place a call that joins the conference of this name when answered. Returns the call id.

        `notify_url` is told of who comes and goes (`ConferenceNotification`), where this one opens the conference.
        Not idempotent, like `Calls.place`.
        """
        ...

    def hold(self, conference: str, call: str, url: str) -> Done:
        """Put the participant on hold: they hear the document of `url` and neither hear the others nor are heard."""
        ...

    def retrieve(self, conference: str, call: str) -> Done:
        """End the hold."""
        ...

    def mute(self, conference: str, call: str, *, muted: bool) -> Done:
        """Mute or unmute the participant for the others."""
        ...

    def coach(self, conference: str, call: str, whom: str) -> Done:
        """Whisper: only `whom`, the call of another participant, hears this one."""
        ...

    def barge(self, conference: str, call: str) -> Done:
        """Barge: everybody hears the participant from now on, even if it was muted or coaching."""
        ...

    def remove(self, conference: str, call: str) -> Done:
        """Remove the participant; the call continues at its `after_url`, if it has one."""
        ...

    def announce(self, conference: str, url: str, call: str = "") -> Done:
        """Play the document of `url` to everybody or one participant. Not idempotent: it plays again."""
        ...

    def end(self, conference: str) -> Done:
        """End the conference and remove everybody."""
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
    """Operations on call recordings, named by the provider's id."""

    def start(self, call: str, notify_url: str = "") -> str | None:
        """Record an answered call on two channels; returns the recording id, None when the call has ended.

        `notify_url` receives a `RecordingNotification` when it is ready or absent.
        Not idempotent: after an "unknown" error, check with `of_call`.
        """
        ...

    def of_call(self, call: str) -> Sequence[Recording]:
        """The recordings of a call, the newest first."""
        ...

    def pause(self, call: str, recording: str) -> Done:
        """Record silence while a secret is keyed or spoken, so that later times in the recording stay true."""
        ...

    def resume(self, call: str, recording: str) -> Done:
        """Resume recording."""
        ...

    def stop(self, call: str, recording: str) -> Done:
        """Stop the recording; it becomes ready a little later."""
        ...

    def find(self, recording: str) -> Recording | None:
        """A recording; None when it was deleted or never existed."""
        ...

    def media(self, recording: str) -> bytes | None:
        """The recording as a WAV file; None while it is not ready or after it was deleted."""
        ...

    def sound(self, recording: str, first: int = 0, last: int | None = None) -> Sound | None:
        """The bytes `first` to `last` of that file, to be passed on while they come; None as for `media`.

        Only its beginning ends within seconds: the pieces come as fast as they are taken.
        """
        ...

    def delete(self, recording: str) -> Done:
        """Erase the recording. Refused while it is in progress."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """A call in a queue: its position from 1, and its waiting time."""

    call: str
    position: int
    waited_seconds: int


class Queues(Protocol):
    """Operations on the provider's queues, named by the provider's ids."""

    def find(self, name: str) -> str | None:
        """The queue of this name; None when nobody has ever waited in it."""
        ...

    def members(self, queue: str) -> Sequence[Member]:
        """The waiting calls, the longest first; empty when there is no such queue."""
        ...

    def take(self, queue: str, call: str, url: str) -> Done:
        """Dequeue a call and run the document of `url`; "gone" when the call no longer waits there.

        The call's `after_queue` URL receives the queue result "answered".
        """
        ...


class Texts(Protocol):
    """Operations on text messages from the hotline's number."""

    def send(self, to: str, body: str) -> str:
        """Send a text; returns the provider's id. Not idempotent: after an "unknown" error, check with `find`."""
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
