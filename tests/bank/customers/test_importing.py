"""Customers of a file: what is stored is what callers key, and every refused line says why."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from ivr.bank.customers import directory, identity, importing
from ivr.bank.customers.directory import Person
from ivr.bank.customers.importing import Plan, Refused
from ivr.db import Database
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
LANGUAGES = ("zh-CN", "en")
HEAD = "id,name,mobile,identity,language"
ZHAO = "C1,赵敏,13600136000,320106198803120028,zh-CN"
CHEN = "C2,陈静,+86 150 1234 0001,44030619781126501x,en"


@pytest.fixture
def db(sqlite_database: Database) -> Session:
    return Session(sqlite_database.durable)


def planned(db: Session, keyring: Keyring, *lines: str) -> Plan:
    return importing.plan(db, keyring, "\n".join((HEAD, *lines)), LANGUAGES)


def refused(db: Session, keyring: Keyring, *lines: str) -> list[Refused]:
    return planned(db, keyring, *lines).refused


@pytest.mark.parametrize(
    ("given", "stored"),
    [("13600136000", "+8613600136000"), ("8613600136000", "+8613600136000"), ("+8613600136000", "+8613600136000")],
)
def test_a_mobile_is_found_by_the_number_that_calls(db: Session, keyring: Keyring, given: str, stored: str) -> None:
    directory.add(db, keyring, Person("C1", "赵敏", given, "320106198803120028", "zh-CN"), NOW)
    db.flush()
    assert directory.by_mobile(db, keyring, stored) == "C1"


@pytest.mark.parametrize("card", ["44030619781126501x", "44030619781126501X"])
def test_a_small_x_is_found(db: Session, keyring: Keyring, card: str) -> None:
    """Stored as it was written it was never found, since callers' star becomes a capital: one card in eleven."""
    directory.add(db, keyring, Person("C1", "陈静", "13600136000", card, "zh-CN"), NOW)
    db.flush()
    assert directory.by_identity(db, keyring, "44030619781126501X") == "C1"
    person = directory.person(db, keyring, "C1")
    assert person is not None
    assert person.identity == "44030619781126501X"


@pytest.mark.parametrize(
    ("mobile", "card", "said"),
    [
        ("02160195588", "320106198803120028", "mobile"),
        ("anonymous", "320106198803120028", "mobile"),
        ("", "320106198803120028", "mobile"),
        ("13600136000", "320106198803120029", "identity card"),
        ("13600136000", "320106198813120028", "identity card"),
        ("13600136000", "320106880312002", "identity card"),
        ("13600136000", "", "identity card"),
        ("13600136000", "３２０１０６１９８８０３１２００２８", "identity card"),
    ],
)
def test_what_nobody_could_be_found_by_is_refused_without_repeating_it(
    db: Session, keyring: Keyring, mobile: str, card: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said) as fault:
        directory.add(db, keyring, Person("C1", "赵敏", mobile, card, "zh-CN"), NOW)
    assert not any(each in str(fault.value) for each in (mobile, card) if each)


@pytest.mark.parametrize("number", ["11010119900307421", "110101199003074215"])
def test_one_wrong_digit_of_an_identity_card_shows(number: str) -> None:
    """The checking digit finds every single wrong digit, and every two neighbours that changed places."""
    good = "110101199003074215"
    wrong = {good[:place] + digit + good[place + 1 :] for place in range(17) for digit in "0123456789"} - {good}
    swapped = {good[:at] + good[at + 1] + good[at] + good[at + 2 :] for at in range(17)} - {good}
    assert identity.normal(good) == good
    assert [each for each in wrong | swapped if identity.normal(each)] == []
    assert identity.normal(number) == (good if number == good else None)


def test_a_file_of_new_customers_is_taken(db: Session, keyring: Keyring) -> None:
    made = planned(db, keyring, ZHAO, CHEN.replace(" ", ""), "", " , , , , ")
    assert made.refused == []
    assert [(each.id, each.mobile, each.identity) for each in made.new] == [
        ("C1", "+8613600136000", "320106198803120028"),
        ("C2", "+8615012340001", "44030619781126501X"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_what_spreadsheets_write_is_read(db: Session, keyring: Keyring, encoding: str) -> None:
    text = importing.decode(f"{HEAD}\r\n{ZHAO}\r\n".encode(encoding))
    assert [each.name for each in importing.plan(db, keyring, text, LANGUAGES).new] == ["赵敏"]


@pytest.mark.parametrize("content", [HEAD.encode("utf-16"), b"\xff\xff\xff"])
def test_another_encoding_is_told(content: bytes) -> None:
    with pytest.raises(ConfigurationError, match="UTF-8"):
        importing.decode(content)


@pytest.mark.parametrize("head", ["", "id,name,mobile", "id,name,mobile,identity,language,extra", ZHAO])
def test_a_file_without_its_columns_is_told(db: Session, keyring: Keyring, head: str) -> None:
    with pytest.raises(ConfigurationError, match="first line must name the columns"):
        importing.plan(db, keyring, head, LANGUAGES)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("C1,赵敏,12345,320106198803120028,zh-CN", "the mobile is no mobile number"),
        ("C1,赵敏,13600136000,320106198803120025,zh-CN", "the identity card is wrong"),
        ("C1,赵敏,13600136000,3.20106E+17,zh-CN", "rounded by a spreadsheet"),
        ("C1,赵敏,13600136000,320106198803120000,zh-CN", "rounded by a spreadsheet"),
        ("C1,赵敏,13600136000,320106198803120028,fr", "the language must be one of zh-CN, en"),
        ("C1,,13600136000,320106198803120028,zh-CN", "the name must be"),
        ("nobody:1,赵敏,13600136000,320106198803120028,zh-CN", "the id must be"),
        (",赵敏,13600136000,320106198803120028,zh-CN", "the id must be"),
        ("C1,赵敏,13600136000,320106198803120028", "it does not have 5 fields"),
        ("C1,赵敏,13600136000,320106198803120028,zh-CN,more", "it does not have 5 fields"),
    ],
)
def test_a_line_is_refused_with_its_number_and_reason(db: Session, keyring: Keyring, line: str, said: str) -> None:
    [found] = refused(db, keyring, CHEN.replace(" ", ""), line)
    assert found.line == 3
    assert said in found.reason
    assert "赵敏" not in found.reason


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("C1,李,13900139000,110101199003074215,zh-CN", "id"),
        ("C9,李,+8613600136000,110101199003074215,zh-CN", "mobile"),
        ("C9,李,13900139000,320106198803120028,zh-CN", "identity"),
    ],
)
def test_a_line_twice_is_refused(db: Session, keyring: Keyring, change: str, what: str) -> None:
    assert refused(db, keyring, ZHAO, change) == [Refused(3, f"line 2 has the same {what}")]


def test_who_is_there_already_is_no_fault_and_who_differs_is(db: Session, keyring: Keyring) -> None:
    for person in planned(db, keyring, ZHAO).new:
        directory.add(db, keyring, person, NOW)
    db.flush()
    again = planned(db, keyring, ZHAO)
    assert (again.new, again.present, again.refused) == ([], 1, [])
    assert "other data" in refused(db, keyring, ZHAO.replace("敏", "明"))[0].reason
    assert "another customer" in refused(db, keyring, ZHAO.replace("C1", "C7"))[0].reason
