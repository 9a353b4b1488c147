"""What reaches a call leg from outside (keys, speech, silence, interrupts) and how its thread waits for it.

Keys and speech are heard only while something listens. Speech at another time is lost; keys are lost too, or kept for
whoever listens next: no page says which of the two a provider does.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from exchange import moments

SHORTEST_LOOP_SECONDS = 1.0


@dataclass(frozen=True)
class Key:
    """One key of the twelve."""

    digit: str


@dataclass(frozen=True)
class Spoken:
    """A sentence the speech recogniser understood; confidence 0-1 or unknown."""

    text: str
    confidence: float | None


@dataclass(frozen=True)
class Silence:
    """The phone says: let the running timer run out now."""


Signal = Key | Spoken | Silence


@dataclass(frozen=True)
class Target:
    """Where the next document comes from, and what is posted there besides the standard fields."""

    url: str
    method: str = "POST"
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Handed:
    """TwiML handed over by REST instead of a URL."""

    twiml: str


class HungUp(Exception):  # noqa: N818 - an interrupt, not an error
    """The call is over; its thread only tidies up."""


class Redirected(Exception):  # noqa: N818 - an interrupt, not an error
    """REST gave the call another document."""

    def __init__(self, source: Target | Handed) -> None:
        super().__init__()
        self.source = source


class Stirred(Exception):  # noqa: N818 - an interrupt, not an error
    """Something changed in the queue or conference the call is in: look again."""


class Line:
    """Thread-safe under the exchange's one lock. One thread waits here; any thread may signal."""

    def __init__(self, lock: threading.RLock, stepped: bool, keeps: bool = False) -> None:
        """`keeps`: keys that come while nothing listens wait for the next that does."""
        self.changed = threading.Condition(lock)
        self.stepped = stepped
        self._keeps = keeps
        self.listens_for: frozenset[str] = frozenset()
        self._cuts_in = True
        self.waits = 0
        self._signals: deque[Signal] = deque()
        self._parked = False
        self._over = False
        self._source: Target | Handed | None = None
        self._stirred = False

    # -- from outside

    def signal(self, signal: Signal) -> None:
        """Hands the leg a signal; what nothing listens for is dropped, or kept for later."""
        with self.changed:
            if self._hears(signal) or (self._keeps and isinstance(signal, Key)):
                self._signals.append(signal)
            self.poke()

    def _hears(self, signal: Signal) -> bool:
        kind = "dtmf" if isinstance(signal, Key) else "speech" if isinstance(signal, Spoken) else None
        return kind is None or kind in self.listens_for

    def poke(self) -> None:
        """Makes the waiting thread look at its condition again."""
        with self.changed:
            self._parked = False
            self.changed.notify_all()

    def cut(self) -> None:
        """The call is over: every wait from now on raises HungUp."""
        with self.changed:
            self._over = True
            self.poke()

    def redirect(self, source: Target | Handed) -> None:
        with self.changed:
            self._source = source
            self.poke()

    def stir(self) -> None:
        with self.changed:
            self._stirred = True
            self.poke()

    def calm(self) -> None:
        """Forgets a stir that came too late to matter."""
        with self.changed:
            self._stirred = False

    def settled(self, seconds: float, parked: bool = True) -> bool:
        """Blocks until the leg's thread waits for its phone (`parked`), or has taken every signal; False if never."""
        with self.changed:
            return self.changed.wait_for(
                lambda: self._over or (self._parked if parked else not any(map(self._hears, self._signals))),
                timeout=seconds,
            )

    # -- by the leg's own thread

    def check(self) -> None:
        """Raises the interrupt that is due: HungUp before Redirected before Stirred."""
        with self.changed:
            if self._over:
                raise HungUp
            if self._source is not None:
                source, self._source = self._source, None
                raise Redirected(source)
            if self._stirred:
                self._stirred = False
                raise Stirred

    def listen(self, *kinds: str, cuts_in: bool = True) -> None:
        """From now on keys ("dtmf") or speech are heard; without kinds, nothing is. What came before is lost or kept.

        cuts_in: what is heard stops the audio; otherwise it is kept until the audio has ended.
        """
        with self.changed:
            self.listens_for = frozenset(kinds)
            self._cuts_in = cuts_in
            kept = [signal for signal in self._signals if self._keeps and isinstance(signal, Key)]
            self._signals = deque(kept)

    def sound(self, seconds: float) -> Key | Spoken | None:
        """Lets audio play; answers the signal that stopped it. Takes no time in the stepped pace."""
        self.check()
        if self.stepped:
            return None
        self.waits += 1
        return self._wait(seconds, lambda: False, timer=False, keeping=not self._cuts_in)

    def drone(self) -> Key | Spoken | None:
        """Audio without an end in the stepped pace: a signal that may stop it does, and so does `silence`."""
        self.waits += 1
        return self._wait(None, lambda: False, timer=True, keeping=not self._cuts_in)

    def typed_ahead(self) -> Key | Spoken | None:
        """The first signal that came while audio played which it could not stop; None when there was none."""
        return self._wait(0.0, lambda: False, timer=False)

    def timer(self, seconds: float | None, until: Callable[[], bool] = lambda: False) -> Key | Spoken | None:
        """Waits for a signal; None when the timer ran out or `until` holds. Stepped: only `silence` lets it run out."""
        self.waits += 1
        return self._wait(None if self.stepped else seconds, until, timer=True)

    def stay(self, until: Callable[[], bool], seconds: float | None = None) -> Key | Spoken | None:
        """Waits in a conversation, which silence does not end; None when `until` holds or `seconds` are over."""
        self.waits += 1
        return self._wait(seconds, until, timer=False)

    def breathe(self, waits_before: int, started: float) -> None:
        """Keeps documents that ask for each other from spinning: stepped, the phone must act; real, a second passes."""
        if self.waits == waits_before and self.stepped:
            self.timer(None)
        elif not self.stepped and moments.steady() - started < SHORTEST_LOOP_SECONDS:
            self.timer(SHORTEST_LOOP_SECONDS)

    def _wait(
        self, seconds: float | None, until: Callable[[], bool], timer: bool, keeping: bool = False
    ) -> Key | Spoken | None:
        """timer: Silence ends it. keeping: keys and speech do not; they are there again for the next wait."""
        deadline = None if seconds is None else moments.steady() + seconds
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
                        elif keeping or not self._hears(signal):
                            kept.append(signal)
                        else:
                            return signal
                    left = None if deadline is None else deadline - moments.steady()
                    if left is not None and left <= 0:
                        return None
                    self._parked = True
                    self.changed.notify_all()
                    self.changed.wait(left)
            finally:
                self._parked = False
                self._signals.extendleft(reversed(kept))
