"""What live pages listen to: one stream for all tabs of a browser, and the same as an answer at once."""

import socket
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from ivr.centre.staff import sessions
from ivr.centre.staff.permissions import Permission
from ivr.console import cookies
from ivr.console.access import needs, watching
from ivr.console.office import Office, actor, office, reading
from ivr.console.streams import REST_SECONDS, Stream, Watch
from ivr.console.topics import heard_by
from ivr.db import look
from ivr.platform import live

pages = Blueprint("live", __name__, url_prefix="/live")
MOST_TOPICS = 20


@pages.get("")
@needs(Permission.HOME)
@watching
def stream() -> Response:
    """Server-sent events: change {topic, version, now}, beat {seconds, now}, signed-out {now}."""
    asked, streams = _asked(), office().streams
    if not streams.take():
        return Response("poll instead\n", 503, {"Retry-After": str(REST_SECONDS)}, content_type="text/plain")
    signed_in = _signed_in(office(), request.cookies.get(cookies.TOKEN, ""))
    one = Stream(streams, Watch(asked), office().clock, signed_in, _is_over(request.environ))
    response = Response(one.events(), content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"  # nginx hands on each event as it comes
    response.call_on_close(streams.give_back)
    return response


@pages.get("/poll")
@needs(Permission.HOME)
@watching
def poll() -> Mapping[str, Any]:
    """The changes since the versions that the page knows, at once: for a page that was refused a stream."""
    asked = _asked()
    with reading() as db:
        known = live.versions(db)
    found = {topic: known.get(topic, 0) for topic in asked}
    changes = [{"topic": topic, "version": it} for topic, it in found.items() if it != asked[topic]]
    return {"changes": changes, "now": office().clock().isoformat()}


def _asked() -> dict[str, int]:
    """The topics of this request with the versions that its page knows; one that is not theirs is not there."""
    topics = [topic for topic in request.args.get("topics", "").split(",") if topic]
    if not heard_by(actor()).issuperset(topics):
        abort(404)
    known = [text for text in request.args.get("since", "").split(",") if text] or ["0"] * len(topics)
    if len(topics) != len(known) or len(topics) > MOST_TOPICS or not all(_is_version(text) for text in known):
        abort(400)
    return dict(zip(topics, map(int, known), strict=True))


def _is_version(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19  # what a database holds


def _signed_in(place: Office, token: str) -> Callable[[], bool | None]:
    """Whether the session of a stream is still open; asking is no activity of it."""

    def ask() -> bool | None:
        try:
            with look(place.database) as db:
                found = sessions.find(db, token, place.clock())
        except SQLAlchemyError:
            return None
        return found is not None and found.stage == "open"

    return ask


def _is_over(environ: Mapping[str, Any]) -> Callable[[], bool]:
    """Whether the server stops or the browser has gone: waitress says so, gunicorn lends the socket to look at."""
    is_stopping = current_app.extensions.get("is_stopping", lambda: False)
    is_gone = environ.get("waitress.client_disconnected") or (lambda: _is_cut(environ.get("gunicorn.socket")))
    return lambda: bool(is_stopping() or is_gone())


def _is_cut(line: socket.socket | None) -> bool:
    if line is None:
        return False
    try:
        return line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
