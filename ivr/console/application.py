"""The console's blueprint: pages, guard, error pages, body limit."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, abort, g, redirect, render_template, request, url_for
from flask.sansio.app import App
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as Answer

from ivr.console import access, guard, shell
from ivr.console.access import ROOM, for_strangers
from ivr.console.office import Office
from ivr.console.pages import PAGES

LOG = structlog.get_logger("ivr.console")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
PROBLEMS = {400, 403, 404, 413, 500, 503}


class CheckedBlueprint(Blueprint):
    """A blueprint that refuses to register when a view does not declare its permission."""

    def register(self, app: App, options: dict[str, Any]) -> None:
        """Register all views, then check each. Raises `ConfigurationError`."""
        super().register(app, options)
        access.check(app)


def blueprint(open_office: Callable[[], Office | None]) -> Blueprint:
    """The staff pages below /console. `open_office` returns None while the database is unavailable."""
    console = CheckedBlueprint(
        ROOM,
        __name__,
        url_prefix="/console",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    for pages in PAGES:
        console.register_blueprint(pages)
    console.add_url_rule("", "bare", _bare)
    console.add_url_rule("/<path:unknown>", "unknown", _unknown, methods=METHODS)
    console.before_request(partial(_begin, open_office))
    console.before_request(guard.admit)
    console.after_request(guard.finish)
    console.context_processor(shell.words_and_facts)
    console.register_error_handler(HTTPException, _problem)
    console.register_error_handler(SQLAlchemyError, _database_away)
    console.register_error_handler(Exception, _fault)
    return console


def _begin(open_office: Callable[[], Office | None]) -> None:
    g.language = guard.choose_language()
    g.office, g.signed_in = open_office(), None
    if g.office is not None:
        g.now = g.office.clock().astimezone(g.office.zone)
    elif request.endpoint != access.STATIC:
        abort(503)


@for_strangers
def _bare() -> Answer:
    """Redirect /console to /console/."""
    return redirect(url_for("console.home.show"), 308)


@for_strangers
def _unknown(unknown: str) -> Response:  # noqa: ARG001 - the route's variable
    """Any other path: the console's own 404 page."""
    abort(404)


def _problem(error: HTTPException) -> tuple[str, int] | Answer:
    """The page of an HTTP error; missing and forbidden pages look the same."""
    if isinstance(error, RequestRedirect):
        return redirect(error.new_url, error.code)
    code, g.form_page = error.code or 500, f"{ROOM}.unknown"
    return render_template("problems/problem.html", code=code if code in PROBLEMS else 400), code


def _database_away(error: SQLAlchemyError) -> tuple[str, int]:
    """The database did not answer in time; the request was rolled back."""
    LOG.error(
        "a page failed: no answer from the database", path=request.path, reason=" ".join(str(error).split())[:300]
    )
    return render_template("problems/problem.html", code=503), 503


def _fault(error: Exception) -> tuple[str, int]:
    """An unexpected error: the log has the traceback under the number that the page shows."""
    number = f"E-{secrets.token_hex(2).upper()}"
    LOG.error("a page failed", path=request.path, number=number, exc_info=error)
    return render_template("problems/problem.html", code=500, number=number), 500


def standalone(open_office: Callable[[], Office | None], console: Blueprint | None = None) -> Flask:
    """An application with the console only, without the voice webhooks; /healthz is its liveness check."""
    app = Flask("ivr.console", static_folder=None)
    app.register_blueprint(console or blueprint(open_office))
    app.add_url_rule("/healthz", "healthz", lambda: Response("ok\n", content_type="text/plain"))
    return app
