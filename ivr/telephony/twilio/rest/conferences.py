"""Conferences and their participants at Twilio."""

from collections.abc import Callable, Sequence
from typing import Any

from ivr.telephony.documents import ParticipantOptions
from ivr.telephony.provider import Done, Participant, Ring
from ivr.telephony.twilio.rest.account import TwilioAccount
from ivr.telephony.twilio.rest.calls import address, ringing
from ivr.telephony.twilio.words import CONFERENCES_RUNNING

NEWS = ["start", "end", "join", "leave", "mute", "hold", "modify", "announcement"]
NOT_THERE = 13240  # the coached call is not in the conference


class TwilioConferences:
    """/Conferences and /Conferences/{ConferenceSid}/Participants"""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account

    def find(self, name: str) -> str | None:
        """GET /Conferences"""
        find = self._account.client.conferences.list
        found = self._account.must("the conference could not be looked for", lambda: find(friendly_name=name, limit=20))
        return next((str(each.sid) for each in found if str(each.status) in CONFERENCES_RUNNING), None)

    def participants(self, conference: str) -> Sequence[Participant]:
        """GET /Conferences/{ConferenceSid}/Participants"""
        participants = self._account.client.conferences(conference).participants
        found = self._account.ask("the participants could not be listed", lambda: participants.list(limit=250))
        return [
            Participant(
                str(each.call_sid), each.label or "", bool(each.muted), bool(each.hold),
                str(each.call_sid_to_coach) if each.coaching and each.call_sid_to_coach else None,
            )
            for each in found or ()
        ]  # fmt: skip

    def invite(self, name: str, ring: Ring, options: ParticipantOptions, notify_url: str = "") -> str:
        """POST /Conferences/{name}/Participants"""
        create = self._account.client.conferences(name).participants.create
        told: dict[str, Any] = {
            "start_conference_on_enter": options.starts, "end_conference_on_exit": options.ends, "muted": options.muted,
            "beep": "true" if options.beeps else "false", "wait_url": "",
        }  # fmt: skip
        if options.label:
            told["label"] = options.label
        if options.coaches is not None:
            told |= {"coaching": True, "call_sid_to_coach": options.coaches}
        if notify_url:
            told |= {"conference_status_callback": notify_url, "conference_status_callback_event": NEWS}
        invited = self._account.must(
            "nobody was called into the conference",
            lambda: create(from_=self._account.hotline, to=address(ring.to), **ringing(ring), **told),
        )
        return str(invited.call_sid)

    def hold(self, conference: str, call: str, url: str) -> Done:
        """Hold, with a document that is requested by POST"""
        return self._update(conference, call, "was not held", hold=True, hold_url=url, hold_method="POST")

    def retrieve(self, conference: str, call: str) -> Done:
        """Hold=false"""
        return self._update(conference, call, "was not retrieved", hold=False)

    def mute(self, conference: str, call: str, *, muted: bool) -> Done:
        """Muted"""
        return self._update(conference, call, "was not muted or unmuted", muted=muted)

    def coach(self, conference: str, call: str, whom: str) -> Done:
        """Coaching, with CallSidToCoach"""
        return self._update(conference, call, "does not coach", coaching=True, call_sid_to_coach=whom, muted=False)

    def barge(self, conference: str, call: str) -> Done:
        """Muted=false, Coaching=false"""
        return self._update(conference, call, "is not heard", coaching=False, muted=False)

    def remove(self, conference: str, call: str) -> Done:
        """DELETE /Conferences/{ConferenceSid}/Participants/{CallSid}"""
        delete = self._account.client.conferences(conference).participants(call).delete
        return self._account.change("the participant was not removed", delete)

    def announce(self, conference: str, url: str, call: str = "") -> Done:
        """AnnounceUrl, of the conference or of one participant"""
        if call:
            return self._update(conference, call, "hears nothing", announce_url=url, announce_method="POST")
        return self._change(conference, lambda each: each.update(announce_url=url, announce_method="POST"))

    def end(self, conference: str) -> Done:
        """POST /Conferences/{ConferenceSid}: completed"""
        return self._change(conference, lambda each: each.update(status="completed"))

    def _change(self, conference: str, act: Callable[[Any], object]) -> Done:
        """Twilio accepts a change of an ended conference without effect, so its status is fetched first."""
        each = self._account.client.conferences(conference)
        found = self._account.ask("the conference could not be fetched", each.fetch)
        if found is None or str(found.status) not in CONFERENCES_RUNNING:
            return "gone"
        return self._account.change("the conference was not changed", lambda: act(each))

    def _update(self, conference: str, call: str, failed: str, **values: Any) -> Done:
        update = self._account.client.conferences(conference).participants(call).update
        return self._account.change(f"the participant {failed}", lambda: update(**values), NOT_THERE)
