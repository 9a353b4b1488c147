"""Documents: the instructions to the provider for the next part of a call, one per turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from ivr.engine.actions import Action, Utterance


@dataclass(frozen=True, slots=True)
class Links:
    """The URLs in a document: the turn's action, the wait loop, recordings; all below `base`.

    `held`: the caller is still in a queue, where other verbs are allowed, so the action has another URL.
    """

    base: str
    turn: int
    held: bool = False

    @property
    def action(self) -> str:
        """The URL that receives the caller's input."""
        return f"{self.base}/voice/wait/turn/{self.turn}" if self.held else self.after_queue

    @property
    def agent(self) -> str:
        """The URL that leads back to the agent who is on the line."""
        return f"{self.base}/voice/desk/back"

    @property
    def after_queue(self) -> str:
        """The URL to which the provider returns after a queue."""
        return f"{self.base}/voice/turn/{self.turn}"

    @property
    def waiting(self) -> str:
        """The URL of the wait loop: its first round."""
        return f"{self.base}/voice/wait/{self.turn}"

    def round(self, number: int) -> str:
        """The URL of a round of the wait loop."""
        return f"{self.waiting}/{number}"

    def recording(self, language: str, name: str) -> str:
        """The URL of a recorded prompt."""
        return f"{self.base}/audio/{quote(language)}/{quote(name)}"


@dataclass(frozen=True, slots=True)
class ParticipantOptions:
    """How a participant joins a conference. `label` names the participant (no personal data: providers log it).

    `starts`: the conference starts when they join. `ends`: it ends when they leave. `coaches`: the call id of the only
    participant who hears them (whisper); None: everybody hears them. `beeps`: a tone announces joining and leaving.
    """

    label: str = ""
    starts: bool = True
    ends: bool = False
    muted: bool = False
    coaches: str | None = None
    beeps: bool = False


class Documents(Protocol):
    """Renders documents. Pure, and fast: each turn of each call renders one."""

    @property
    def content_type(self) -> str:
        """The HTTP content type of every document."""
        ...

    def render(self, actions: Sequence[Action], links: Links) -> str:
        """The document of a turn."""
        ...

    def wait_round(self, utterances: Sequence[Utterance], links: Links, following: int, hold: str, seconds: int) -> str:
        """One round of the wait loop: an announcement, then music (`hold` is a URL) or so many seconds of silence.

        A key is accepted throughout; it requests the `following` round, and so does silence.
        """
        ...

    def leave_queue(self) -> str:
        """Leave the queue and continue at the URL that was given on entering it."""
        ...

    def go_to(self, url: str) -> str:
        """Continue with the document of another URL."""
        ...

    def pause(self, utterances: Sequence[Utterance], seconds: int) -> str:
        """Speak these, then pause."""
        ...

    def last_resort(self, before: Sequence[Utterance], queue: str, wait_url: str, after: Sequence[Utterance]) -> str:
        """Speak `before` and put the caller into a queue; speak `after` if the caller leaves it unserved.

        It refers to no turn, so it needs no session and no database.
        """
        ...

    def goodbye(self, utterances: Sequence[Utterance]) -> str:
        """Speak these and hang up."""
        ...

    def nothing(self) -> str:
        """The empty answer to a status callback."""
        ...

    def on_hold(self, utterances: Sequence[Utterance], music: str, seconds: int, again_url: str) -> str:
        """What somebody hears who is held in a conference: these, then music (a URL) or silence, then `again_url`."""
        ...

    def confer(
        self,
        conference: str,
        options: ParticipantOptions,
        after_url: str,
        wait_url: str = "",
        notify_url: str = "",
        before: Sequence[Utterance] = (),
    ) -> str:
        """Say `before`, then into a conference, opened where none of that name runs; out of it, on to `after_url`.

        The document of `wait_url` plays until the conference starts; without one there is silence. `notify_url`
        receives a `ConferenceNotification` for each event; the first participant's URL applies to all. The name must
        hold no personal data: providers log it.
        """
        ...
