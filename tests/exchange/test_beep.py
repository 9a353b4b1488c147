"""The beep that tells a conference of coming and going."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.exchange.conference_documents import enters, wait_until_gone
from tests.exchange.web_application import AGENT, CALLER, HOTLINE, OTHER, Office


@pytest.mark.parametrize(
    ("attribute", "coming", "going"),
    [("", 1, 1), ('beep="true"', 1, 1), ('beep="false"', 0, 0), ('beep="onEnter"', 1, 0), ('beep="onExit"', 0, 1)],
)
def test_a_beep_tells_the_others_of_coming_and_going(office: Office, attribute: str, coming: int, going: int) -> None:
    first = enters(office, CALLER)
    second = enters(office, AGENT, 'beep="false"')
    third = enters(office, OTHER, attribute)
    assert len(first.events("beep")) == coming
    third.hang_up().over()
    [conference] = office.client().conferences.list()
    wait_until_gone(office, conference.sid or "", third)
    assert [len(call.events("beep")) for call in (first, second, third)] == [coming + going, coming + going, 0]
    second.hang_up()
    first.hang_up()


def test_a_beep_that_twilio_does_not_know_is_a_warning_and_beeps(office: Office) -> None:
    first, second = enters(office, CALLER), enters(office, OTHER, 'beep="loud"')
    assert (second.warned(), len(first.events("beep"))) == ([13235], 1)
    first.hang_up()
    second.hang_up()


def test_who_is_on_hold_hears_no_beep_nor_does_a_conference_that_has_not_started(office: Office) -> None:
    first = enters(office, CALLER, 'startConferenceOnEnter="false"')
    second = enters(office, AGENT, 'startConferenceOnEnter="false"')
    assert first.events("beep") == []
    third = enters(office, OTHER)
    assert len(first.events("beep")) == 1
    [conference] = office.client().conferences.list()
    office.client().conferences(conference.sid or "").participants(first.sid).update(hold=True)
    third.hang_up()
    wait_until_gone(office, conference.sid or "", third)
    assert [len(call.events("beep")) for call in (first, second)] == [1, 2]
    second.hang_up()
    first.hang_up()


def test_rest_says_whether_an_invited_participant_beeps(office: Office) -> None:
    first = enters(office, CALLER)
    office.register(OTHER)
    [conference] = office.client().conferences.list()
    room = office.client().conferences(conference.sid or "")
    with pytest.raises(TwilioRestException) as refused:
        room.participants.create(from_=HOTLINE, to=OTHER, beep="loud")
    assert (refused.value.code, office.inbox(OTHER)) == (20001, [])
    room.participants.create(from_=HOTLINE, to=OTHER, beep="false")
    expert = office.rung(OTHER).answer()
    expert.hear("connected")
    assert first.events("beep") == []
    room.participants(expert.sid).update(beep_on_exit=True)
    third = enters(office, AGENT, 'beep="false"')
    expert.hang_up()
    wait_until_gone(office, conference.sid or "", expert)
    assert [len(call.events("beep")) for call in (first, third)] == [1, 1]
    third.hang_up()
    first.hang_up()
