"""The streams of live pages: what is told to whom, until when, and how many a process serves at once."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ivr.foundation import clock
from ivr.platform.live import Heard, Listener

BEAT_SECONDS = 10.0  # between two signs of life; a page that misses them says that it is cut off
CHECK_SECONDS = 1.0  # a stream whose page is gone gives its thread back within this
FIRST_SECONDS = 3.0  # how long the first look at the database may take before a page is told that it must wait
REST_SECONDS = 30  # after which a page that was refused a stream may ask again; until then it polls


class Streams:
    """The streams of one process: each holds a thread of its server, so there are at most `most`."""

    def __init__(self, listener: Listener, most: int, beat_seconds: float = BEAT_SECONDS) -> None:
        self.listener, self.beat_seconds = listener, beat_seconds
        self._free = threading.BoundedSemaphore(most) if most else threading.Semaphore(0)

    def take(self) -> bool:
        """Whether one more may begin, which counts it; `give_back` when it has ended."""
        return self._free.acquire(blocking=False)

    def give_back(self) -> None:
        """One has ended."""
        self._free.release()


@dataclass(slots=True)
class Watch:
    """What one page watches, and the versions that it was told last."""

    told: dict[str, int]
    returns: int = 0

    def news(self, heard: Heard) -> Sequence[tuple[str, int]]:
        """The topics to tell of with their versions; all of them once the database was away and is back."""
        if heard.is_away:
            return ()
        is_back = self.returns not in (0, heard.returns)
        found = [(topic, heard.versions.get(topic, 0)) for topic in self.told]
        news = [each for each in found if is_back or self.told[each[0]] != each[1]]
        self.told.update(news)
        self.returns = heard.returns
        return news


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream. `is_signed_in` is None where the database does not answer; `is_over`: the page or the server goes."""

    streams: Streams
    watch: Watch
    now: Callable[[], datetime]
    is_signed_in: Callable[[], bool | None]
    is_over: Callable[[], bool]

    def events(self) -> Iterator[str]:
        """Text of text/event-stream until the page is gone or its session is over.

        No beat is sent while the database is away: a page that hears one may believe what it shows.
        """
        seconds, due, number = self.streams.beat_seconds, 0.0, 0
        while not self.is_over() and not self.streams.listener.is_closed:
            heard = self.streams.listener.wait(number, self._wait_seconds(number, due))
            number = heard.number
            for topic, version in self.watch.news(heard):
                yield event("change", {"topic": topic, "version": version, **self._moment()})
            if clock.steady() < due:
                continue
            due = clock.steady() + seconds
            if self.is_signed_in() is False:
                yield event("signed-out", self._moment())
                return
            yield ": away\n\n" if heard.is_away else event("beat", {"seconds": seconds, **self._moment()})

    def _wait_seconds(self, number: int, due: float) -> float:
        return FIRST_SECONDS if number == 0 else min(CHECK_SECONDS, max(0.0, due - clock.steady()))

    def _moment(self) -> Mapping[str, str]:
        return {"now": self.now().isoformat()}


def event(name: str, data: Mapping[str, Any]) -> str:
    """One event as text/event-stream writes it."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
