"""Calls at Twilio."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ivr.telephony.notifications import OVER, CallStatus
from ivr.telephony.provider import Done, Ring, Softphone, Whereabouts
from ivr.telephony.twilio.rest.account import NOT_IN_PROGRESS, TwilioAccount
from ivr.telephony.twilio.words import CALLS

PROGRESS = ["ringing", "answered", "completed"]
MOST = 200  # calls to one number that are searched


def address(to: str | Softphone) -> str:
    """Whom Twilio rings: a number, or a client."""
    return f"client:{to.name}" if isinstance(to, Softphone) else to


def ringing(ring: Ring) -> dict[str, Any]:
    """The parameters that a new call and a new conference participant share."""
    told: dict[str, Any] = {"timeout": ring.seconds}
    if ring.notify_url:
        told |= {"status_callback": ring.notify_url, "status_callback_event": PROGRESS}
    return told


class TwilioCalls:
    """/Calls"""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account

    def place(self, ring: Ring, url: str) -> str:
        """POST /Calls"""
        create = self._account.client.calls.create
        placed = self._account.must(
            "the call was not placed",
            lambda: create(to=address(ring.to), from_=self._account.hotline, url=url, **ringing(ring)),
        )
        return str(placed.sid)

    def placed(self, to: str | Softphone, since: datetime) -> Sequence[str]:
        """GET /Calls"""
        find = self._account.client.calls.list
        found = self._account.must(
            "the calls could not be listed",
            lambda: find(to=address(to), from_=self._account.hotline, start_time_after=since, limit=MOST),
        )
        return [str(each.sid) for each in found]

    def status(self, call: str) -> CallStatus | None:
        """GET /Calls/{CallSid}"""
        found = self._account.ask("the call could not be fetched", self._account.client.calls(call).fetch)
        return None if found is None else CALLS.get(str(found.status), "failed")

    def redirect(self, call: str, url: str) -> Done:
        """POST /Calls/{CallSid} with another document"""
        update = self._account.client.calls(call).update
        return self._account.change("the call was not moved", lambda: update(url=url, method="POST"), NOT_IN_PROGRESS)

    def hang_up(self, call: str) -> Done:
        """POST /Calls/{CallSid}: completed ends a call that rings, too"""
        update = self._account.client.calls(call).update
        return self._account.change("the call was not ended", lambda: update(status="completed"), NOT_IN_PROGRESS)

    def whereabouts(self, call: str, queue: str) -> Whereabouts:
        """Queries the queue first: a call that leaves it in between is found elsewhere or over."""
        fetch = self._account.client.queues(queue).members(call).fetch
        if self._account.ask("the queue member could not be fetched", fetch) is not None:
            return "waiting"
        return "over" if self.is_over(call) else "elsewhere"

    def is_over(self, call: str) -> bool:
        """A call that Twilio does not know counts as over."""
        status = self.status(call)
        return status is None or status in OVER
