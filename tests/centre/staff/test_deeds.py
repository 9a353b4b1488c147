"""What is done to accounts, on both databases, and what the audit log says of it."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from ivr.centre.staff import accounts, queries, roster
from ivr.centre.staff.accounts import Person
from ivr.centre.staff.models import Account
from ivr.centre.staff.permissions import Permission
from ivr.centre.staff.roles import Role
from ivr.centre.staff.tasks import RETENTION
from ivr.foundation.errors import IllegalTransition, LostRace, Refused
from ivr.platform.actor import Actor
from tests.support.staff import NOW, TECH, Staff


def test_r7_an_agent_without_a_valid_certificate_is_not_activated(staff: Staff) -> None:
    person = Person("sun.yu", "孙瑜", frozenset({Role.AGENT}), "", ("3A", date(2025, 1, 1)))
    with staff.work() as db:
        accounts.add(db, TECH, person, "new", NOW)
    with pytest.raises(Refused, match="certificate_missing"), staff.work() as db:
        accounts.activate(db, TECH, db.get_one(Account, "sun.yu"), "new", NOW)
    with staff.work() as db:
        account = db.get_one(Account, "sun.yu")
        assert account.state == "inactive"
        accounts.certify(db, TECH, account, "2B", NOW.date(), NOW)
        accounts.activate(db, TECH, account, "certified", NOW)
    assert staff.told()[-1] == ("staff:tech1", "staff_activated", "sun.yu", "certified")


def test_of_two_rosters_at_once_with_one_name_in_both_one_is_imported_whole_and_the_other_not_at_all(
    staff: Staff,
) -> None:
    heads = "user_name,name,roles,unit,certificate,issued_on\n"
    files = [heads + "".join(f"{name},x,agent,,,\n" for name in names) for names in (("a1", "b1"), ("b1", "a1"))]
    told: list[list[str]] = []

    def load(text: str) -> None:
        try:
            with staff.work() as db:
                made = roster.load(db, TECH, text, frozenset(Role), "digest", "new", NOW)
            told.append([each.rule for each in made.refused])
        except Refused as refused:
            told.append([refused.rule])

    threads = [threading.Thread(target=load, args=(each,)) for each in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [[], ["user_name_taken"] * 2]
    with staff.work() as db:
        there = sorted(db.scalars(select(Account.id)))
    assert there == ["a1", "b1"]
    assert [deed for _, deed, _, _ in staff.told()] == ["staff_added", "staff_added", "roster_imported"]


def test_r7_nobody_becomes_an_agent_by_another_role_without_a_certificate(staff: Staff) -> None:
    name = staff.active(Person("qa9", "郑", frozenset({Role.QA})))
    with pytest.raises(Refused, match="certificate_missing"), staff.work() as db:
        accounts.change_roles(db, TECH, db.get_one(Account, name), {Role.QA, Role.AGENT}, "helps out", NOW)


def test_an_account_moves_only_as_its_table_says_and_one_of_two_wins(staff: Staff) -> None:
    name = staff.active()
    with pytest.raises(IllegalTransition), staff.work() as db:
        accounts.unlock(db, TECH, db.get_one(Account, name), "why", NOW)
    with staff.work() as db:
        account = db.get_one(Account, name)
        db.execute(text("update staff_accounts set state = 'locked', version = version + 1"))  # somebody was quicker
        with pytest.raises(LostRace):
            accounts.close(db, TECH, account, "second", NOW)


def test_lists_and_looks_apply_the_same_predicate(staff: Staff) -> None:
    staff.active()
    staff.active(Person("qa9", "郑", frozenset({Role.QA})))
    hr = Actor("staff", "hr1", frozenset({Role.HR}))
    nobody = Actor("staff", "qa9", frozenset({Role.QA}))
    with staff.work() as db:
        for actor, seen in ((TECH, ["qa9", "zhao.min"]), (hr, ["zhao.min"]), (nobody, [])):
            listed = queries.accounts(db, actor, Permission.STAFF_VIEW)
            assert sorted(each.id for each in listed) == seen
            looked = [queries.account(db, actor, Permission.STAFF_VIEW, name) for name in ("qa9", "zhao.min")]
            assert [each.id for each in looked if each] == seen
        assert [each.id for each in queries.accounts(db, TECH, Permission.STAFF_VIEW, text="赵")] == ["zhao.min"]
        assert [each.id for each in queries.accounts(db, TECH, Permission.STAFF_VIEW, role="qa")] == ["qa9"]


def test_sessions_and_tries_are_forgotten_after_ninety_days_accounts_never(staff: Staff) -> None:
    name = staff.active()
    staff.sign_in(name, "old")
    later = NOW + timedelta(days=90, seconds=1)
    staff.sign_in(name, "new", later)
    assert [rule(staff.database, later) for rule in RETENTION] == [1, 1, 1]
    assert staff.is_open("new", later)
    with staff.work() as db:
        assert db.get(Account, name) is not None
