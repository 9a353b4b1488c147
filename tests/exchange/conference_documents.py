"""TwiML documents for callers in a conference."""

from tests.exchange.web_application import PATIENCE_SECONDS, PhoneCall, RunningExchange


def enters(running: RunningExchange, number: str, attributes: str = "", after: str = "") -> PhoneCall:
    """A caller in the conference `room`."""
    running.app["/voice"] = f"<Dial><Conference {attributes}>room</Conference></Dial>{after}"
    call = running.call(number)
    call.hear("connected")
    return call


def wait_until_gone(running: RunningExchange, sid: str, call: PhoneCall) -> None:
    """The leg's own thread takes it out of the conference a moment after it hung up."""
    leg = running.exchange._board.legs[call.sid]
    assert leg.finished.wait(PATIENCE_SECONDS)
    assert call.sid not in [each.call_sid for each in running.client().conferences(sid).participants.list()]
