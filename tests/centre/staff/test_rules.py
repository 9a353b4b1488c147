"""The rules of staff, without a database: passwords, codes, throttle, sessions, certificates, roles, rosters."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from ivr.centre.staff import attempts, certificates, passwords, roster, session_lifetime, throttle, totp
from ivr.centre.staff.roles import Role, may_be_held_together
from ivr.foundation.errors import Refused

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("password", "second_factor", "rule"),
    [
        ("fourteen-chars", False, "password_short"),
        ("fifteen-charss!", False, None),
        ("seven7!", True, "password_short"),
        ("eight8!?", True, None),
        ("my name is Agent1 ok", False, "password_named"),
        ("abababababababab", False, "password_simple"),
        ("abcde" * 26, False, "password_long"),
    ],
)
def test_a_password_has_fifteen_characters_or_eight_beside_a_second_factor(
    password: str, second_factor: bool, rule: str | None
) -> None:
    found = None
    try:
        passwords.check(password, "agent1", has_second_factor=second_factor)
    except Refused as refused:
        found = refused.rule
    assert found == rule


@pytest.mark.parametrize(
    ("at", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_rfc_6238(at: int, code: str) -> None:
    """Appendix B, SHA-1, its eight digits cut to six."""
    secret = b"12345678901234567890"
    assert totp.accepted_step(secret, code, None, datetime.fromtimestamp(at, UTC)) == at // 30


def test_a_code_is_taken_within_half_a_minute_of_its_step_and_never_twice() -> None:
    secret, step = b"12345678901234567890", totp.step_at(NOW)
    code = totp.code_at(secret, step)
    for seconds, taken in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        found = totp.accepted_step(secret, code, None, NOW + timedelta(seconds=seconds))
        assert (found == step) is taken, seconds
    assert totp.accepted_step(secret, code, step, NOW) is None
    assert totp.accepted_step(secret, totp.code_at(secret, step - 1), step, NOW) is None, "nor one before it"
    assert totp.accepted_step(secret, "", None, NOW) is None
    assert totp.accepted_step(secret, f" {code[:3]} {code[3:]}", None, NOW) == step, "as authenticators show it"


def test_five_wrong_tries_in_a_quarter_of_an_hour_lock_for_a_quarter_of_an_hour() -> None:
    tries = [NOW + minute * MINUTE for minute in (0, 1, 2, 3, 14)]
    assert throttle.locked_until(tries[:4], 5, tries[3]) is None
    assert throttle.tries_left(tries[:4], 5, tries[3]) == 1
    until = tries[4] + 15 * MINUTE
    assert throttle.locked_until(tries, 5, tries[4]) == until
    assert throttle.locked_until(tries, 5, NOW + 16 * MINUTE) == until, "the oldest has left the window, the lock stays"
    assert throttle.locked_until(tries, 5, until) is None
    assert throttle.tries_left(tries, 5, until) == 5
    slow = [NOW + minute * MINUTE for minute in (0, 4, 8, 12, 16)]
    assert throttle.locked_until(slow, 5, slow[4]) is None


def test_an_address_is_one_host_or_one_network_of_64_bits() -> None:
    assert attempts.place("203.0.113.9") == attempts.place("::ffff:203.0.113.9") == "203.0.113.9"
    assert attempts.place("2001:db8:1:2:aaaa::1") == attempts.place("2001:db8:1:2::9") == "2001:db8:1:2::"
    assert attempts.place("") == ""


@pytest.mark.parametrize(
    ("stage", "age", "idle", "over"),
    [
        ("open", 0, 0, False),
        ("open", 60, 14.9, False),
        ("open", 60, 15, True),
        ("open", 8 * 60 - 1, 1, False),
        ("open", 8 * 60, 0, True),
        ("code", 4.9, 4.9, False),
        ("code", 5, 0, True),
    ],
)
def test_a_session_ends_after_a_quarter_of_an_hour_idle_or_eight_hours(
    stage: str, age: float, idle: float, over: bool
) -> None:
    assert session_lifetime.is_over(stage, NOW - age * MINUTE, NOW - idle * MINUTE, NOW) is over


@dataclass(frozen=True)
class OnFile:
    level: str
    issued_on: date


@pytest.mark.parametrize(
    ("level", "issued_on", "enough"),
    [("2B", TODAY, True), ("1A", date(2001, 1, 1), True), ("3A", TODAY, False), ("2A", date(2026, 3, 5), False)],
)
def test_r7_an_agent_needs_a_certificate_of_level_2b_or_better_whose_date_has_come(
    level: str, issued_on: date, enough: bool
) -> None:
    on_file = [OnFile("3B", date(2020, 1, 1)), OnFile(level, issued_on)]
    if enough:
        certificates.check(on_file, TODAY)
    else:
        with pytest.raises(Refused, match="certificate_missing"):
            certificates.check(on_file, TODAY)


def test_only_roles_of_remote_banking_are_held_together() -> None:
    assert may_be_held_together({Role.AGENT, Role.LEADER})
    assert all(may_be_held_together({role}) for role in Role)
    assert not may_be_held_together(set())
    assert not may_be_held_together({Role.AGENT, Role.TECH})
    assert not may_be_held_together({Role.AUDIT, Role.HR})


HEADS = "用户名,姓名,角色,部门,普通话等级,证书日期\n"


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("zhao.min,赵敏,agent,,二级甲等,2025-06-30", None),
        ("zhao.min,赵敏,agent+leader,,2b,2025-06-30", None),
        ("zhao.min,赵敏,agent,,,", None),
        ("qian.hao,钱浩,unit,滨江支行,,", None),
        ("qian.hao,钱浩,unit,,,", "unit_form"),
        ("Zhao,赵敏,agent,,,", "user_name_form"),
        ("zhao.min,,agent,,,", "name_form"),
        ("zhao.min,赵敏,boss,,,", "role_unknown"),
        ("zhao.min,赵敏,agent+tech,,,", "roles_apart"),
        ("zhao.min,赵敏,agent,,4A,2025-06-30", "certificate_level"),
        ("zhao.min,赵敏,agent,,2A,30.6.2025", "certificate_date"),
        ("zhao.min,赵敏,agent,,2A,2026-03-05", "certificate_date"),
        ("zhao.min,赵敏,agent,,2A,2025/6/30", None),
        ("zhao.min,赵敏,agent,,2A,2025-02-30", "certificate_date"),
        ('zhao.min,"赵\n敏",agent,,,', "name_form"),
        ('zhao.min,"赵敏,agent,,,', "roster_cells"),
        ("zhao.min,赵敏,agent,,,,", "roster_cells"),
        ("zhao.min,赵敏,agent", "roster_cells"),
        ("agent1,赵敏,agent,,,", "user_name_taken"),
    ],
)
def test_a_line_of_a_roster_is_taken_or_refused_with_its_rule(line: str, rule: str | None) -> None:
    made = roster.plan(HEADS + line, frozenset({"agent1"}), frozenset(Role), TODAY)
    assert [each.rule for each in made.refused] == ([rule] if rule else [])
    assert len(made.new) == (0 if rule else 1)


def test_a_roster_names_each_person_once_and_only_roles_that_its_importer_may_bring_in() -> None:
    text = HEADS + "a1,甲,agent,,,\na1,乙,agent,,,\na2,丙,leader,,,\n"
    made = roster.plan(text, frozenset(), frozenset({Role.AGENT}), TODAY)
    assert [(each.number, each.rule) for each in made.refused] == [(3, "user_name_twice"), (4, "role_not_yours")]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"a,b\n1,2\n", "roster_heads"),
        (HEADS.encode(), "roster_empty"),
        (HEADS.encode() + b"\n,,,,,\n", "roster_empty"),
        (b"\xff\xff\x00", "roster_encoding"),
        (HEADS.encode() + b"a1,x,agent,,,\n" * 10_000, "roster_long"),
    ],
)
def test_a_file_that_is_no_roster_is_told_why(content: bytes, rule: str) -> None:
    with pytest.raises(Refused, match=rule):
        roster.plan(roster.decoded(content), frozenset(), frozenset(Role), TODAY)


def test_a_roster_comes_in_the_encodings_of_spreadsheets() -> None:
    text = HEADS + "zhao.min,赵敏,agent,,,\n"
    for encoding in ("utf-8-sig", "gbk"):
        for delimiter in ",;\t":
            content = text.replace(",", delimiter).encode(encoding)
            assert roster.plan(roster.decoded(content), frozenset(), frozenset(Role), TODAY).new
