"""The Calls resource: place, list, redirect and end calls."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import request

from exchange.callbacks import status_callback_plan
from exchange.channel import InlineTwiml, WebhookTarget
from exchange.clock import rfc2822
from exchange.leg import Leg
from exchange.numbers import is_callable
from exchange.outbound import CallOrder, MachineDetection, place_call
from exchange.parameters import API_VERSION
from exchange.player import Players
from exchange.rest import shapes
from exchange.rest.refusals import invalid, not_found
from exchange.rest.routes import Routes
from exchange.ringing import DEFAULT_SECONDS
from exchange.settings import CLIENT
from exchange.switchboard import Switchboard

MAX_RING_SECONDS = 600
MAX_TWIML_CHARACTERS = 4000


class Calls:
    """/Calls"""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._board = players.board

    def mount(self, routes: Routes) -> None:
        routes.add("/Calls.json", self.create, "POST")
        routes.add("/Calls.json", self.list)
        routes.add("/Calls/<sid>.json", self.fetch)
        routes.add("/Calls/<sid>.json", self.update, "POST")

    def create(self) -> tuple[shapes.JsonObject, int]:
        """Returns the call as queued; it rings afterwards."""
        form = request.form
        order = call_order(self._board, form)
        source = _source(form)
        if source is None:
            raise invalid(21205, "Url parameter is required.")
        return write_call(self._board, place_call(self._players, order, source), status="queued"), 201

    def list(self) -> shapes.JsonObject:
        """Newest first; filters To, From, Status, ParentCallSid and StartTime."""
        return shapes.search(
            "calls",
            self._board.find_legs,
            lambda leg: write_call(self._board, leg),
            named={
                "To": lambda leg: leg.called,
                "From": lambda leg: leg.caller,
                "Status": lambda leg: leg.status,
                "ParentCallSid": lambda leg: leg.parent.sid if leg.parent else None,
            },
            dated={"StartTime": lambda leg: leg.answered_at or leg.created_at},
        )

    def fetch(self, sid: str) -> shapes.JsonObject:
        return write_call(self._board, find_leg(self._board, sid))

    def update(self, sid: str) -> shapes.JsonObject:
        """Redirects a call in progress to another document, or ends it."""
        leg, form = find_leg(self._board, sid), request.form
        source, status = _source(form), form.get("Status")
        if source is not None and status:
            raise invalid(21218, "Url, Twiml and Status exclude each other.")
        if status:
            _end(leg, status)
        elif source is not None:
            with self._board.lock:
                if leg.status != "in-progress":
                    raise invalid(21220, "Call is not in-progress. Cannot redirect.")
                leg.channel.redirect(source)
        return write_call(self._board, leg)


def find_leg(board: Switchboard, sid: str) -> Leg:
    leg = board.legs.get(sid)
    if leg is None:
        raise not_found(f"/Calls/{sid}")
    return leg


def call_order(board: Switchboard, form: Mapping[str, str]) -> CallOrder:
    """The call that a POST to Calls or Participants requests; refuses what Twilio refuses."""
    called, caller = form.get("To", ""), form.get("From", "")
    if not called:
        raise invalid(21201, "No 'To' number is specified")
    if not (is_callable(called) or CLIENT.fullmatch(called)):
        raise invalid(21211, f"The phone number you are attempting to call, {called}, is not valid.")
    if not caller:
        raise invalid(21213, "No 'From' number is specified")
    if caller != board.settings.hotline_number and not CLIENT.fullmatch(caller):
        raise invalid(21210, f"The source phone number provided, {caller}, is not yet verified for your account.")
    fallback = shapes.url(form, "FallbackUrl")
    return CallOrder(
        called=called,
        caller=caller,
        callback=status_callback_plan(
            shapes.url(form, "StatusCallback"),
            shapes.method(form, "StatusCallbackMethod"),
            " ".join(request.form.getlist("StatusCallbackEvent")).split(),
        ),
        fallback=WebhookTarget(fallback, shapes.method(form, "FallbackMethod")) if fallback else None,
        ring_seconds=shapes.integer(form, "Timeout", DEFAULT_SECONDS, low=1, high=MAX_RING_SECONDS),
        detection=_detection(form),
    )


def _detection(form: Mapping[str, str]) -> MachineDetection | None:
    mode = form.get("MachineDetection")
    if mode not in ("Enable", "DetectMessageEnd"):
        return None
    url = shapes.url(form, "AsyncAmdStatusCallback")
    report_to = WebhookTarget(url, shapes.method(form, "AsyncAmdStatusCallbackMethod")) if url else None
    return MachineDetection(mode == "DetectMessageEnd", report_to, bool(shapes.boolean(form, "AsyncAmd")))


def _source(form: Mapping[str, str]) -> WebhookTarget | InlineTwiml | None:
    url, twiml = form.get("Url"), form.get("Twiml")
    if url and twiml:
        raise invalid(21218, "Url and Twiml exclude each other.")
    if twiml:
        if len(twiml) > MAX_TWIML_CHARACTERS:
            raise invalid(32018, f"Twiml is longer than {MAX_TWIML_CHARACTERS} characters.")
        return InlineTwiml(twiml)
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid(21205, f"Url is not a valid URL: {url}")
    return WebhookTarget(url, shapes.method(form, "Method"))


def _end(leg: Leg, status: str) -> None:
    if status not in ("completed", "canceled"):
        raise invalid(21218, f"Status {status} cannot be set.")
    with leg.channel.changed:
        if leg.over:
            raise invalid(21220, "Call is not in-progress.")
        if leg.answered_at is None:
            leg.hang_up("hotline", "canceled", status="canceled", sip_code="487")
        elif status == "completed":  # canceled does not end a call in progress
            leg.hang_up("hotline", "ended by REST")


def write_call(board: Switchboard, leg: Leg, status: str | None = None) -> shapes.JsonObject:
    account = board.settings.account_sid
    uri = f"/{API_VERSION}/Accounts/{account}/Calls/{leg.sid}"
    return {
        "sid": leg.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "from": leg.caller,
        "from_formatted": leg.caller,
        "to": leg.called,
        "to_formatted": leg.called,
        "status": status or leg.status,
        "direction": leg.direction,
        "answered_by": leg.answered_by,
        "duration": str(leg.seconds) if leg.over else None,
        "date_created": rfc2822(leg.created_at),
        "date_updated": rfc2822(leg.updated_at),
        "start_time": rfc2822(leg.answered_at),
        "end_time": rfc2822(leg.ended_at),
        "caller_name": None,
        "forwarded_from": None,
        "group_sid": None,
        "phone_number_sid": None,
        "trunk_sid": None,
        "queue_time": "0",
        "price": None,
        "price_unit": "USD",
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }
