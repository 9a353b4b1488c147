"""Import a roster from a CSV file: each line is accepted, or refused with its number and rule. Pure except `load`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.staff import accounts
from ivr.centre.staff.accounts import Person
from ivr.centre.staff.certificates import LEVELS
from ivr.centre.staff.models import Account
from ivr.centre.staff.roles import NAMED_BY_UNIT, Role, may_be_held_together
from ivr.db.locks import Lock, advisory_lock
from ivr.foundation import csv_file
from ivr.foundation.errors import Refused
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record

COLUMNS = ("user_name", "name", "roles", "unit", "certificate", "issued_on")
HEADS = dict(zip(("用户名", "姓名", "角色", "部门", "普通话等级", "证书日期"), COLUMNS, strict=True))
GRADES = dict(zip(("一级甲等", "一级乙等", "二级甲等", "二级乙等", "三级甲等", "三级乙等"), LEVELS, strict=True))
MOST_LINES = 2000
DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
USER_NAME = re.compile(r"[a-z][a-z0-9_.]{1,31}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """A refused line: its number in the file, and the rule that it breaks."""

    number: int
    rule: str


@dataclass
class Plan:
    """The result of a dry run: new people and refused lines; with a refused line nothing is imported."""

    new: list[Person] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)


def decoded(content: bytes) -> str:
    """The text of a file. Raises `Refused`: roster_encoding."""
    try:
        return csv_file.decoded(content)
    except csv_file.UnknownEncodingError:
        raise Refused("roster_encoding", "roster") from None


def plan(text: str, present: frozenset[str], allowed: frozenset[Role], today: date) -> Plan:
    """Read every line. `present`: user names that are taken; `allowed`: the roles that the importer may bring in.

    Raises `Refused`: roster_heads, roster_empty, roster_long.
    """
    made, named = Plan(), set[str]()
    for number, cells in _lines(text):
        try:
            person = person_of(cells, allowed, today)
            if person.user_name in present | named:
                raise Refused("user_name_twice" if person.user_name in named else "user_name_taken")
        except Refused as refused:
            made.refused.append(Line(number, refused.rule))
            continue
        named.add(person.user_name)
        made.new.append(person)
    if not (made.new or made.refused):
        raise Refused("roster_empty", "roster")
    return made


def load(
    db: Session, actor: Actor, text: str, allowed: frozenset[Role], file_digest: str, why: str, now: datetime
) -> Plan:
    """Import a roster, all of it or, where a line is refused, nothing. The people cannot sign in until activated.

    One import at a time: each writes accounts and audit lines in turn, and two would wait for each other's.
    """
    advisory_lock(db, Lock.ROSTER, "")
    made = plan(text, frozenset(db.scalars(select(Account.id))), allowed, now.date())
    if made.refused:
        return made
    for person in made.new:
        accounts.add(db, actor, person, why, now)
    record(db, actor, "roster_imported", "staff", now, why=why, file_sha256=file_digest, people=len(made.new))
    return made


def _lines(text: str) -> Iterator[tuple[int, Mapping[str, str] | None]]:
    try:
        for count, line in enumerate(csv_file.lines(text, COLUMNS, HEADS)):
            if count >= MOST_LINES:
                raise Refused("roster_long", "roster", most=MOST_LINES)
            yield line
    except csv_file.OtherColumnsError:
        raise Refused("roster_heads", "roster") from None


def person_of(cells: Mapping[str, str] | None, allowed: frozenset[Role], today: date) -> Person:
    """The person of one line, its cells by the names of `COLUMNS`. Raises `Refused` naming the rule it breaks."""
    if cells is None:
        raise Refused("roster_cells")
    if not USER_NAME.fullmatch(cells["user_name"]):
        raise Refused("user_name_form")
    if not 0 < len(cells["name"]) <= 60 or not cells["name"].isprintable():
        raise Refused("name_form")
    roles = _roles(cells["roles"], allowed)
    if len(cells["unit"]) > 60 or not cells["unit"].isprintable() or (roles & NAMED_BY_UNIT and not cells["unit"]):
        raise Refused("unit_form")
    return Person(cells["user_name"], cells["name"], roles, cells["unit"], _certificate(cells, today))


def _roles(text: str, allowed: frozenset[Role]) -> frozenset[Role]:
    codes = text.replace("+", " ").split()
    if not codes or not set(codes) <= set(Role):
        raise Refused("role_unknown")
    roles = frozenset(Role(code) for code in codes)
    if not may_be_held_together(roles):
        raise Refused("roles_apart")
    if not roles <= allowed:
        raise Refused("role_not_yours")
    return roles


def _certificate(cells: Mapping[str, str], today: date) -> tuple[str, date] | None:
    level = GRADES.get(cells["certificate"], cells["certificate"].upper())
    if not level and not cells["issued_on"]:
        return None
    issued_on = _day(cells["issued_on"])
    if level not in LEVELS:
        raise Refused("certificate_level")
    if issued_on > today:
        raise Refused("certificate_date")
    return level, issued_on


def _day(text: str) -> date:
    """2025-06-30, or 2025/6/30 as spreadsheets write it."""
    found = DAY.fullmatch(text)
    if found is None:
        raise Refused("certificate_date")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise Refused("certificate_date") from None
