"""Conferences and their participants, seen and moved by REST (twilio.md, section 8)."""

from typing import Any

from flask import request

from exchange.callbacks import plan
from exchange.conferences import BEEPS, MOST_PARTICIPANTS, Conference, Participant
from exchange.line import Target
from exchange.moments import now, rfc2822
from exchange.outbound import place_leg
from exchange.parameters import API_VERSION
from exchange.player import Player, Players
from exchange.rest import shapes
from exchange.rest.calls import call_order
from exchange.rest.refusals import invalid, invalid_parameter, not_found
from exchange.rest.routes import Routes
from exchange.verbs.conferring import take_part


class Conferencing:
    """/Conferences and /Conferences/{ConferenceSid}/Participants"""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._board = players.board

    def mount(self, routes: Routes) -> None:
        routes.add("/Conferences.json", self.list)
        routes.add("/Conferences/<sid>.json", self.fetch)
        routes.add("/Conferences/<sid>.json", self.update, "POST")
        routes.add("/Conferences/<sid>/Participants.json", self.participants)
        routes.add("/Conferences/<sid>/Participants.json", self.invite, "POST")
        routes.add("/Conferences/<sid>/Participants/<key>.json", self.participant)
        routes.add("/Conferences/<sid>/Participants/<key>.json", self.change, "POST")
        routes.add("/Conferences/<sid>/Participants/<key>.json", self.remove, "DELETE")

    def list(self) -> shapes.Record:
        """Newest first; by FriendlyName, Status and DateCreated."""
        return shapes.search(
            "conferences",
            self._board.conferences.find,
            self._write,
            named={"FriendlyName": lambda each: each.name, "Status": lambda each: each.status},
            dated={"DateCreated": lambda each: each.created_at},
        )

    def fetch(self, sid: str) -> shapes.Record:
        return self._write(self._conference(sid))

    def update(self, sid: str) -> shapes.Record:
        """Status completed ends it; AnnounceUrl is heard by everybody."""
        conference, form = self._conference(sid), request.form
        announcement = shapes.url(form, "AnnounceUrl")
        with self._board.lock:
            if form.get("Status") == "completed":
                self._board.conferences.end(conference, "conference-ended-via-api", "conference_ended_via_api")
            elif announcement is not None:
                for who in conference.members:
                    _announce(who, Target(announcement, shapes.method(form, "AnnounceMethod")))
        return self._write(conference)

    def participants(self, sid: str) -> shapes.Record:
        """By Muted, Hold and Coaching."""
        conference = self._conference(sid)
        with self._board.lock:
            found = [
                who
                for who in conference.members
                if shapes.truth(request.args, "Muted") in (None, who.muted)
                and shapes.truth(request.args, "Hold") in (None, who.hold)
                and shapes.truth(request.args, "Coaching") in (None, who.coaches is not None)
            ]
        return shapes.listing("participants", found, lambda who: self._write_participant(conference, who))

    def participant(self, sid: str, key: str) -> shapes.Record:
        conference = self._conference(sid)
        return self._write_participant(conference, _found(conference, key))

    def invite(self, sid: str) -> tuple[shapes.Record, int]:
        """Calls somebody in; `sid` may be the name of a conference, which is opened when the call is answered."""
        form, order = request.form, call_order(self._board, request.form)
        conference = self._board.conferences.get(sid) or self._board.conferences.running(sid)
        name = conference.name if conference else sid

        reports = plan(
            shapes.url(form, "ConferenceStatusCallback"),
            shapes.method(form, "ConferenceStatusCallbackMethod"),
            " ".join(form.getlist("ConferenceStatusCallbackEvent")).split() or ("start", "end"),
        )
        wishes = {"label": form.get("Label") or None} | _wishes(form.to_dict())  # refused before any phone rings

        def join(player: Player) -> None:
            take_part(player, name, Participant(player.leg, **wishes), MOST_PARTICIPANTS, reports)

        who = Participant(place_leg(self._players, order, join), **wishes)
        written = conference or Conference(sid, name)
        return self._write_participant(written, who) | {"status": "queued"}, 201

    def change(self, sid: str, key: str) -> shapes.Record:
        """Muted, Hold (with HoldUrl), Coaching (with CallSidToCoach), EndConferenceOnExit, AnnounceUrl."""
        conference, form = self._conference(sid), request.form
        announcement, hold_url = shapes.url(form, "AnnounceUrl"), shapes.url(form, "HoldUrl")
        with self._board.lock:
            who = _found(conference, key)
            if shapes.truth(form, "Coaching") and conference.participant(form.get("CallSidToCoach", "")) is None:
                raise invalid(13240, "CallSidToCoach is not in the conference.")
            before = (who.muted, who.hold)
            if hold_url is not None:
                who.hold_source = Target(hold_url, shapes.method(form, "HoldMethod", "GET"))
            for part, value in _wishes(form.to_dict()).items():
                setattr(who, part, value)
            who.updated_at = now()
            self._report(conference, who, before)
            if announcement is not None:
                _announce(who, Target(announcement, shapes.method(form, "AnnounceMethod")))
            elif who.hold != before[1]:
                who.leg.line.stir()
            return self._write_participant(conference, who)

    def remove(self, sid: str, key: str) -> tuple[str, int]:
        with self._board.lock:
            self._board.conferences.remove(_found(self._conference(sid), key), "participant_updated_via_api")
        return "", 204

    def _report(self, conference: Conference, who: Participant, before: tuple[bool, bool]) -> None:
        report = self._board.conferences.report
        muted, hold = before
        if who.muted != muted:
            report(conference, "mute", "participant-mute" if who.muted else "participant-unmute", who)
        if who.hold != hold:
            report(conference, "hold", "participant-hold" if who.hold else "participant-unhold", who)
        if before == (who.muted, who.hold):
            report(conference, "modify", "participant-modify", who)

    def _conference(self, sid: str) -> Conference:
        conference = self._board.conferences.get(sid)
        if conference is None:
            raise not_found(f"/Conferences/{sid}")
        return conference

    def _write(self, conference: Conference) -> shapes.Record:
        account = self._board.settings.account_sid
        uri = f"/{API_VERSION}/Accounts/{account}/Conferences/{conference.sid}"
        return {
            "sid": conference.sid,
            "account_sid": account,
            "api_version": API_VERSION,
            "friendly_name": conference.name,
            "status": conference.status,
            "region": "us1",
            "reason_conference_ended": conference.ended_because,
            "call_sid_ending_conference": conference.ended_by.leg.sid if conference.ended_by else None,
            "date_created": rfc2822(conference.created_at),
            "date_updated": rfc2822(conference.updated_at),
            "uri": f"{uri}.json",
            "subresource_uris": {"participants": f"{uri}/Participants.json"},
        }

    def _write_participant(self, conference: Conference, who: Participant) -> shapes.Record:
        account = self._board.settings.account_sid
        uri = f"/{API_VERSION}/Accounts/{account}/Conferences/{conference.sid}/Participants/{who.leg.sid}"
        return {
            "call_sid": who.leg.sid,
            "conference_sid": conference.sid,
            "account_sid": account,
            "label": who.label,
            "muted": who.muted,
            "hold": who.hold,
            "coaching": who.coaches is not None,
            "call_sid_to_coach": who.coaches,
            "start_conference_on_enter": who.starts,
            "end_conference_on_exit": who.ends,
            "status": "connected" if who in conference.members else "complete",
            "queue_time": "0",
            "date_created": rfc2822(who.joined_at),
            "date_updated": rfc2822(who.updated_at),
            "uri": f"{uri}.json",
        }


def _found(conference: Conference, key: str) -> Participant:
    who = conference.participant(key)
    if who is None:
        raise not_found(f"/Conferences/{conference.sid}/Participants/{key}")
    return who


def _announce(who: Participant, announcement: Target) -> None:
    who.announcements.append(announcement)
    who.leg.line.stir()


def _wishes(fields: dict[str, str]) -> dict[str, Any]:
    """What was sent about a participant, by the names of its parts; what was not sent is left out."""
    wishes: dict[str, Any] = {}
    for name, part in (("Muted", "muted"), ("Hold", "hold"), ("EndConferenceOnExit", "ends"),
                       ("StartConferenceOnEnter", "starts"), ("BeepOnExit", "beeps_on_exit")):  # fmt: skip
        value = shapes.truth(fields, name)
        if value is not None:
            wishes[part] = value
    coaching = shapes.truth(fields, "Coaching")
    if coaching is not None:
        wishes["coaches"] = fields.get("CallSidToCoach") if coaching else None
        if coaching and not wishes["coaches"]:
            raise invalid_parameter("CallSidToCoach")
    beep = fields.get("Beep")
    if beep is not None:
        if beep not in BEEPS:
            raise invalid_parameter("Beep")
        wishes["beeps_on_enter"], wishes["beeps_on_exit"] = BEEPS[beep]
    return wishes
