"""Calls, recordings, queues and texts of a carillon."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ivr.telephony.notifications import OVER, CallStatus, RecordingStatus
from ivr.telephony.provider import Done, Member, Recording, Ring, Softphone, Sound, TextStatus, Whereabouts
from tests.fakes.carillon_adapter.client import ApiClient, peer
from tests.fakes.carillon_adapter.webhooks import CALLS

TAPES: Mapping[str, RecordingStatus] = {"rolling": "running", "held": "paused", "baked": "ready"}


def done(answer: object) -> Done:
    """Whether there was something to change."""
    return "gone" if answer is None else "done"


class CarillonCalls:
    """Legs."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    def place(self, ring: Ring, url: str) -> str:
        """Ring a leg."""
        return str(self._client.must("POST", "legs", peer=peer(ring.to), give=url, news=ring.notify_url)["leg"])

    def placed(self, to: str | Softphone, since: datetime) -> Sequence[str]:
        """Legs to somebody."""
        return [str(each) for each in self._client.must("GET", "legs", peer=peer(to), after=since.timestamp())]

    def status(self, call: str) -> CallStatus | None:
        """How a leg stands."""
        found = self._client.ask("GET", "legs", call)
        return None if found is None else CALLS[found["state"]]

    def redirect(self, call: str, url: str) -> Done:
        """Another course."""
        return done(self._client.ask("PUT", "legs", call, "course", give=url))

    def hang_up(self, call: str) -> Done:
        """The end."""
        return done(self._client.ask("PUT", "legs", call, "end"))

    def whereabouts(self, call: str, queue: str) -> Whereabouts:
        """A leg tells its line itself."""
        found = self._client.ask("GET", "legs", call)
        if found is None or CALLS[found["state"]] in OVER:
            return "over"
        return "waiting" if found["line"] == queue else "elsewhere"

    def is_over(self, call: str) -> bool:
        """Over, or never heard of."""
        status = self.status(call)
        return status is None or status in OVER


class CarillonRecordings:
    """Tapes."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    def start(self, call: str, notify_url: str = "") -> str | None:
        """Let a tape roll."""
        tape = self._client.ask("POST", "legs", call, "tapes", news=notify_url)
        return None if tape is None else str(tape["tape"])

    def of_call(self, call: str) -> Sequence[Recording]:
        """The tapes of a leg."""
        return [_read(each) for each in self._client.ask("GET", "legs", call, "tapes") or ()]

    def pause(self, call: str, recording: str) -> Done:
        """Held."""
        return self._turn(call, recording, "held")

    def resume(self, call: str, recording: str) -> Done:
        """Rolling again."""
        return self._turn(call, recording, "rolling")

    def stop(self, call: str, recording: str) -> Done:
        """Baked."""
        return self._turn(call, recording, "baked")

    def find(self, recording: str) -> Recording | None:
        """How a tape stands."""
        found = self._client.ask("GET", "tapes", recording)
        return None if found is None else _read(found)

    def media(self, recording: str) -> bytes | None:
        """Its sound."""
        sound: bytes | None = self._client.ask("GET", "tapes", recording, "sound")
        return sound

    def sound(self, recording: str, first: int = 0, last: int | None = None) -> Sound | None:
        """A part of it, out of the whole."""
        sound = self.media(recording)
        if sound is None:
            return None
        return Sound(iter([sound[first : None if last is None else last + 1]]), first, len(sound))

    def delete(self, recording: str) -> Done:
        """Burn it."""
        return done(self._client.ask("DELETE", "tapes", recording))

    def _turn(self, call: str, recording: str, state: str) -> Done:
        return done(self._client.ask("PATCH", "legs", call, "tapes", recording, state=state))


def _read(tape: Mapping[str, object]) -> Recording:
    return Recording(str(tape["tape"]), str(tape["leg"]), TAPES[str(tape["state"])], 2, 1)


class CarillonQueues:
    """Lines."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    def find(self, name: str) -> str | None:
        """The line of a name."""
        found = self._client.ask("GET", "lines", name)
        return None if found is None else str(found["line"])

    def members(self, queue: str) -> Sequence[Member]:
        """Who stands in it."""
        found = self._client.ask("GET", "lines", queue) or {"legs": ()}
        return [Member(str(each["leg"]), at, int(each["waits"])) for at, each in enumerate(found["legs"], 1)]

    def take(self, queue: str, call: str, url: str) -> Done:
        """Pick a leg out of it."""
        return done(self._client.ask("PUT", "lines", queue, "legs", call, give=url))


class CarillonTexts:
    """Notes."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    def send(self, to: str, body: str) -> str:
        """A note leaves."""
        return str(self._client.must("POST", "notes", peer=peer(to), words=body)["note"])

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """A note with these words."""
        found = self._client.must("GET", "notes", peer=peer(to), after=since.timestamp())
        return next((str(each["note"]) for each in found if each["words"] == body), None)

    def status(self, text: str) -> TextStatus | None:
        """Notes arrive, or there is none."""
        return None if self._client.ask("GET", "notes", text) is None else "delivered"
