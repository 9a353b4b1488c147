"""Conferences of a carillon: rooms and chairs."""

from collections.abc import Sequence
from typing import Any

from ivr.telephony.documents import ParticipantOptions
from ivr.telephony.provider import Done, Participant, Ring
from tests.fakes.carillon_adapter.client import ApiClient, peer
from tests.fakes.carillon_adapter.documents import chair
from tests.fakes.carillon_adapter.operations import done


class CarillonConferences:
    """Rooms."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    def find(self, name: str) -> str | None:
        """The open room of a name."""
        found = self._client.ask("GET", "rooms", name)
        return None if found is None else str(found["room"])

    def participants(self, conference: str) -> Sequence[Participant]:
        """Who sits there."""
        found = self._client.ask("GET", "rooms", conference) or {"chairs": ()}
        return [
            Participant(each["leg"], each["tag"], each["silent"], each["parked"], each["whispers_to"])
            for each in found["chairs"]
        ]

    def invite(self, name: str, ring: Ring, options: ParticipantOptions, notify_url: str = "") -> str:
        """Ring a leg into a room."""
        given = {"peer": peer(ring.to), "news": ring.notify_url, "chair": {"news": notify_url, **chair(options)}}
        return str(self._client.must("POST", "rooms", name, "chairs", **given)["leg"])

    def hold(self, conference: str, call: str, url: str) -> Done:
        """Parked, with something to hear."""
        return self._change(conference, call, parked=True, hear=url)

    def retrieve(self, conference: str, call: str) -> Done:
        """Not parked."""
        return self._change(conference, call, parked=False)

    def mute(self, conference: str, call: str, *, muted: bool) -> Done:
        """Silent, or not."""
        return self._change(conference, call, silent=muted)

    def coach(self, conference: str, call: str, whom: str) -> Done:
        """A whisper."""
        return self._change(conference, call, whispers_to=whom, silent=False)

    def barge(self, conference: str, call: str) -> Done:
        """Aloud."""
        return self._change(conference, call, whispers_to=None, silent=False)

    def remove(self, conference: str, call: str) -> Done:
        """Off the chair."""
        return done(self._client.ask("DELETE", "rooms", conference, "chairs", call))

    def announce(self, conference: str, url: str, call: str = "") -> Done:
        """Heard by all, or by one."""
        if call:
            return self._change(conference, call, hear=url)
        return done(self._client.ask("PATCH", "rooms", conference, hear=url))

    def end(self, conference: str) -> Done:
        """The room is shut."""
        return done(self._client.ask("DELETE", "rooms", conference))

    def _change(self, conference: str, call: str, **values: Any) -> Done:
        return done(self._client.ask("PATCH", "rooms", conference, "chairs", call, **values))
