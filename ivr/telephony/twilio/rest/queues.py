"""Queues and their members at Twilio."""

from collections.abc import Sequence

from ivr.telephony.provider import Done, Member
from ivr.telephony.twilio.rest.account import NOT_IN_PROGRESS, TwilioAccount

MOST_QUEUES, MOST_MEMBERS, A_PAGE = 1000, 5000, 1000


class TwilioQueues:
    """/Queues and /Queues/{QueueSid}/Members"""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account

    def find(self, name: str) -> str | None:
        """GET /Queues, which has no filter by name"""
        queues = self._account.client.queues
        found = self._account.must("the queues could not be listed", lambda: queues.list(limit=MOST_QUEUES))
        return next((str(each.sid) for each in found if each.friendly_name == name), None)

    def members(self, queue: str) -> Sequence[Member]:
        """GET /Queues/{QueueSid}/Members"""
        members = self._account.client.queues(queue).members
        found = self._account.ask(
            "the queue members could not be listed", lambda: members.list(limit=MOST_MEMBERS, page_size=A_PAGE)
        )
        return [Member(str(each.call_sid), int(each.position), int(each.wait_time)) for each in found or ()]

    def take(self, queue: str, call: str, url: str) -> Done:
        """POST /Queues/{QueueSid}/Members/{CallSid}"""
        update = self._account.client.queues(queue).members(call).update
        return self._account.change(
            "the caller was not taken out of the queue", lambda: update(url=url, method="POST"), NOT_IN_PROGRESS
        )
