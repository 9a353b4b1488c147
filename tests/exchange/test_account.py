"""The account resource, with Twilio's own client."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.exchange.web_application import SID, TOKEN, RunningExchange


def test_the_account_is_fetched_as_twilio_answers_it(running: RunningExchange) -> None:
    account = running.client().api.accounts(SID).fetch()
    assert (account.sid, account.owner_account_sid, account.auth_token) == (SID, SID, TOKEN)
    assert (account.status, account.type) == (account.Status.ACTIVE, account.Type.FULL)
    assert account.uri == f"/2010-04-01/Accounts/{SID}.json"
    assert account.friendly_name
    assert account.date_created is not None
    assert account.date_created == account.date_updated


def test_its_subresources_are_those_this_exchange_serves(running: RunningExchange) -> None:
    client = running.client()
    subresources = client.api.accounts(SID).fetch().subresource_uris or {}
    assert sorted(subresources) == ["calls", "conferences", "messages", "queues", "recordings"]
    for address in subresources.values():
        answer = client.request("GET", f"https://api.twilio.com{address}")
        assert answer.status_code == 200, address


@pytest.mark.parametrize(("sid", "token", "status"), [("AC" + "f" * 32, TOKEN, 404), (SID, "wrong", 401)])
def test_it_is_shown_to_nobody_else(running: RunningExchange, sid: str, token: str, status: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        running.client(token).api.accounts(sid).fetch()
    assert refused.value.status == status


def test_it_cannot_be_changed(running: RunningExchange) -> None:
    with pytest.raises(TwilioRestException) as refused:
        running.client().api.accounts(SID).update(status="closed")
    assert refused.value.code == 20404
