"""The stream of live pages on real HTTP: what it tells, to whom, until when, and how many there may be."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import requests

from ivr.centre.staff.permissions import Permission
from ivr.centre.staff.roles import Role
from ivr.console.streams import REST_SECONDS, Stream, Streams, Watch
from ivr.console.topics import heard_by
from ivr.db import Database, work
from ivr.platform import live
from ivr.platform.actor import Actor
from ivr.platform.live import Heard, Listener
from tests.support.console import STREAMS, Console, Person
from tests.support.hotline import Clock

BOUND_SECONDS = 20
MOST_EVENTS = 50  # that are passed over, before one that was waited for is missing
LIVE = "/console/live?topics=staff&since=0"


@dataclass
class Reader:
    """Reads the events of one stream."""

    answer: requests.Response

    def __post_init__(self) -> None:
        self._lines = self.answer.iter_lines(chunk_size=1, decode_unicode=True)

    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(name, data) of each event until the stream ends."""
        name = ""
        for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))

    def next(self, name: str) -> dict[str, Any]:
        """The data of the next event of a name."""
        return next(data for found, data in islice(self.events(), MOST_EVENTS) if found == name)

    def last(self) -> str:
        """The name of the event that the stream ends with."""
        return [name for name, _ in islice(self.events(), MOST_EVENTS)][-1]


@contextmanager
def reading(person: Person, path: str = LIVE, **more: Any) -> Iterator[Reader]:
    with person.http.get(person.url + path, stream=True, timeout=BOUND_SECONDS, **more) as answer:
        yield Reader(answer)


def change(console: Console, topic: str = "staff") -> None:
    with work(console.database) as db:
        live.changed(db, topic)


def test_a_commit_is_told_with_its_version_and_the_servers_time(console: Console) -> None:
    person = console.person("tech1")
    change(console)
    shown = person.get("/console/live/poll?topics=staff").json()
    assert shown == {"changes": [{"topic": "staff", "version": 1}], "now": console.clock().isoformat()}
    version = 1
    with reading(person, f"/console/live?topics=staff&since={version}") as stream:
        assert stream.answer.headers["Content-Type"].startswith("text/event-stream")
        assert stream.answer.headers["Cache-Control"] == "no-store"
        assert stream.answer.headers["X-Accel-Buffering"] == "no"
        assert stream.next("beat")["now"] == console.clock().isoformat()
        change(console)
        assert stream.next("change") == {
            "topic": "staff", "version": version + 1, "now": console.clock().isoformat()
        }  # fmt: skip
    with reading(person, f"/console/live?topics=staff&since={version}") as again:
        assert again.next("change")["version"] == version + 1, "what happened before the stream was open is not lost"
    assert person.get(f"/console/live/poll?topics=staff&since={version + 1}").json()["changes"] == []


def test_a_deed_of_a_colleague_is_told(own_console: Console) -> None:
    watcher, actor = own_console.person("hr1"), own_console.person("tech1")
    with reading(watcher, "/console/live?topics=staff&since=0") as stream:
        stream.next("beat")
        actor.get("/console/staff/agent1")
        assert actor.post("/console/staff/agent1/lock", {"why": "left a desk open"}).status_code == 200
        assert stream.next("change")["version"] == 1


def test_a_topic_that_is_not_theirs_is_not_there(own_console: Console) -> None:
    agent = own_console.person("agent1")
    tech = own_console.person("tech1")
    for path in ("/console/live", "/console/live/poll"):
        assert _status(agent, f"{path}?topics=staff") == 404
        assert _status(agent, f"{path}?topics=no-such-topic") == 404
        assert _status(tech, f"{path}?topics=staff&since=x") == 400


def test_a_topic_of_ones_own_is_heard_by_nobody_else() -> None:
    declared: Mapping[str, Permission] = {"desk:{actor}": Permission.HOME, "staff": Permission.STAFF_VIEW}
    agent, tech = (Actor("staff", name, frozenset({role})) for name, role in (("agent1", Role.AGENT), ("t", Role.TECH)))
    assert heard_by(agent, declared) == {"desk:agent1"}
    assert heard_by(tech, declared) == {"desk:t", "staff"}


def test_watching_is_no_activity_and_the_stream_ends_with_the_session(own_console: Console) -> None:
    person = own_console.person("tech1")
    with reading(person) as stream:
        stream.next("beat")
        for _ in range(2):
            own_console.clock.forward(minutes=7)
            stream.next("beat")
            assert person.get("/console/live/poll?topics=staff").status_code == 200
            assert person.get("/console/staff", headers={"X-Live": "refresh"}).status_code == 200
        own_console.clock.forward(minutes=1)
        assert stream.last() == "signed-out"
    assert "/console/sign-in" in person.get("/console/staff").url


def test_signing_out_elsewhere_ends_the_stream(own_console: Console) -> None:
    person = own_console.person("tech1")
    with reading(person) as stream:
        stream.next("beat")
        person.get("/console/")
        person.post("/console/sign-out")
        assert stream.last() == "signed-out"


def test_beyond_the_cap_a_page_polls_and_a_page_that_left_makes_room(own_console: Console) -> None:
    person = own_console.person("tech1")
    streams = [person.http.get(person.url + LIVE, stream=True, timeout=BOUND_SECONDS) for _ in range(STREAMS)]
    assert {each.status_code for each in streams} == {200}
    refused = person.get(LIVE)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, str(REST_SECONDS))
    assert person.get("/console/live/poll?topics=staff").status_code == 200
    for each in streams:
        each.raw.close()
        each.close()
    until = time.monotonic() + BOUND_SECONDS
    while (status := _status(person)) == 503 and time.monotonic() < until:
        time.sleep(0.1)  # a stream looks every second whether its page is there
    assert status == 200


def _status(person: Person, path: str = LIVE) -> int:
    with reading(person, path) as stream:
        return stream.answer.status_code


class Outage(Listener):
    """What a listener knows while the database is away."""

    def wait(self, number: int, seconds: float) -> Heard:  # noqa: ARG002 - as the listener's
        return Heard(1, 1, is_away=True)


def test_an_outage_gives_no_sign_of_life_and_ends_no_session(sqlite_database: Database) -> None:
    streams = Streams(Outage(sqlite_database), 1)
    stream = Stream(streams, Watch({}), Clock(), is_signed_in=lambda: None, is_over=lambda: False)
    assert next(stream.events()) == ": away\n\n"


def test_after_an_outage_everything_is_told_again() -> None:
    watch = Watch({"staff": 4, "floor": 0})
    there = Heard(1, 1, is_away=False, versions={"staff": 4})
    assert watch.news(there) == []
    assert watch.news(Heard(2, 1, is_away=True, versions={"staff": 5})) == ()
    assert watch.news(Heard(3, 2, is_away=False, versions={"staff": 4})) == [("staff", 4), ("floor", 0)]
    assert watch.news(Heard(4, 2, is_away=False, versions={"staff": 4})) == []
    assert watch.news(Heard(5, 2, is_away=False, versions={"staff": 3})) == [("staff", 3)], "a backup was brought back"
