"""What a provider is told to do next with a call: a document, written anew in every turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from ivr.engine.actions import Action, Utterance


@dataclass(frozen=True, slots=True)
class Links:
    """Where the provider goes next: the turn's action, the waiting room, recordings; paths below `base`.

    `held`: the caller goes on standing in a queue, where other verbs are allowed: a failure is answered otherwise.
    """

    base: str
    turn: int
    held: bool = False

    @property
    def action(self) -> str:
        """The URL that takes the caller's answer."""
        return f"{self.base}/voice/wait/turn/{self.turn}" if self.held else self.departure

    @property
    def agent(self) -> str:
        """The URL that leads back to the agent who is on the line."""
        return f"{self.base}/voice/desk/back"

    @property
    def departure(self) -> str:
        """The URL that the provider comes back to from a queue."""
        return f"{self.base}/voice/turn/{self.turn}"

    @property
    def waiting(self) -> str:
        """The URL that keeps a queued caller company: the first round."""
        return f"{self.base}/voice/wait/{self.turn}"

    def round(self, number: int) -> str:
        """The URL of a round of company."""
        return f"{self.waiting}/{number}"

    def recording(self, language: str, name: str) -> str:
        """The URL of a recorded prompt."""
        return f"{self.base}/audio/{quote(language)}/{quote(name)}"


@dataclass(frozen=True, slots=True)
class Seat:
    """How somebody sits in a conference. `label` names the seat (no personal data: providers log it).

    `starts`: the talk begins when they come. `ends`: it ends for everybody when they leave. `coaches`: the call of the
    only one who hears them (a whisper); None: everybody hears them. `beeps`: the others hear them come and go.
    """

    label: str = ""
    starts: bool = True
    ends: bool = False
    muted: bool = False
    coaches: str | None = None
    beeps: bool = False


class Documents(Protocol):
    """Writes documents. Pure, and quick: one is written in every turn of every call."""

    @property
    def content_type(self) -> str:
        """The HTTP content type of every document."""
        ...

    def render(self, actions: Sequence[Action], links: Links) -> str:
        """The document of a turn."""
        ...

    def company(self, utterances: Sequence[Utterance], links: Links, following: int, hold: str, seconds: int) -> str:
        """One round of the waiting room: what is said, then music (`hold` is a URL) or so many seconds of silence.

        A key is heard all along; it goes to the `following` round, and so does silence.
        """
        ...

    def leave_queue(self) -> str:
        """Out of the queue, on to the URL that was given when the caller entered it."""
        ...

    def go_to(self, url: str) -> str:
        """On to the document of another URL."""
        ...

    def pause(self, utterances: Sequence[Utterance], seconds: int) -> str:
        """Say these, then be silent."""
        ...

    def last_resort(self, before: Sequence[Utterance], queue: str, wait_url: str, after: Sequence[Utterance]) -> str:
        """Say `before` and put the caller into a queue; whoever comes out of it unserved hears `after`.

        It leads to no turn, so it needs no session and no database.
        """
        ...

    def goodbye(self, utterances: Sequence[Utterance]) -> str:
        """Say these and end the call."""
        ...

    def nothing(self) -> str:
        """The answer to a notification."""
        ...

    def on_hold(self, utterances: Sequence[Utterance], music: str, seconds: int, again_url: str) -> str:
        """What somebody hears who is held in a conference: these, then music (a URL) or silence, then `again_url`."""
        ...

    def confer(
        self,
        conference: str,
        seat: Seat,
        after_url: str,
        company_url: str = "",
        news_url: str = "",
        before: Sequence[Utterance] = (),
    ) -> str:
        """Say `before`, then into a conference, opened where none of that name runs; out of it, on to `after_url`.

        The document of `company_url` is heard until the talk begins; without one there is silence. `news_url` is told
        of who comes and goes (`ConferenceNews`); the one that the first participant brings holds for all. A
        conference's name holds no personal data: providers log it.
        """
        ...
