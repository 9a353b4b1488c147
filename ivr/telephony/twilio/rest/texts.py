"""Texts at Twilio."""

from datetime import datetime

from ivr.telephony.provider import TextStatus
from ivr.telephony.twilio.rest.account import TwilioAccount
from ivr.telephony.twilio.words import TEXTS

MOST = 200  # texts to one number that are searched


class TwilioTexts:
    """/Messages"""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account

    def send(self, to: str, body: str) -> str:
        """POST /Messages"""
        create = self._account.client.messages.create
        sent = self._account.must(
            "the text was not accepted", lambda: create(to=to, from_=self._account.hotline, body=body)
        )
        return str(sent.sid)

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """GET /Messages"""
        find = self._account.client.messages.list
        found = self._account.must(
            "the texts could not be listed",
            lambda: find(to=to, from_=self._account.hotline, date_sent_after=since, limit=MOST),
        )
        return next((str(each.sid) for each in found if each.body == body), None)

    def status(self, text: str) -> TextStatus | None:
        """GET /Messages/{MessageSid}"""
        found = self._account.ask("the text could not be fetched", self._account.client.messages(text).fetch)
        return None if found is None else TEXTS.get(str(found.status), "failed")
