"""Signing in, sessions and the throttle, on both databases."""

import threading
from datetime import timedelta

import pytest

from ivr.centre.staff import accounts, attempts, credentials, devices, sessions, signing_in, throttle, totp
from ivr.centre.staff.accounts import Person
from ivr.centre.staff.attempts import Origin
from ivr.centre.staff.models import Account
from ivr.centre.staff.roles import Role
from ivr.foundation.errors import Refused
from tests.support.staff import ELSEWHERE, HERE, NOW, SECRET, TECH, Staff


def test_a_session_is_over_at_sign_out_a_lock_other_roles_a_reset_and_a_close(staff: Staff) -> None:
    name = staff.active()
    for count, how in enumerate(("sign_out", "lock", "roles", "reset", "close")):
        token = f"token-{count}"
        assert staff.sign_in(name, token) == "in"
        assert staff.is_open(token)
        with staff.work() as db:
            account = db.get_one(Account, name)
            if how == "sign_out":
                found = sessions.find(db, token, NOW)
                assert found is not None
                signing_in.sign_out(db, found.actor, found.session_id, NOW)
            elif how == "lock":
                accounts.lock(db, TECH, account, "left a desk open", NOW)
                accounts.unlock(db, TECH, account, "talked", NOW)
            elif how == "roles":
                accounts.change_roles(db, TECH, account, {Role.AGENT, Role.LEADER}, "leads now", NOW)
            elif how == "reset":
                credentials.reset(db, TECH, account, "hash", "forgotten", NOW)
            else:
                accounts.close(db, TECH, account, "left", NOW)
        assert not staff.is_open(token), how
    assert [deed for _, deed, _, _ in staff.told() if deed.startswith("staff_")][2:] == [
        "staff_locked", "staff_unlocked", "staff_roles_changed", "staff_reset", "staff_closed",
    ]  # fmt: skip


def test_a_session_ends_idle_and_after_eight_hours_whoever_is_seen_goes_on(staff: Staff) -> None:
    name = staff.active()
    staff.sign_in(name, "token")
    now = NOW
    while now < NOW + timedelta(hours=7, minutes=50):
        now += timedelta(minutes=14)
        assert staff.is_open("token", now), now
        with staff.work() as db:
            found = sessions.find(db, "token", now)
            assert found is not None
            sessions.note_seen(db, found.session_id, now)
    assert not staff.is_open("token", now + timedelta(minutes=15))
    assert not staff.is_open("token", NOW + timedelta(hours=8))


def test_the_table_of_sessions_holds_no_token(staff: Staff) -> None:
    staff.sign_in(staff.active(), "the token itself")
    with staff.database.begin() as connection:
        rows = connection.exec_driver_sql("select * from staff_sessions").all()
    assert len(rows) == 1
    assert "the token itself" not in repr(rows)
    assert b"the token itself" not in b"".join(bytes(cell) for cell in rows[0] if isinstance(cell, bytes | memoryview))


def test_wrong_passwords_are_throttled_for_names_that_nobody_has_too(staff: Staff) -> None:
    staff.active()
    for name in ("zhao.min", "nobody.at.all"):
        assert [staff.sign_in(name, "t", is_right=False) for _ in range(5)] == ["wrong"] * 5
        with pytest.raises(Refused, match="throttled"):
            staff.sign_in(name, "t")
    later = NOW + timedelta(minutes=15)
    assert staff.sign_in("zhao.min", "later", later) == "in"
    assert staff.sign_in("zhao.min", "again", later, is_right=False) == "wrong", "and the count begins anew"


def test_a_stranger_locks_nobody_out_elsewhere(staff: Staff) -> None:
    name = staff.active()
    assert staff.wrong(name, ELSEWHERE, 6) == ["wrong"] * 5 + ["throttled"]
    assert staff.sign_in(name, "mine") == "in"
    assert staff.wrong(name, ELSEWHERE) == ["throttled"], "and a sign-in here opens nothing there"
    assert staff.wrong("somebody.else", ELSEWHERE) == ["wrong"], "colleagues behind one address are counted apart"


def test_a_known_browser_is_locked_by_its_own_wrong_tries_alone(staff: Staff) -> None:
    name = staff.active()
    device = staff.outcome(name, "first").device
    for host in range(throttle.FOR_A_NAME // 5):
        staff.wrong(name, Origin(f"203.0.113.{host}"), 5)
    assert staff.wrong(name, Origin("203.0.113.99")) == ["throttled"], "from everywhere else the name is locked"
    assert staff.wrong(name, Origin(HERE.address, "device of nobody")) == ["throttled"]
    known = Origin(ELSEWHERE.address, device)
    assert staff.outcome(name, "second", origin=known).device == device
    assert staff.wrong(name, known, 6) == ["wrong"] * 5 + ["throttled"]
    assert staff.wrong("qa9", known) == ["wrong"], "to others it is any browser of that address"


def test_one_address_tries_a_hundred_times_whichever_the_names(staff: Staff) -> None:
    told = [staff.wrong(f"name{count}", ELSEWHERE)[0] for count in range(throttle.FROM_AN_ADDRESS + 1)]
    assert told == ["wrong"] * throttle.FROM_AN_ADDRESS + ["throttled"]
    assert staff.wrong("name0", HERE) == ["wrong"]


def test_a_browser_brings_no_token_of_its_own_is_shared_and_is_forgotten_at_a_reset(staff: Staff) -> None:
    name, other = staff.active(), staff.active(Person("qa9", "郑", frozenset({Role.QA})))
    given = staff.outcome(name, "t1", origin=Origin(HERE.address, "made up")).device
    assert given == "device of t1"
    assert staff.outcome(other, "t2", origin=Origin(HERE.address, given)).device == given
    with staff.work() as db:
        credentials.reset(db, TECH, db.get_one(Account, name), "hash", "stolen", NOW)
        assert [devices.is_known(db, given, each) for each in (name, other)] == [False, True]


@pytest.mark.parametrize(
    ("names", "places", "before", "passes"),
    [
        (["zhao.min"], ["10.1.2.3"], 0, throttle.FROM_ONE_PLACE),
        (["zhao.min"], [f"10.0.0.{count}" for count in range(12)], throttle.FOR_A_NAME - 7, 7),
        ([f"name{count}" for count in range(12)], ["10.1.2.3"], throttle.FROM_AN_ADDRESS - 7, 7),
    ],
    ids=["one place", "one name", "one address"],
)
def test_tries_at_once_do_not_pass_a_limit(
    staff: Staff, names: list[str], places: list[str], before: int, passes: int
) -> None:
    for count in range(before):
        name = names[0] if len(names) == 1 else f"before{count}"
        place = places[0] if len(places) == 1 else f"10.9.9.{count}"
        with staff.work() as db:
            attempts.count(db, name, Origin(place), NOW)
    begun: list[str] = []

    def guess(count: int) -> None:
        try:
            with staff.work() as db:
                signing_in.begin(db, names[count % len(names)], Origin(places[count % len(places)]), NOW)
            begun.append("begun")
        except Refused as refused:
            begun.append(refused.rule)

    threads = [threading.Thread(target=guess, args=(count,)) for count in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(begun) == ["begun"] * passes + ["throttled"] * (12 - passes)


def test_a_code_is_taken_once_whichever_of_two_brings_it(staff: Staff) -> None:
    name = staff.with_factor()
    assert staff.sign_in(name, "first") == staff.sign_in(name, "second") == "code"
    assert not staff.is_open("first"), "a password alone opens nothing"
    code, found = totp.code_at(SECRET, totp.step_at(NOW)), list[str]()
    threads = [
        threading.Thread(target=lambda token=token: found.append(staff.with_code(token, code, f"{token} in")))
        for token in ("first", "second")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["in", "wrong"]
    assert staff.is_open("first in") != staff.is_open("second in")


def test_a_code_for_recovery_opens_once(staff: Staff) -> None:
    name = staff.with_factor()
    staff.sign_in(name, "first")
    assert staff.with_code("first", " AAAAA-bbbbb", "first in") == "in"
    staff.sign_in(name, "second")
    assert staff.with_code("second", "aaaaa-bbbbb", "second in") == "wrong"
    with staff.work() as db:
        assert credentials.codes_left(db, name) == 0


def test_wrong_codes_are_throttled_and_a_right_password_between_does_not_begin_the_count_anew(staff: Staff) -> None:
    name = staff.with_factor()
    for count in range(5):
        assert staff.sign_in(name, f"token-{count}") == "code"
        assert staff.with_code(f"token-{count}", "000000", "in") == "wrong"
    with pytest.raises(Refused, match="throttled"):
        staff.sign_in(name, "token-6")


def test_a_temporary_password_lasts_three_days(staff: Staff) -> None:
    name = staff.active()
    with staff.work() as db:
        credentials.reset(db, TECH, db.get_one(Account, name), "hash", "forgotten", NOW)
    assert staff.sign_in(name, "t1", NOW + timedelta(hours=71)) == "in"
    assert staff.sign_in(name, "t2", NOW + timedelta(hours=72)) == "expired"


def test_who_is_not_active_is_told_only_with_the_right_password(staff: Staff) -> None:
    name = staff.active()
    with staff.work() as db:
        accounts.lock(db, TECH, db.get_one(Account, name), "gone for a month", NOW)
    assert staff.sign_in(name, "t", is_right=False) == "wrong"
    assert staff.sign_in(name, "t") == "shut"
