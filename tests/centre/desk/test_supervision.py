"""A leader in a talk: unheard by the server, whispering, barging; real voice of the exchange, both databases (B23)."""

import pytest

from ivr.centre.desk import supervision
from ivr.centre.desk.models import Leg
from ivr.foundation.errors import Refused
from ivr.platform.actor import Actor
from tests.exchange.web_application import PhoneCall
from tests.support.centre import Centre, Seat

LEADER = Actor("staff", "leader1", frozenset({"leader"}))


def take_part(centre: Centre, mode: str, actor: Actor = LEADER, agent: str = "agent1") -> None:
    with centre.work() as db:
        supervision.take_part(db, centre.means.paths, actor, agent, mode, centre.clock())


def mode(centre: Centre) -> str:
    return str(centre.one("select mode from interaction_legs where role = 'leader' order by id desc limit 1"))


def joins(centre: Centre, how: str) -> PhoneCall:
    """The leader's line, in the conference."""
    leader = Seat(centre, "leader1")
    centre.office.register(leader.line)
    take_part(centre, how)
    line = leader.picks_up()
    centre.until(lambda: centre.one("select state from interaction_legs where role = 'leader'"), "in")
    return line


def heard(call: PhoneCall, words: str) -> bool:
    return any(words in said for said in call.said())


def test_b23_a_silent_listener_is_silent_by_the_server_until_they_whisper_or_barge(centre: Centre) -> None:
    agent = centre.agent()
    caller = centre.dial()
    number, line = agent.talks()
    leader = joins(centre, "listen")
    leader.say("谁也听不见")
    line.say("您好")
    centre.until(lambda: heard(leader, "您好") and heard(caller, "您好"))
    take_part(centre, "whisper")
    centre.until(lambda: mode(centre), "whisper")
    leader.say("先道歉")
    centre.until(lambda: heard(line, "先道歉"))
    take_part(centre, "barge")
    centre.until(lambda: mode(centre), "barge")
    leader.say("我是班长")
    centre.until(lambda: heard(caller, "我是班长") and heard(line, "我是班长"))
    take_part(centre, "listen")
    centre.until(lambda: mode(centre), "listen")
    leader.say("又听不见了")
    line.say("再见")
    centre.until(lambda: heard(caller, "再见"))
    assert not any(heard(each, "听不见") for each in (line, caller)), "nothing left the listener"
    assert not heard(caller, "先道歉"), "a whisper is for the agent"
    told = centre.hotline.ask("select deed from audit_entries where deed like 'talk_%' order by seq")
    assert [row[0] for row in told] == ["talk_listen", "talk_whisper", "talk_barge", "talk_listen"]
    agent.hangs_up(number)
    centre.until(lambda: bool(leader.events("ended")))


def test_a_whisper_can_be_the_first_word_and_the_talk_goes_on_without_the_leader(quick_centre: Centre) -> None:
    centre = quick_centre
    agent = centre.agent()
    caller = centre.dial()
    number, line = agent.talks()
    leader = joins(centre, "whisper")
    leader.say("先道歉")
    centre.until(lambda: heard(line, "先道歉"))
    with centre.work() as db:
        supervision.leave(db, LEADER, "agent1", centre.clock())
    centre.until(lambda: centre.one("select state from interaction_legs where role = 'leader'"), "left")
    assert agent.interaction(number).state == "talking"
    line.say("还在")
    centre.until(lambda: heard(caller, "还在"))
    assert not heard(caller, "先道歉")


def test_nobody_takes_part_in_their_own_talk_or_in_none(quick_centre: Centre) -> None:
    centre = quick_centre
    agent = centre.agent()
    with pytest.raises(Refused, match="agent_not_talking"):
        take_part(centre, "listen")
    centre.dial()
    agent.talks()
    with pytest.raises(Refused, match="own_talk"):
        take_part(centre, "listen", Actor("staff", "agent1", frozenset({"agent", "leader"})))
    take_part(centre, "listen")
    with pytest.raises(Refused, match="not_there_yet"):
        take_part(centre, "barge")
    with centre.work() as db:
        assert db.query(Leg).filter(Leg.role == "leader").count() == 1, "one line, however often it is asked for"
