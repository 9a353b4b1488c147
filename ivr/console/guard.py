"""Before every view: authentication, authorisation, CSRF check. After it: security headers and cookies."""

import re

from flask import Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from ivr.centre.staff import sessions
from ivr.centre.staff.permissions import permitted
from ivr.console import cookies
from ivr.console.access import STATIC, is_watching, permission_of
from ivr.console.office import now, reading, signed_in, work
from ivr.console.words import CHINESE, LANGUAGES

MOST_BODY_BYTES = 1024 * 1024  # a roster of two thousand lines is a tenth of it
WITH_A_TEMPORARY_PASSWORD = ("console.account.password", "console.account.change_password", "console.sign_in.sign_out")
_OWN_PATH = re.compile(r"/console/[A-Za-z0-9_./-]*(\?[A-Za-z0-9_.=&%-]*)?", re.ASCII)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types live-worker",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=()",
}


def admit() -> Answer | None:
    """Check the request; None lets it through to its view."""
    request.max_content_length = MOST_BODY_BYTES
    permission = permission_of(current_app, request.endpoint or STATIC)
    if request.endpoint == STATIC:
        return None
    _recognise()
    if permission is not None:
        if g.signed_in is None or g.signed_in.stage != "open":
            return redirect(url_for("console.sign_in.show", next=_way_back()), 303)
        if not permitted(signed_in().actor, permission):
            abort(404)  # the same as for a missing page
    if request.method not in ("GET", "HEAD") and cookies.is_forged():
        abort(403)
    must_change = permission is not None and signed_in().must_change_password
    if must_change and request.endpoint not in WITH_A_TEMPORARY_PASSWORD:
        return redirect(url_for("console.account.password"), 303)
    return None


def _recognise() -> None:
    """Load the session of the request, and record activity."""
    g.signed_in = None
    token = request.cookies.get(cookies.TOKEN)
    if not token:
        return
    with reading() as db:
        g.signed_in = sessions.find(db, token, now())
    if g.signed_in is not None and g.signed_in.should_note and not _is_only_watched():
        with work(durable=False) as db:
            sessions.note_seen(db, g.signed_in.session_id, now())


def _is_only_watched() -> bool:
    """Whether a page asks for itself, because of what others did: nobody need be there."""
    return is_watching(current_app, request.endpoint or STATIC) or request.headers.get("X-Live") == "refresh"


def choose_language() -> str:
    """The page's language: from ?lang=, else from the cookie, else Chinese."""
    for wanted in (request.args.get("lang"), request.cookies.get(cookies.LANGUAGE)):
        if wanted in LANGUAGES:
            return str(wanted)
    return CHINESE


def _way_back() -> str | None:
    """The requested page, to return to after sign-in."""
    if request.method != "GET":
        return None
    return own_path(request.full_path.rstrip("?"))


def own_path(text: str) -> str | None:
    """The text if it is a path of the console, else None: prevents open redirects."""
    is_plain = _OWN_PATH.fullmatch(text) and "//" not in text and ".." not in text
    return text if is_plain else None


def finish(response: Response) -> Response:
    """Set headers and cookies of every response; only static files may be cached, with revalidation."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "no-cache" if request.endpoint == STATIC else "no-store"
    if g.get("office") is not None:
        cookies.send(response)
    return response
