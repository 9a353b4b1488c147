"""Callers in a conference, and out of it again."""

from tests.exchange.web_application import PATIENCE_SECONDS, Call, Office


def enters(office: Office, number: str, attributes: str = "", after: str = "") -> Call:
    """A caller in the conference `room`."""
    office.app["/voice"] = f"<Dial><Conference {attributes}>room</Conference></Dial>{after}"
    call = office.call(number)
    call.hear("connected")
    return call


def wait_until_gone(office: Office, sid: str, call: Call) -> None:
    """The leg's own thread takes it out of the conference a moment after it hung up."""
    leg = office.exchange._board.legs[call.sid]
    assert leg.finished.wait(PATIENCE_SECONDS)
    assert call.sid not in [each.call_sid for each in office.client().conferences(sid).participants.list()]
