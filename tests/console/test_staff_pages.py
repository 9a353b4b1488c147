"""Staff administration over real HTTP: a roster comes in, an agent is activated, signs in, and is locked out again."""

import json
import re

from ivr.centre.staff.demo import password_of
from tests.support.console import Console, errors

HEADS = "用户名,姓名,角色,部门,普通话等级,证书日期\n"
ROSTER = HEADS + "zhao.min,赵敏,agent,,二级甲等,2025-06-30\nsun.yu,孙瑜,agent,,,\n"
NEW = "a long sentence of my own"


def send(text: str) -> dict[str, object]:
    return {"files": {"roster": ("roster.csv", text.encode("gb18030"), "text/csv")}}


def test_an_agent_from_the_roster_to_the_first_sign_in(console: Console) -> None:
    hr, tech = console.person("hr1"), console.person("tech1")
    assert "已导入 2 人" in hr.post("/console/staff/import", {"why": "三月新人"}, **send(ROSTER)).text
    refused = tech.post("/console/staff/sun.yu/activate", {"why": "新人"})
    assert (refused.status_code, list(errors(refused))) == (422, ["certificate"]), "R7"
    hr.post("/console/staff/sun.yu/certificates", {"level": "2B", "issued_on": "2026-01-05"})
    page = tech.post("/console/staff/sun.yu/activate", {"why": "新人"})
    found = re.search(r'<output class="code-word">([a-z0-9-]{23})</output>', page.text)
    assert found is not None

    agent = console.person()
    assert agent.sign_in("sun.yu", found.group(1)).url.endswith("/console/account/password")
    assert agent.get("/console/").url.endswith("/console/account/password"), "until it is changed nothing else opens"
    agent.post("/console/account/password", {"old": found.group(1), "new": NEW, "again": NEW})
    assert agent.get("/console/").url.endswith("/console/desk")

    tech.post("/console/staff/sun.yu/lock", {"why": "离岗"})
    assert "sign-in" in agent.get("/console/").url
    whys = [(line.actor, line.deed, json.loads(line.details)["why"]) for line in console.audited("staff_locked")]
    assert whys == [("staff:tech1", "staff_locked", "离岗")]


def test_a_roster_with_a_wrong_line_is_not_imported_at_all(own_console: Console) -> None:
    hr = own_console.person("hr1")
    answer = hr.post("/console/staff/import", {"why": "x"}, **send(ROSTER + "qian,钱,leader,,,\n"))
    assert answer.status_code == 422
    assert "人力资源部只能导入座席" in answer.text
    assert "zhao.min" not in hr.get("/console/staff").text
    assert list(errors(hr.post("/console/staff/import", {"why": "x"}))) == ["roster"]
    assert list(errors(hr.post("/console/staff/import", {}, **send(ROSTER)))) == ["why"]


def test_nothing_is_done_without_a_reason(own_console: Console) -> None:
    tech = own_console.person("tech1")
    for deed in ("lock", "reset", "close", "roles"):
        answer = tech.post(f"/console/staff/agent1/{deed}", {"why": "  ", "roles": "agent"})
        assert (answer.status_code, list(errors(answer))) == (422, ["why"]), deed
    assert own_console.account("agent1").state == "active"


def test_who_gets_other_roles_signs_in_again_and_finds_another_home(own_console: Console) -> None:
    tech, leader = own_console.person("tech1"), own_console.person("leader1")
    assert list(errors(tech.post("/console/staff/leader1/roles", {"why": "x", "roles": ["leader", "audit"]}))) == [
        "roles"
    ]
    tech.post("/console/staff/leader1/roles", {"why": "调任", "roles": ["qa", "stats"]})
    assert "sign-in" in leader.get("/console/").url
    assert "质检" in leader.sign_in("leader1", password_of("leader1")).text


def test_a_reset_takes_password_and_second_factor(own_console: Console) -> None:
    tech = own_console.person("tech1")
    page = tech.post("/console/staff/agent1/reset", {"why": "忘记密码"})
    assert "只显示这一次" in page.text
    assert errors(own_console.person().sign_in("agent1", password_of("agent1")))
    assert not own_console.account("agent1").has_second_factor
    assert "a-z" not in json.dumps([line.details for line in own_console.audited("staff_reset")])


def test_what_people_write_is_text_on_every_page(own_console: Console) -> None:
    """A name, a reason and a search that would be markup: they come back as they were written, and are nothing else."""
    evil = "<script>alert(1)</script>{{7*7}}"
    tech = own_console.person("tech1")
    name = f'"{evil}"'
    tech.post("/console/staff/import", {"why": evil}, **send(HEADS + f"evil.one,{name},agent,,2A,2025-01-01\n"))
    auditor = own_console.person("audit1")
    pages = (
        tech.get("/console/staff"),
        tech.get("/console/staff/evil.one"),
        tech.get("/console/staff", params={"text": evil}),
        auditor.get("/console/audit", params={"why": evil}),
        auditor.get("/console/audit", params={"who": evil, "since": evil, "before": evil}),
    )
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;" in page.text


def test_the_audit_log_is_searched_by_who_why_and_day_and_looking_is_recorded(own_console: Console) -> None:
    tech = own_console.person("tech1")
    for number in range(3):
        tech.post("/console/staff/agent1/reset", {"why": f"reason {number}"})
    auditor = own_console.person("audit1")

    def found(**asked: str) -> list[str]:
        page = auditor.get("/console/audit", params={"lang": "en", **asked}).text
        return re.findall(r"<td>(reason \d)</td>", page)

    assert found() == ["reason 2", "reason 1", "reason 0"]
    assert found(who="tech1", why="reason 1") == ["reason 1"]
    assert found(who="hr1") == []
    assert found(since="2026-03-04", until="2026-03-04", why="reason") == ["reason 2", "reason 1", "reason 0"]
    assert found(since="2026-03-05") == []
    assert found(before="1") == []
    looks = [json.loads(line.details)["asked"] for line in own_console.audited("audit_viewed")]
    assert "who=tech1, why=reason 1" in looks


def test_a_body_larger_than_any_roster_is_refused_with_a_page(own_console: Console) -> None:
    tech = own_console.person("tech1")
    answer = tech.post("/console/staff/import", {"why": "x"}, **send("x" * 1_100_000))
    assert answer.status_code == 413
    assert "<!doctype html>" in answer.text
