"""The beep that announces joining and leaving a conference."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.exchange.conference_documents import enters, wait_until_gone
from tests.exchange.web_application import AGENT, CALLER, HOTLINE, OTHER, RunningExchange


@pytest.mark.parametrize(
    ("attribute", "coming", "going"),
    [("", 1, 1), ('beep="true"', 1, 1), ('beep="false"', 0, 0), ('beep="onEnter"', 1, 0), ('beep="onExit"', 0, 1)],
)
def test_a_beep_tells_the_others_of_coming_and_going(
    running: RunningExchange, attribute: str, coming: int, going: int
) -> None:
    first = enters(running, CALLER)
    second = enters(running, AGENT, 'beep="false"')
    third = enters(running, OTHER, attribute)
    assert len(first.events("beep")) == coming
    third.hang_up().over()
    [conference] = running.client().conferences.list()
    wait_until_gone(running, conference.sid or "", third)
    assert [len(call.events("beep")) for call in (first, second, third)] == [coming + going, coming + going, 0]
    second.hang_up()
    first.hang_up()


def test_a_beep_that_twilio_does_not_know_is_a_warning_and_beeps(running: RunningExchange) -> None:
    first, second = enters(running, CALLER), enters(running, OTHER, 'beep="loud"')
    assert (second.warned(), len(first.events("beep"))) == ([13235], 1)
    first.hang_up()
    second.hang_up()


def test_who_is_on_hold_hears_no_beep_nor_does_a_conference_that_has_not_started(running: RunningExchange) -> None:
    first = enters(running, CALLER, 'startConferenceOnEnter="false"')
    second = enters(running, AGENT, 'startConferenceOnEnter="false"')
    assert first.events("beep") == []
    third = enters(running, OTHER)
    assert len(first.events("beep")) == 1
    [conference] = running.client().conferences.list()
    running.client().conferences(conference.sid or "").participants(first.sid).update(hold=True)
    third.hang_up()
    wait_until_gone(running, conference.sid or "", third)
    assert [len(call.events("beep")) for call in (first, second)] == [1, 2]
    second.hang_up()
    first.hang_up()


def test_rest_says_whether_an_invited_participant_beeps(running: RunningExchange) -> None:
    first = enters(running, CALLER)
    running.register(OTHER)
    [conference] = running.client().conferences.list()
    room = running.client().conferences(conference.sid or "")
    with pytest.raises(TwilioRestException) as refused:
        room.participants.create(from_=HOTLINE, to=OTHER, beep="loud")
    assert (refused.value.code, running.inbox(OTHER)) == (20001, [])
    room.participants.create(from_=HOTLINE, to=OTHER, beep="false")
    expert = running.ringing_call(OTHER).answer()
    expert.hear("connected")
    assert first.events("beep") == []
    room.participants(expert.sid).update(beep_on_exit=True)
    third = enters(running, AGENT, 'beep="false"')
    expert.hang_up()
    wait_until_gone(running, conference.sid or "", expert)
    assert [len(call.events("beep")) for call in (first, third)] == [1, 1]
    third.hang_up()
    first.hang_up()
