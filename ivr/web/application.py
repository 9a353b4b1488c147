"""The Flask application: blueprints, limits, headers, recorded prompts."""

from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory
from werkzeug.exceptions import HTTPException

from ivr.telephony.forms import MAX_BODY

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def application(*blueprints: Blueprint) -> Flask:
    """A Flask application of these blueprints, with the headers every answer bears."""
    app = Flask("ivr", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY * 8
    for each in blueprints:
        app.register_blueprint(each)

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> Response:
        """No page of the framework, and nothing of the request in the answer."""
        return Response(f"{error.name}\n", error.code or 500, content_type="text/plain; charset=utf-8")

    return app


def recordings(folder: Path) -> Blueprint:
    """/audio/<language>/<name>.wav below prompts/."""
    audio = Blueprint("audio", __name__)

    @audio.get("/audio/<language>/<path:name>")
    def recording(language: str, name: str) -> Response:
        return send_from_directory(folder / language, name, mimetype="audio/wav", max_age=300)

    return audio
