"""Floor and wallboard on real HTTP: who sees them, what they show, and that a number stands beside its definition."""

import re

import pytest

from ivr.centre.floor import metrics
from ivr.centre.floor.erlang import needed_a, needed_c
from ivr.centre.floor.metrics import AgentDay, QueueDay
from ivr.centre.floor.tasks import watch_alarms
from ivr.centre.queues import presence
from ivr.centre.queues.models import QueuedCall
from ivr.console.words.english import ENGLISH
from ivr.console.words.floor import DEFINITIONS
from ivr.platform.actor import Actor
from tests.support.console import Console

AGENT = Actor("staff", "agent1", frozenset({"agent"}))


def at_work(console: Console, name: str = "agent1", state: str = "ready") -> None:
    with console.rows() as db:
        presence.wish(db, Actor("staff", name), name, state, "", console.clock())
        presence.set_skills(db, name, (("general", 4),))


def caller(console: Console, number: int = 1, queue: str = "general") -> int:
    at = console.clock()
    with console.rows() as db:
        row = QueuedCall(
            call=f"CA{number:032x}", queue=queue, state="waiting", language="zh-CN", level="none", entered_at=at,
            rank_at=at, seen_at=at, queue_sid="QU1", turn=1,
        )  # fmt: skip
        db.add(row)
        db.flush()
        return row.id


class Means:
    """What the task of alarms needs."""

    def __init__(self, console: Console) -> None:
        self.database, self.floor_rules, self.now = console.database, console.office.floor_rules, console.clock


def row(page: str, key: str) -> str:
    """The text of a row, its cells with a space between."""
    found = re.search(rf'<tr data-key="{key}".*?</tr>', page, re.DOTALL)
    assert found is not None, key
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split())


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_leader_sees_queues_agents_and_alarms(console: Console, language: str) -> None:
    at_work(console)
    at_work(console, "agent2", "not_ready")
    caller(console)
    console.clock.forward(seconds=130)
    watch_alarms(Means(console))
    page = console.person("leader1").get(f"/console/floor?lang={language}").text
    words = {"zh-CN": ("综合业务", "示闲", "最长等候"), "en": ("General", "Ready", "longest wait")}[language]
    assert row(page, "general").startswith(f"{words[0]} 1 2:10 1 / 2")
    assert f"agent1 {words[1]} 2:10" in row(page, "agent1")
    assert words[2] in page
    assert 'data-topics="queues,floor"' in page


def test_an_alarm_that_was_noted_calls_nobody_any_more(console: Console) -> None:
    caller(console)
    console.clock.forward(seconds=130)
    watch_alarms(Means(console))
    leader = console.person("leader1")
    page = leader.get("/console/floor").text
    ids = re.findall(r'name="alarm" value="(\d+)"', page)
    assert len(ids) == 1
    after = leader.post("/console/floor/acknowledge", {"alarm": ids}).text
    assert "已知悉 leader1" in after
    assert 'name="alarm"' not in after
    assert [each.subject for each in console.audited("alarms_acknowledged")] == ["floor"]


def test_who_may_see_the_floor_and_who_the_wallboard(shared_console: Console) -> None:
    seen = {
        name: tuple(shared_console.person(name).get(f"/console/{page}").status_code for page in ("floor", "wallboard"))
        for name in ("leader1", "head1", "agent1", "stats1", "qa1", "tech1", "party1")
    }
    assert seen == {
        "leader1": (200, 200), "head1": (200, 200), "agent1": (404, 200), "stats1": (404, 200), "qa1": (404, 404),
        "tech1": (404, 404), "party1": (404, 404),
    }  # fmt: skip


def test_the_wallboard_names_nobody(own_console: Console) -> None:
    at_work(own_console)
    caller(own_console)
    own_console.clock.forward(seconds=61)
    page = own_console.person("stats1").get("/console/wallboard").text
    assert row(page, "general").startswith("综合业务 1 1:01 – 1")
    assert "agent1" not in page
    assert "陈静" not in page


def test_the_home_of_a_leader_is_the_floor(own_console: Console) -> None:
    assert own_console.person("leader1").get("/console/").url.endswith("/console/floor")


def test_a_page_shows_the_definition_that_the_metric_has() -> None:
    told = {
        "occupancy": metrics.occupancy.__doc__,
        "needed_c": needed_c.__doc__,
        "needed_a": needed_a.__doc__,
        "handle_time": AgentDay.handle_time.__doc__,
        **{
            name: getattr(QueueDay, name).__doc__
            for name in ("service_level", "answer_rate", "speed_of_answer", "abandonment_rate")
        },
    }
    assert {name: ENGLISH[words] for name, words in DEFINITIONS.items()} == told


def test_a_leader_steers_agents_callers_and_queues(own_console: Console) -> None:
    at_work(own_console)
    waiting = caller(own_console)
    leader = own_console.person("leader1")
    assert "签退" in row(leader.get("/console/floor").text, "agent1")
    after = leader.post("/console/floor/skills", {"agent": "agent1", "skill.english": "3", "skill.general": "0"})
    assert after.url.endswith("/console/floor?agent=agent1")
    assert row(after.text, "english").startswith("英语专线 0 0:00 1 / 1")
    after = leader.post("/console/floor/move", {"queue": "general", "call": waiting, "to": "transfers"})
    assert row(after.text, "transfers").startswith("转账支付 1 ")
    after = leader.post("/console/floor/close", {"queue": "general", "announcement": "busy", "minutes": "30"})
    assert row(after.text, "general").startswith("综合业务 关闭至 10:30 0")
    after = leader.post("/console/floor/reopen", {"queue": "general"})
    assert "关闭至" not in after.text
    after = leader.post("/console/floor/sign-out", {"agent": "agent1"})
    assert "签退" in row(after.text, "agent1")
    assert own_console.audited("agent_signed_out")[0].actor == "staff:leader1"


def test_what_a_rule_says_no_to_is_told_in_a_sentence(own_console: Console) -> None:
    at_work(own_console)
    leader = own_console.person("head1")
    leader.get("/console/floor")
    cases: list[tuple[str, dict[str, object], str]] = [
        ("take-part", {"agent": "agent1", "mode": "listen"}, "该座席现在没有通话"),
        ("skills", {"agent": "agent1"}, "座席至少要服务一个队列"),
        ("skills", {"agent": "agent1", "skill.general": "9"}, "技能等级应为 1 至 5"),
        ("move", {"call": 77, "to": "english"}, "该来电已不在等候"),
        ("reopen", {"queue": "general"}, "该队列没有关闭"),
        ("sign-out", {"agent": "nobody"}, "没有这位座席"),
    ]
    for path, form, told in cases:
        answer = leader.post(f"/console/floor/{path}", form)
        assert (answer.status_code, told in answer.text) == (422, True), path


def test_an_agent_is_found_by_name(own_console: Console) -> None:
    for name in ("agent1", "agent2"):
        at_work(own_console, name)
    leader = own_console.person("leader1")
    for text in ("何俊", "AGENT2"):
        page = leader.get(f"/console/floor?find={text}").text
        assert ('data-key="agent1"' in page, 'data-key="agent2"' in page) == (False, True)
    assert "没有这样的座席" in leader.get("/console/floor?find=nobody").text
