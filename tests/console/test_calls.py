"""The journal of calls over real HTTP: who sees what, what is found, heard and exported."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import delete

from ivr.bank.customers.demo import load_demo_customers
from ivr.centre.queues.models import Agent, AgentChange
from ivr.console.spreadsheets import MAIN
from ivr.reports.metrics import METRICS
from tests.reports.conftest import MONDAY, Books
from tests.support.console import Console, Person
from tests.support.tapes import Tapes

WANG, LI = "+8613800138000", "+8613912345678"
TAPE = bytes(range(256)) * 40
ROW = re.compile(r'<tr><th scope="row" class="num"><a href="/console/calls/(CA\w+)"')


@pytest.fixture
def filled(own_console: Console) -> Console:
    """1: 王芳, answered by agent1, recorded; 2: answered by agent2; 3: abandoned; 4: self-service, not over."""
    books = Books(own_console.database, own_console.keyring)
    with own_console.rows() as db:
        load_demo_customers(db, own_console.keyring, MONDAY)
    one, two = books.call(number=WANG), books.call(number=LI)
    stay = books.stay(one, "answered", customer="wang_fang")
    books.talk(one, stay, category="transfer", customer="wang_fang", recording="RE1")
    books.talk(two, books.stay(two, "answered", 30), "agent2", category="=1+1")
    books.stay(books.call(ending="hung_up", number=WANG), "abandoned", 5)
    books.call(ending="")
    own_console.office = replace(own_console.office, recordings=Tapes({"RE1": TAPE}))
    own_console.clock.moment = MONDAY + timedelta(hours=1)
    return own_console


def found(person: Person, query: str = "") -> set[str]:
    """The last figures of the calls that are listed."""
    answer = person.get(f"/console/calls{query}")
    assert answer.status_code == 200
    return {call[-1] for call in ROW.findall(answer.text)}


def sid(number: int) -> str:
    return f"CA{number:032x}"


def test_an_agent_sees_the_calls_of_their_own_and_a_leader_all(filled: Console) -> None:
    agent, leader = filled.person("agent1"), filled.person("leader1")
    assert found(agent) == {"1"}
    assert found(agent, "?agent=agent2") == set()
    assert found(leader) == set("1234")
    assert agent.get(f"/console/calls/{sid(1)}").status_code == 200
    assert agent.get(f"/console/calls/{sid(2)}").status_code == 404
    assert agent.get(f"/console/calls/{sid(3)}").status_code == 404
    assert leader.get(f"/console/calls/{sid(3)}").status_code == 200
    assert leader.get(f"/console/calls/{sid(9)}").status_code == 404
    for name in ("qa1", "stats1", "party1", "branch1", "dept1", "tech1", "hr1", "audit1"):
        assert filled.person(name).get("/console/calls").status_code == 404, name


def test_calls_are_found_and_everything_of_the_customer_is_masked(filled: Console) -> None:
    leader = filled.person("leader1")
    assert found(leader, "?number=13800138000") == set("13")
    assert found(leader, "?number=nobody") == set()
    assert found(leader, "?customer=13800138000") == {"1"}, "by the mobile that is registered"
    assert found(leader, "?customer=wang_fang") == {"1"}
    assert found(leader, "?category=transfer&outcome=answered&agent=agent1&queue=general&since=2026-03-02") == {"1"}
    assert found(leader, "?until=2026-03-01") == set()
    assert found(leader, "?outcome=nonsense&metric=nonsense&after=nonsense") == set("1234")
    for page in (leader.get("/console/calls").text, leader.get(f"/console/calls/{sid(1)}").text):
        assert "138••••8000" in page
        assert "王*" in page
        assert not re.search("13800138000|王芳", page)


def test_a_number_opens_exactly_its_calls(filled: Console) -> None:
    leader, stats = filled.person("leader1"), filled.person("stats1")
    page = leader.get("/console/calls/figures?by=answered_by").text
    links = re.findall(r'href="(/console/calls\?metric=[^"]+)">([^<]+)</a>', page)
    assert len(links) > 2 * len(METRICS)
    for link, told in links:
        metric = re.search(r"metric=(\w+)", link)
        opened = leader.get(link.replace("&amp;", "&")).text
        assert metric is not None
        assert METRICS[metric[1]].about.zh in opened
        if METRICS[metric[1]].unit == "calls":
            assert len(ROW.findall(opened)) == int(told), link
    for name, each in METRICS.items():
        assert each.about.zh in page, name
        assert each.about.en.replace("'", "&#39;") in leader.get("/console/calls/figures?lang=en").text, name
    assert not re.search(r'href="/console/calls\?', stats.get("/console/calls/figures").text)
    assert filled.person("agent1").get("/console/calls/figures").status_code == 404


def test_a_recording_is_heard_in_parts_by_who_said_so_in_the_audit_log(filled: Console) -> None:
    leader = filled.person("leader1")
    leader.get(f"/console/calls/{sid(1)}")
    page = leader.post(f"/console/calls/{sid(1)}/recordings/1/listen")
    [line] = filled.audited("recording_heard")
    assert (line.actor, line.subject) == ("staff:leader1", sid(1))
    source = re.search(r'<audio[^>]* src="([^"]+)"', page.text)
    assert source is not None
    whole = leader.get(source[1])
    assert (whole.status_code, whole.content, whole.headers["Accept-Ranges"]) == (200, TAPE, "bytes")
    part = leader.get(source[1], headers={"Range": "bytes=100-2500"})
    assert (part.status_code, part.content) == (206, TAPE[100:2501])
    assert part.headers["Content-Range"] == f"bytes 100-2500/{len(TAPE)}"
    assert leader.get(source[1], headers={"Range": "bytes=9000-"}).content == TAPE[9000:]
    assert leader.get(source[1], headers={"Range": f"bytes={len(TAPE)}-"}).status_code == 404
    assert len(filled.audited("recording_heard")) == 1, "a player may ask as often as it needs"
    assert filled.person("head1").get(source[1]).status_code == 404, "the seal is one person's"
    assert leader.get(source[1].replace(".wav", "0.wav")).status_code == 404
    filled.clock.forward(hours=2)
    assert filled.person("leader1").get(source[1]).status_code == 404, "and lasts an hour or two"


def test_who_may_not_listen_finds_no_recording(filled: Console) -> None:
    for name in ("agent1", "stats1", "tech1"):
        person = filled.person(name)
        assert person.post(f"/console/calls/{sid(1)}/recordings/1/listen").status_code == 404, name
    leader = filled.person("leader1")
    assert leader.post(f"/console/calls/{sid(2)}/recordings/1/listen").status_code == 404, "another call's"
    assert leader.post(f"/console/calls/{sid(2)}/recordings/2/listen").status_code == 404, "was not recorded"
    assert filled.audited("recording_heard") == []


def test_a_recording_of_unknown_length_comes_whole_and_a_provider_that_is_away_is_told(filled: Console) -> None:
    leader = filled.person("leader1")
    leader.get(f"/console/calls/{sid(1)}")
    page = leader.post(f"/console/calls/{sid(1)}/recordings/1/listen").text
    source = re.search(r'<audio[^>]* src="([^"]+)"', page)
    assert source is not None
    tapes = Tapes({"RE1": TAPE}, tells_size=False)
    filled.office = replace(filled.office, recordings=tapes)
    answer = leader.get(source[1], headers={"Range": "bytes=100-"})
    assert (answer.status_code, answer.content) == (200, TAPE)
    tapes.is_away = True
    assert leader.get(source[1]).status_code == 503


def test_an_export_holds_the_calls_of_the_filter_masked_and_no_formula(filled: Console) -> None:
    leader = filled.person("leader1")
    answer = leader.get("/console/calls/export/calls.csv?outcome=answered")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [sid(2), sid(1)]
    assert rows[1][11] == "'=1+1"
    assert "13800138000" not in answer.text
    book = leader.get("/console/calls/export/calls.xlsx?outcome=answered").content
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        assert package.testzip() is None
        sheet = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    cells = [[each.findtext(f".//{{{MAIN}}}t") for each in row] for row in sheet.iter(f"{{{MAIN}}}row")]
    assert [row[0] for row in cells[1:]] == [sid(2), sid(1)]
    assert cells[1][11] == "=1+1", "a text, as it was written"
    assert list(sheet.iter(f"{{{MAIN}}}f")) == []
    told = filled.audited("calls_exported")
    assert [each.actor for each in told] == ["staff:leader1"] * 2
    for name in ("agent1", "stats1", "qa1"):
        assert filled.person(name).get("/console/calls/export/calls.csv").status_code == 404, name
    assert len(filled.audited("calls_exported")) == 2


def test_an_export_does_not_write_a_number_that_was_looked_for_into_the_audit_log(filled: Console) -> None:
    filled.person("head1").get("/console/calls/export/calls.csv?number=13800138000")
    [line] = filled.audited("calls_exported")
    assert "138" not in line.details


def test_a_leader_sees_an_agents_day_with_who_changed_what(filled: Console) -> None:
    at = MONDAY
    with filled.rows() as db:
        db.execute(delete(AgentChange))
        db.add(Agent(id="agent1", state="ready", since=at, idle_since=at))
        for minutes, state, cause in (
            (0, "ready", "staff:agent1"),
            (10, "talking", "staff:agent1"),
            (25, "wrap_up", "x"),
        ):
            db.add(
                AgentChange(agent_id="agent1", at=at + timedelta(minutes=minutes), state=state, reason="", cause=cause)
            )
    page = filled.person("leader1").get("/console/calls/agents/agent1?day=2026-03-02").text
    assert "10:00" in page
    assert "15:00" in page
    assert "83.3%" in page, "50 of 60 minutes"
    assert filled.person("agent1").get("/console/calls/agents/agent1").status_code == 404
