"""Delivers signals to a call leg (keys, speech, silence, interrupts), and lets its thread wait for them.

Keys and speech are accepted only while something listens. At other times speech is dropped; keys are dropped or
buffered for the next listener: Twilio's documentation does not say which.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from exchange import clock

MIN_LOOP_SECONDS = 1.0


@dataclass(frozen=True)
class Key:
    """One of the twelve keys."""

    digit: str


@dataclass(frozen=True)
class Spoken:
    """A sentence that the speech recogniser understood; confidence 0 to 1, or unknown."""

    text: str
    confidence: float | None


@dataclass(frozen=True)
class Silence:
    """The phone asks to let the running timer expire now."""


Signal = Key | Spoken | Silence


@dataclass(frozen=True)
class WebhookTarget:
    """The URL of the next document, and the form fields to post besides the standard ones."""

    url: str
    method: str = "POST"
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class InlineTwiml:
    """TwiML supplied by REST instead of a URL."""

    twiml: str


class HungUp(Exception):  # noqa: N818 - an interrupt, not an error
    """The call has ended; its thread must clean up."""


class Redirected(Exception):  # noqa: N818 - an interrupt, not an error
    """REST redirected the call to another document."""

    def __init__(self, source: WebhookTarget | InlineTwiml) -> None:
        super().__init__()
        self.source = source


class RoomChanged(Exception):  # noqa: N818 - an interrupt, not an error
    """The queue or conference of the call has changed: check its state again."""


class LegChannel:
    """Thread-safe under the exchange's lock. One thread waits here; any thread may send signals."""

    def __init__(self, lock: threading.RLock, stepped: bool, buffers_keys: bool = False) -> None:
        """`buffers_keys`: keys that arrive while nothing listens are kept for the next listener."""
        self.changed = threading.Condition(lock)
        self.stepped = stepped
        self._buffers_keys = buffers_keys
        self.listens_for: frozenset[str] = frozenset()
        self._barge_in = True
        self.wait_count = 0
        self._signals: deque[Signal] = deque()
        self._idle = False
        self._over = False
        self._source: WebhookTarget | InlineTwiml | None = None
        self._room_changed = False

    # -- from outside

    def signal(self, signal: Signal) -> None:
        """Sends a signal to the leg; without a listener it is dropped or buffered."""
        with self.changed:
            if self._hears(signal) or (self._buffers_keys and isinstance(signal, Key)):
                self._signals.append(signal)
            self.wake()

    def _hears(self, signal: Signal) -> bool:
        kind = "dtmf" if isinstance(signal, Key) else "speech" if isinstance(signal, Spoken) else None
        return kind is None or kind in self.listens_for

    def wake(self) -> None:
        """Makes the waiting thread check its condition again."""
        with self.changed:
            self._idle = False
            self.changed.notify_all()

    def end(self) -> None:
        """The call has ended: every wait raises HungUp from now on."""
        with self.changed:
            self._over = True
            self.wake()

    def redirect(self, source: WebhookTarget | InlineTwiml) -> None:
        with self.changed:
            self._source = source
            self.wake()

    def notify_room_change(self) -> None:
        with self.changed:
            self._room_changed = True
            self.wake()

    def clear_room_change(self) -> None:
        """Discards a change notification that is no longer relevant."""
        with self.changed:
            self._room_changed = False

    def wait_until_idle(self, seconds: float, idle: bool = True) -> bool:
        """Blocks until the leg's thread waits for its phone (`idle`), or has processed all signals.

        Returns False on timeout.
        """
        with self.changed:
            return self.changed.wait_for(
                lambda: self._over or (self._idle if idle else not any(map(self._hears, self._signals))),
                timeout=seconds,
            )

    # -- by the leg's own thread

    def check(self) -> None:
        """Raises the pending interrupt: HungUp before Redirected before RoomChanged."""
        with self.changed:
            if self._over:
                raise HungUp
            if self._source is not None:
                source, self._source = self._source, None
                raise Redirected(source)
            if self._room_changed:
                self._room_changed = False
                raise RoomChanged

    def listen(self, *kinds: str, barge_in: bool = True) -> None:
        """Accepts keys ("dtmf") or speech from now on; without kinds, nothing. Earlier signals are dropped or buffered.

        barge_in: accepted input stops the audio; otherwise it is kept until the audio has ended.
        """
        with self.changed:
            self.listens_for = frozenset(kinds)
            self._barge_in = barge_in
            kept = [signal for signal in self._signals if self._buffers_keys and isinstance(signal, Key)]
            self._signals = deque(kept)

    def play_audio(self, seconds: float) -> Key | Spoken | None:
        """Lets audio play; returns the signal that stopped it. Takes no time in the stepped pace."""
        self.check()
        if self.stepped:
            return None
        self.wait_count += 1
        return self._wait(seconds, lambda: False, timer=False, buffering=not self._barge_in)

    def play_endless_audio(self) -> Key | Spoken | None:
        """Plays endless audio in the stepped pace: an accepted signal stops it, and so does `silence`."""
        self.wait_count += 1
        return self._wait(None, lambda: False, timer=True, buffering=not self._barge_in)

    def buffered_signal(self) -> Key | Spoken | None:
        """The first signal that arrived during audio which it could not stop; None when there is none."""
        return self._wait(0.0, lambda: False, timer=False)

    def wait_for_signal(self, seconds: float | None, until: Callable[[], bool] = lambda: False) -> Key | Spoken | None:
        """Waits for a signal. None on expiry, or when `until` holds. Stepped: only `silence` lets it expire."""
        self.wait_count += 1
        return self._wait(None if self.stepped else seconds, until, timer=True)

    def wait_in_conversation(self, until: Callable[[], bool], seconds: float | None = None) -> Key | Spoken | None:
        """Waits in a conversation; silence does not end it. None when `until` holds or on timeout."""
        self.wait_count += 1
        return self._wait(seconds, until, timer=False)

    def throttle(self, waits_before: int, started: float) -> None:
        """Slows down documents that redirect to each other: stepped, the phone must act; real, a second passes."""
        if self.wait_count == waits_before and self.stepped:
            self.wait_for_signal(None)
        elif not self.stepped and clock.steady() - started < MIN_LOOP_SECONDS:
            self.wait_for_signal(MIN_LOOP_SECONDS)

    def _wait(
        self, seconds: float | None, until: Callable[[], bool], timer: bool, buffering: bool = False
    ) -> Key | Spoken | None:
        """timer: Silence ends the wait. buffering: keys and speech do not; they are kept for the next wait."""
        deadline = None if seconds is None else clock.steady() + seconds
        kept: list[Signal] = []
        with self.changed:
            try:
                while True:
                    self.check()
                    if until():
                        return None
                    while self._signals:
                        signal = self._signals.popleft()
                        if isinstance(signal, Silence):
                            if timer:
                                return None
                        elif buffering or not self._hears(signal):
                            kept.append(signal)
                        else:
                            return signal
                    left = None if deadline is None else deadline - clock.steady()
                    if left is not None and left <= 0:
                        return None
                    self._idle = True
                    self.changed.notify_all()
                    self.changed.wait(left)
            finally:
                self._idle = False
                self._signals.extendleft(reversed(kept))
