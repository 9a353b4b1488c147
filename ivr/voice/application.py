"""The Flask application: blueprints, limits, headers, recorded prompts."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, abort, send_from_directory
from werkzeug.exceptions import HTTPException

from ivr.telephony.webhooks import MAX_BODY
from ivr.voice.paths import below

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_HEADERS = (
    ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)
_NAMES = frozenset(name.lower() for name, _ in _HEADERS)


def application(*blueprints: Blueprint, base: str = "") -> Flask:
    """A Flask application of these blueprints, with security headers; `base` is the path of the public URL."""
    app = Flask("ivr", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY * 8
    for each in blueprints:
        app.register_blueprint(each)

    app.wsgi_app = _with_headers(below(base, app.wsgi_app))  # type: ignore[assignment, method-assign]

    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> Response:
        """A plain error without data of the request, instead of Flask's page."""
        return Response(f"{error.name}\n", error.code or 500, content_type="text/plain; charset=utf-8")

    return app


def _with_headers(inner: "WSGIApplication") -> "WSGIApplication":
    """Add missing headers to each answer; as WSGI middleware, since Flask's hook takes ten times as long."""

    def outer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            named = [name.lower() for name, _ in headers]
            given = (
                _HEADERS if _NAMES.isdisjoint(named) else [each for each in _HEADERS if each[0].lower() not in named]
            )
            return start_response(status, [*headers, *given], *rest)

        return inner(environ, start)

    return outer


def recordings(folder: Path) -> Blueprint:
    """/audio/<language>/<name>.wav below prompts/; `send_from_directory` refuses paths outside of it."""
    audio = Blueprint("audio", __name__)

    @audio.get("/audio/<language>/<path:name>")
    def recording(language: str, name: str) -> Response:
        if not name.endswith(".wav"):
            abort(404)
        return send_from_directory(folder, f"{language}/{name}", mimetype="audio/wav", max_age=300)

    return audio
