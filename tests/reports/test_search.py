"""The journal finds a call by each thing that is known of it, and its pages show each contact once."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from ivr.calls.models import Call
from ivr.reports import journal
from ivr.reports.contacts import OUTCOMES
from ivr.reports.filters import Filter
from tests.reports.conftest import MONDAY, Books

WANG, LI = "+8613800138000", "+8613912345678"


def found(books: Books, wanted: Filter) -> set[str]:
    """The calls that fit, by the last figure of their ids."""
    with books.look() as db:
        lines = journal.search(db, wanted)
        assert journal.count(db, wanted) == len(lines)
    return {each.call[-1] for each in lines}


@pytest.fixture
def three(books: Books) -> Books:
    """1: 王芳 answered by agent1; 2: 李强 answered by agent2 a day later; 3: abandoned; 4: self-service."""
    one, two = books.call(number=WANG), books.call(MONDAY + timedelta(days=1), number=LI)
    books.talk(one, books.stay(one, "answered", customer="wang"), customer="wang")
    later = MONDAY + timedelta(days=1)
    books.talk(two, books.stay(two, "answered", at=later), "agent2", at=later, category="card", customer="li")
    books.stay(books.call(number=WANG, ending="hung_up"), "abandoned", queue="english")
    books.call()
    return books


def test_a_call_is_found_by_each_thing_that_is_known_of_it(three: Books) -> None:
    wang = three.keyring.blind_index("mobile", WANG)
    assert found(three, Filter()) == set("1234")
    assert found(three, Filter(number=wang)) == set("13")
    assert found(three, Filter(customer="wang")) == {"1"}
    assert found(three, Filter(customer="li")) == {"2"}, "known to the agent, though not to the queue"
    assert found(three, Filter(agent="agent2")) == {"2"}
    assert found(three, Filter(own="agent1")) == {"1"}
    assert found(three, Filter(category="card")) == {"2"}
    assert found(three, Filter(category="-")) == set("34")
    assert found(three, Filter(queue="english")) == {"3"}
    assert found(three, Filter(queue="-")) == {"4"}
    assert found(three, Filter(since=MONDAY + timedelta(hours=1))) == {"2"}
    assert found(three, Filter(until=MONDAY + timedelta(hours=1))) == set("134")
    assert found(three, Filter(number=wang, outcome="abandoned", queue="english")) == {"3"}
    assert found(three, Filter(number=wang, own="agent2")) == set()


def test_every_contact_has_one_outcome_and_is_found_by_it(three: Books) -> None:
    three.stay(three.call(), "leaving")
    three.stay(three.call(), "callback")
    three.call(ending="")
    three.call(ending="hung_up")
    with three.look() as db:
        lines = journal.search(db, Filter())
    for code in OUTCOMES:
        assert found(three, Filter(outcome=code)) == {each.call[-1] for each in lines if each.outcome == code}, code
    assert {each.outcome for each in lines} == set(OUTCOMES) - {"timeout", "failed"}


def test_pages_show_each_contact_once_the_newest_first(books: Books) -> None:
    for minute in range(20):
        call = books.call(MONDAY + timedelta(minutes=minute // 4))  # several at one moment
        for _ in range(minute % 3):
            books.stay(call, "abandoned")
    with books.look() as db:
        whole = journal.search(db, Filter())
        pages, after = [], None
        while page := journal.search(db, Filter(), after, 7):
            pages += page
            after = page[-1].key
    assert len(whole) == 26
    assert pages == whole
    assert [each.started_at for each in whole] == sorted((each.started_at for each in whole), reverse=True)


def test_a_number_is_found_when_it_is_erased_itself(three: Books) -> None:
    with three.database.begin() as connection:
        connection.execute(update(Call).values(caller=None, erased=True))
    assert found(three, Filter(number=three.keyring.blind_index("mobile", LI))) == {"2"}
