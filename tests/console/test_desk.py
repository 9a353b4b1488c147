"""The agent's desk on real HTTP, with the hotline behind: the offer, the talk, masked values, the sheet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.calls import revealing
from ivr.centre.desk.models import Interaction
from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.support.centre import Centre, Seat, open_centre
from tests.support.console import Console, Person, errors, open_console
from tests.support.hotline import QUERY, WANG, Clock
from tests.support.hotline_fixtures import seeded, seeded_postgres, seeded_sqlite

__all__ = ["seeded", "seeded_postgres", "seeded_sqlite"]

MASKED = {"mobile": "138••••8000", "identity": "110••••••••••4215", "card": "6222 •••• •••• 4458"}
CLEAR = {"mobile": "+8613800138000", "identity": "110101199003074215", "card-1": "6222021001122334458"}
CHOSEN: dict[str, object] = {
    "category": "transfer",
    "product": "phone_banking",
    "disposition": "solved",
    "after": "ready",
}


@dataclass
class Room:
    """A service centre and its staff pages on one database."""

    centre: Centre
    console: Console

    def agent(self, name: str = "agent1") -> tuple[Seat, Person]:
        """Somebody at work, and their browser at the desk."""
        seat, person = self.centre.agent(name), self.console.person(name)
        person.get("/console/desk")
        return seat, person


@contextmanager
def opened(database: Database, settings: Settings, keyring: Keyring, hasher: PasswordHasher) -> Iterator[Room]:
    clock = Clock()
    with open_centre(database, settings, keyring, clock) as centre:
        console = open_console(database, keyring, hasher, clock)
        console.office = replace(console.office, paths=centre.means.paths)
        yield Room(centre, console)
        console.close()


@pytest.fixture
def room(seeded_sqlite: Database, settings: Settings, keyring: Keyring, fast_hasher: PasswordHasher) -> Iterator[Room]:
    with opened(seeded_sqlite, settings, keyring, fast_hasher) as made:
        yield made


@pytest.fixture
def either_room(seeded: Database, settings: Settings, keyring: Keyring, fast_hasher: PasswordHasher) -> Iterator[Room]:
    """On SQLite and on PostgreSQL."""
    with opened(seeded, settings, keyring, fast_hasher) as made:
        yield made


def proven(room: Room) -> tuple[Seat, Person, int]:
    """A talk with a customer who keyed the query password in the self-service."""
    seat, person = room.agent()
    room.centre.dial(keys=f"1 2 1 {QUERY[WANG]} 0")
    number, _ = seat.talks()
    person.get("/console/desk")
    return seat, person, number


def test_a_call_is_offered_masked_accepted_written_up_and_nothing_is_lost(either_room: Room) -> None:
    room = either_room
    seat, person = room.agent()
    room.centre.dial(keys=f"1 2 1 {QUERY[WANG]} 0")
    offer = seat.offered()
    page = person.get("/console/desk").text
    assert 'aria-label="来电"' in page
    assert "王*" in page
    assert "查询密码已验" in page
    assert "王芳" not in page
    assert WANG not in page
    person.post(f"/console/desk/offers/{offer}/accept")
    seat.picks_up()
    room.centre.until(lambda: seat.interaction(1).state, "talking")
    page = person.get("/console/desk").text
    for masked in MASKED.values():
        assert masked in page
    assert not [value for value in CLEAR.values() if value in page]
    saved = person.post("/console/desk/interactions/1/notes", {"notes": "记得改过密码", "category": "password"})
    assert saved.json()["saved_at"] == room.centre.clock().astimezone(room.console.office.zone).strftime("%H:%M:%S")
    assert "记得改过密码" in person.get("/console/desk").text, "it is there after a reload"
    assert person.post("/console/desk/interactions/1/wrap-up", CHOSEN).status_code == 422, "not while they talk"
    person.post("/console/desk/hang-up")
    assert seat.state == "wrap_up"
    missing = person.post("/console/desk/interactions/1/wrap-up", {**CHOSEN, "product": "", "disposition": ""})
    assert missing.status_code == 422
    assert missing.text.count('aria-invalid="true"') == 1
    assert 'id="disposition-e"' in missing.text
    person.post("/console/desk/interactions/1/wrap-up", {**CHOSEN, "after": "not_ready:meal"})
    assert (seat.state, room.centre.one("select reason from agents where id = 'agent1'")) == ("not_ready", "meal")
    assert room.centre.one("select state from wrap_ups") == "submitted"


def test_who_comes_second_is_told_who_has_the_call(either_room: Room) -> None:
    room = either_room
    first, one = room.agent()
    room.centre.dial()
    offer = first.offered()
    assert one.post(f"/console/desk/offers/{offer}/accept").status_code == 200
    second = room.console.person("agent2")
    second.get("/console/desk")
    lost = second.post(f"/console/desk/offers/{offer}/accept")
    assert lost.status_code == 409
    assert "这通来电已由 陈静（agent1）接听" in lost.text


def test_a_value_is_shown_for_a_reason_and_the_audit_log_has_no_value(room: Room) -> None:
    _, person, number = proven(room)
    for field, value in CLEAR.items():
        path = f"/console/desk/interactions/{number}/fields/{field}/reveal"
        assert person.post(path).status_code == 422, "a reason"
        assert person.post(path, {"reason": "check"}).json() == {"value": value}
    assert person.post(f"/console/desk/interactions/{number}/fields/balance-1/reveal", {"reason": "check"}).json() == {
        "value": "52,380.66"
    }
    assert person.post(f"/console/desk/interactions/{number}/fields/pin/reveal", {"reason": "check"}).status_code == 404
    told = room.console.audited("value_revealed")
    assert [(each.actor, '"check"' in each.details) for each in told] == [("staff:agent1", True)] * 4
    assert not [value for value in CLEAR.values() for each in told if value in each.details]


@pytest.mark.parametrize("who", ["agent2", "leader1", "qa1", "tech1", "audit1"])
def test_nobody_else_is_shown_anything(room: Room, who: str) -> None:
    _, _, number = proven(room)
    other = room.console.person(who)
    other.get("/console/")
    path = f"/console/desk/interactions/{number}/fields/mobile/reveal"
    assert other.post(path, {"reason": "check"}).status_code == 404
    assert room.console.audited("value_revealed") == []


def test_identity_alone_an_old_proof_and_a_talk_that_is_over_show_nothing(room: Room) -> None:
    seat, person, number = proven(room)
    path = f"/console/desk/interactions/{number}/fields/mobile/reveal"
    room.centre.clock.forward(minutes=11)
    assert person.post(path, {"reason": "check"}).status_code == 404
    room.centre.hotline.do("update interactions set proven_until = null, level = 'none'")
    assert person.post(path, {"reason": "check"}).status_code == 404
    room.centre.hotline.do("update interactions set level = 'query'")
    assert person.post(path, {"reason": "check"}).status_code == 200
    seat.hangs_up(number)
    assert person.post(path, {"reason": "check"}).status_code == 404


@pytest.mark.parametrize("state", ["connecting", "joining", "talking", "on_hold", "verifying", "reconnecting", "ended"])
@pytest.mark.parametrize("level", ["none", "query", "transaction"])
def test_only_a_live_proven_talk_of_ones_own_reveals(state: str, level: str) -> None:
    now = Clock()()
    talk = Interaction(agent_id="agent1", state=state, level=level, customer_id="wang_fang", proven_until=None)
    is_shown = state in ("talking", "on_hold") and level != "none"
    assert revealing.may_reveal(talk, "agent1", now) is is_shown
    assert not revealing.may_reveal(talk, "agent2", now)
    talk.proven_until = now
    assert not revealing.may_reveal(talk, "agent1", now)
    talk.proven_until, talk.customer_id = None, None
    assert not revealing.may_reveal(talk, "agent1", now)


def test_a_lost_card_is_stopped_once_by_the_rules_of_the_self_service(either_room: Room) -> None:
    room = either_room
    _, person, number = proven(room)
    path = f"/console/desk/interactions/{number}/report-loss"
    assert "已挂失，短信已发给客户" in person.post(path, {"card": "2"}).text
    assert "已挂失，短信已发给客户" in person.post(path, {"card": "2"}).text, "the same key, the same answer"
    assert room.centre.one("select count(*) from cards where lost_until is not null") == 1
    assert room.centre.one("select count(*) from outgoing_texts") == 1
    assert len(room.console.audited("card_loss_reported")) == 1
    assert person.post(path, {"card": "9"}).status_code == 422


def test_a_sheet_that_timed_out_is_a_task_which_signing_out_asks_for(room: Room) -> None:
    seat, person = room.agent()
    room.centre.dial()
    number, _ = seat.talks()
    seat.hangs_up(number)
    room.centre.clock.forward(seconds=61)
    person.post("/console/desk/proof")
    room.centre.until(lambda: seat.state, "ready")
    page = person.get("/console/desk").text
    assert f"/console/desk/interactions/{number}" in page
    assert "小结超时" in page
    asked = person.post("/console/desk/sign-out").text
    assert "还有 1 张小结没有填写" in asked
    assert seat.state == "ready"
    assert "提交小结" in person.get(f"/console/desk/interactions/{number}").text
    person.post(f"/console/desk/interactions/{number}/wrap-up", CHOSEN)
    assert room.centre.one("select state from wrap_ups") == "submitted"
    assert person.get(f"/console/desk/interactions/{number}").status_code == 404
    person.post("/console/desk/sign-out")
    assert seat.state == "signed_out"


def test_whoever_serves_callers_is_not_idle_and_signing_out_ends_the_work(room: Room) -> None:
    seat, person = room.agent()
    for _ in range(3):
        room.centre.clock.forward(minutes=10)
        assert person.post("/console/desk/proof").json()["state"] == "ready"
    person.post("/console/desk/not-ready", {"reason": "meal"})
    for _ in range(2):
        room.centre.clock.forward(minutes=10)
        answer = person.post("/console/desk/proof")
    assert answer.url.endswith("/console/sign-in"), "who rests is signed out for being idle"
    again = room.console.person("agent1")
    seat.ready()
    again.get("/console/desk")
    again.post("/console/sign-out")
    assert seat.state == "signed_out"


def test_calls_ring_on_a_telephone_whose_number_is_kept_sealed(room: Room) -> None:
    seat, person = room.agent()
    refused = person.post("/console/account/telephone", {"device": "telephone", "number": "110"})
    assert refused.status_code == 422
    assert "国内手机或固定电话" in errors(refused)["number"]
    person.post("/console/account/telephone", {"device": "telephone", "number": "13700001111"})
    assert "13700001111" not in str(room.centre.one("select number from agents where id = 'agent1'"))
    assert 'data-voice="telephone"' in person.get("/console/desk").text
    room.centre.office.register("+8613700001111")
    room.centre.dial()
    number = seat.accept()
    room.centre.until(lambda: len(room.centre.office.inbox("+8613700001111")) == 1)
    assert seat.interaction(number).state == "connecting"
