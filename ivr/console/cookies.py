"""The three cookies of the console, and the token against forged forms that hangs on the first."""

import hmac

from flask import Response, g, request

from ivr.centre.staff.random_secrets import session_token
from ivr.console.office import DEVICE, office
from ivr.console.words import LANGUAGES
from ivr.foundation.addresses import is_loopback

TOKEN = "staff_session"  # noqa: S105 - the cookie's name; also set for visitors of the sign-in page
LANGUAGE = "staff_language"
PATH = "/console"
DAY_SECONDS = 24 * 3600


def is_private() -> bool:
    """Whether the browser uses plain HTTP on loopback, where a cookie cannot be `Secure`."""
    return is_loopback(request.host.rpartition(":")[0].strip("[]") or request.host)


def csrf_token() -> str:
    """The CSRF token of this session; a visitor without a session gets a new one."""
    token = request.cookies.get(TOKEN) or g.get("new_token")
    if token is None:
        token = renew()
    return office().keyring.blind_index("csrf", token).hex()


def is_forged() -> bool:
    """Whether the request lacks the CSRF token of this session."""
    token = request.cookies.get(TOKEN, "")
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    return not token or not hmac.compare_digest(office().keyring.blind_index("csrf", token).hex(), given)


def renew() -> str:
    """A new session token; this response sets it as a cookie."""
    g.new_token = session_token()
    token: str = g.new_token
    return token


def forget() -> None:
    """Delete the session cookie with this response."""
    g.new_token = ""


def send(response: Response) -> None:
    """Set the changed cookies on the response."""
    token = g.get("new_token")
    if token:
        _set(response, TOKEN, token)
    elif token == "":
        response.delete_cookie(TOKEN, path=PATH, secure=not is_private(), httponly=True, samesite="Lax")
    if device := g.get("device_token"):
        _set(response, DEVICE, device, days=90)  # as long as it is kept: ivr/centre/staff/tasks.py
    if request.args.get("lang") in LANGUAGES:
        _set(response, LANGUAGE, request.args["lang"], days=365)


def _set(response: Response, name: str, value: str, days: int | None = None) -> None:
    """For our pages alone; without `days` the browser forgets it when it is closed."""
    lasts = None if days is None else days * DAY_SECONDS
    response.set_cookie(name, value, lasts, path=PATH, secure=not is_private(), httponly=True, samesite="Lax")
