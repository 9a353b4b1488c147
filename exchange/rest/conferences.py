"""The Conferences and Participants resources."""

from typing import Any

from flask import request

from exchange.callbacks import status_callback_plan
from exchange.channel import WebhookTarget
from exchange.clock import now, rfc2822
from exchange.conferences import BEEPS, MAX_PARTICIPANTS, Conference, Participant
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

    def list(self) -> shapes.JsonObject:
        """Newest first; filters FriendlyName, Status and DateCreated."""
        return shapes.search(
            "conferences",
            self._board.conferences.find,
            self._write,
            named={"FriendlyName": lambda each: each.name, "Status": lambda each: each.status},
            dated={"DateCreated": lambda each: each.created_at},
        )

    def fetch(self, sid: str) -> shapes.JsonObject:
        return self._write(self._conference(sid))

    def update(self, sid: str) -> shapes.JsonObject:
        """Status completed ends the conference; AnnounceUrl is played to everybody."""
        conference, form = self._conference(sid), request.form
        announcement = shapes.url(form, "AnnounceUrl")
        with self._board.lock:
            if form.get("Status") == "completed":
                self._board.conferences.end(conference, "conference-ended-via-api", "conference_ended_via_api")
            elif announcement is not None:
                for who in conference.members:
                    _announce(who, WebhookTarget(announcement, shapes.method(form, "AnnounceMethod")))
        return self._write(conference)

    def participants(self, sid: str) -> shapes.JsonObject:
        """Filters Muted, Hold and Coaching."""
        conference = self._conference(sid)
        with self._board.lock:
            found = [
                who
                for who in conference.members
                if shapes.boolean(request.args, "Muted") in (None, who.muted)
                and shapes.boolean(request.args, "Hold") in (None, who.hold)
                and shapes.boolean(request.args, "Coaching") in (None, who.coaches is not None)
            ]
        return shapes.listing("participants", found, lambda who: self._write_participant(conference, who))

    def participant(self, sid: str, key: str) -> shapes.JsonObject:
        conference = self._conference(sid)
        return self._write_participant(conference, _found(conference, key))

    def invite(self, sid: str) -> tuple[shapes.JsonObject, int]:
        """Calls a new participant; `sid` may be the name of a conference, which opens when the call is answered."""
        form, order = request.form, call_order(self._board, request.form)
        conference = self._board.conferences.get(sid) or self._board.conferences.running(sid)
        name = conference.name if conference else sid

        reports = status_callback_plan(
            shapes.url(form, "ConferenceStatusCallback"),
            shapes.method(form, "ConferenceStatusCallbackMethod"),
            " ".join(form.getlist("ConferenceStatusCallbackEvent")).split() or ("start", "end"),
        )
        settings = {"label": form.get("Label") or None} | _participant_settings(
            form.to_dict()
        )  # refused before any phone rings

        def join(player: Player) -> None:
            take_part(player, name, Participant(player.leg, **settings), MAX_PARTICIPANTS, reports)

        who = Participant(place_leg(self._players, order, join), **settings)
        written = conference or Conference(sid, name)
        return self._write_participant(written, who) | {"status": "queued"}, 201

    def change(self, sid: str, key: str) -> shapes.JsonObject:
        """Muted, Hold (with HoldUrl), Coaching (with CallSidToCoach), EndConferenceOnExit, AnnounceUrl."""
        conference, form = self._conference(sid), request.form
        announcement, hold_url = shapes.url(form, "AnnounceUrl"), shapes.url(form, "HoldUrl")
        with self._board.lock:
            who = _found(conference, key)
            if shapes.boolean(form, "Coaching") and conference.participant(form.get("CallSidToCoach", "")) is None:
                raise invalid(13240, "CallSidToCoach is not in the conference.")
            before = (who.muted, who.hold)
            if hold_url is not None:
                who.hold_source = WebhookTarget(hold_url, shapes.method(form, "HoldMethod", "GET"))
            for part, value in _participant_settings(form.to_dict()).items():
                setattr(who, part, value)
            who.updated_at = now()
            self._report(conference, who, before)
            if announcement is not None:
                _announce(who, WebhookTarget(announcement, shapes.method(form, "AnnounceMethod")))
            elif who.hold != before[1]:
                who.leg.channel.notify_room_change()
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

    def _write(self, conference: Conference) -> shapes.JsonObject:
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

    def _write_participant(self, conference: Conference, who: Participant) -> shapes.JsonObject:
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


def _announce(who: Participant, announcement: WebhookTarget) -> None:
    who.announcements.append(announcement)
    who.leg.channel.notify_room_change()


def _participant_settings(fields: dict[str, str]) -> dict[str, Any]:
    """The submitted settings of a participant, by attribute name; missing ones are left out."""
    settings: dict[str, Any] = {}
    for name, part in (("Muted", "muted"), ("Hold", "hold"), ("EndConferenceOnExit", "ends"),
                       ("StartConferenceOnEnter", "starts"), ("BeepOnExit", "beeps_on_exit")):  # fmt: skip
        value = shapes.boolean(fields, name)
        if value is not None:
            settings[part] = value
    coaching = shapes.boolean(fields, "Coaching")
    if coaching is not None:
        settings["coaches"] = fields.get("CallSidToCoach") if coaching else None
        if coaching and not settings["coaches"]:
            raise invalid_parameter("CallSidToCoach")
    beep = fields.get("Beep")
    if beep is not None:
        if beep not in BEEPS:
            raise invalid_parameter("Beep")
        settings["beeps_on_enter"], settings["beeps_on_exit"] = BEEPS[beep]
    return settings
