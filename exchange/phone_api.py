"""The JSON API of phones: dial, press keys, speak, hang up, and read events."""

import math
from dataclasses import asdict
from typing import Any, get_args

from flask import Blueprint, Response, jsonify, request

from exchange import phone_refusals as refusals
from exchange.handset import Handset
from exchange.inbound import dial_hotline
from exchange.leg import Leg
from exchange.loopback import is_local
from exchange.numbers import international
from exchange.phone_liveness import PhoneLiveness
from exchange.player import Players
from exchange.settings import CLIENT, E164, WITHHELD, TypeAhead

MAX_WAIT_SECONDS = 10.0
HEARTBEAT_HEADER = "Phone-Attended"  # header of a phone that requests events until the call ends: the browser page
ACTIONS = ("keys", "speech", "silence", "hangup", "answer", "reject")


class PhoneApi:
    """Everything under /phone/api; for this machine only."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._board = players.board
        self._liveness = PhoneLiveness()

    def mount(self, blueprint: Blueprint) -> None:
        rule = blueprint.add_url_rule
        rule("/phone/api/hotline", "phone_hotline", self.hotline)
        rule("/phone/api/calls", "phone_dial", self.dial, methods=["POST"])
        rule("/phone/api/calls/<sid>/events", "phone_events", self.events)
        rule(f"/phone/api/calls/<sid>/<any({','.join(ACTIONS)}):action>", "phone_act", self.act, methods=["POST"])
        rule("/phone/api/phones/<path:number>/inbox", "phone_inbox", self.inbox)
        rule("/phone/api/phones/<path:number>", "phone_register", self.register, methods=["PUT"])
        blueprint.before_request(self.guard)
        blueprint.register_error_handler(refusals.Refusal, self.refuse)

    def guard(self) -> None:
        if request.path.startswith("/phone") and not is_local(request):
            raise refusals.not_local()
        self._board.base_url = request.host_url.rstrip("/")

    def refuse(self, refusal: refusals.Refusal) -> tuple[Response, int]:
        return jsonify(refusal.body()), refusal.status

    def hotline(self) -> Response:
        settings = self._board.settings
        demo = [asdict(number) for number in settings.demo_numbers]
        return jsonify(hotline=settings.hotline_number, pace=settings.pace, demo_numbers=demo)

    def dial(self) -> tuple[Response, int]:
        body = _body()
        caller, called = body.get("from"), body.get("to")
        if not isinstance(caller, str):
            raise refusals.bad_number()
        caller = international(caller)
        if not (_is_number(caller) or caller.upper() in WITHHELD):
            raise refusals.bad_number()
        if called not in (None, self._board.settings.hotline_number):
            raise refusals.no_such_number()
        type_ahead = body.get("type_ahead")
        if type_ahead is not None and type_ahead not in get_args(TypeAhead):
            raise refusals.bad_request("type_ahead")
        leg = dial_hotline(self._players, caller, type_ahead)
        self._record_heartbeat(leg)
        return jsonify(call=leg.sid, state="busy" if leg.status == "busy" else "ringing"), 201

    def act(self, sid: str, action: str) -> tuple[str, int]:
        handset = Handset(self._leg(sid))
        if action == "keys":
            digits = _body().get("digits")
            if not isinstance(digits, str):
                raise refusals.bad_request("digits")
            handset.press(digits)
        elif action == "speech":
            handset.speak(_text(), _confidence())
        elif action == "answer":
            handset.answer(request.get_json(silent=True) or {})
        else:
            {"silence": handset.be_silent, "hangup": handset.hang_up, "reject": handset.reject}[action]()
        return "", 204

    def events(self, sid: str) -> Response:
        leg = self._leg(sid)
        after = _query_number("after")

        def fresh() -> list[dict[str, Any]]:
            return [event for event in leg.journal if event["seq"] > after]

        with leg.channel.changed:
            leg.channel.changed.wait_for(lambda: leg.over or bool(fresh()), timeout=_wait_seconds())
            state = "ringing" if leg.status == "queued" else leg.status
            return jsonify(state=state, events=fresh())

    def register(self, number: str) -> tuple[str, int]:
        label = _body().get("label", "")
        if not isinstance(label, str) or len(label) > 100:
            raise refusals.bad_request("label")
        if not _is_number(number):
            raise refusals.bad_number()
        self._board.phones.register(number, label)
        return "", 204

    def inbox(self, number: str) -> Response:
        events = self._board.phones.inbox(number, _query_number("after"), _wait_seconds())
        if events is None:
            raise refusals.no_such_phone()
        return jsonify(events=events)

    def _leg(self, sid: str) -> Leg:
        leg = self._board.legs.get(sid)
        if leg is None:
            raise refusals.no_such_call()
        self._record_heartbeat(leg)
        return leg

    def _record_heartbeat(self, leg: Leg) -> None:
        if HEARTBEAT_HEADER in request.headers:
            self._liveness.heartbeat(leg)


def _is_number(text: str) -> bool:
    return E164.fullmatch(text) is not None or CLIENT.fullmatch(text) is not None


def _body() -> dict[str, Any]:
    """The JSON object of the request. The media type is required, so that other sites cannot post forms here."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise refusals.bad_request("JSON")
    return body


def _text() -> str:
    text = _body().get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > 1000:
        raise refusals.bad_request("text")
    return text.strip()


def _confidence() -> float | None:
    confidence = _body().get("confidence")
    if confidence is None:
        return None
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        raise refusals.bad_request("confidence")
    return float(confidence)


def _query_number(name: str) -> int:
    text = request.args.get(name, "0")
    if not text.isascii() or not text.isdigit():
        raise refusals.bad_request(name)
    return int(text)


def _wait_seconds() -> float:
    try:
        seconds = float(request.args.get("wait", "0"))
    except ValueError:
        raise refusals.bad_request("wait") from None
    if math.isnan(seconds):
        raise refusals.bad_request("wait")
    return min(max(seconds, 0.0), MAX_WAIT_SECONDS)
