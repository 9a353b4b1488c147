"""Sign-in, with a second step for the second factor, and sign-out."""

from typing import Annotated

from flask import Blueprint, g, redirect, render_template, request, url_for
from pydantic import Field, StringConstraints
from werkzeug.wrappers import Response

from ivr.centre.queues import presence
from ivr.centre.staff import demo, signing_in
from ivr.centre.staff.credentials import owner
from ivr.centre.staff.passwords import MOST
from ivr.centre.staff.permissions import Permission
from ivr.centre.staff.random_secrets import session_token
from ivr.centre.staff.signing_in import Outcome, Tokens
from ivr.console import cookies
from ivr.console.access import for_strangers, needs
from ivr.console.forms import Form, Invalid, parsed, refusals_at
from ivr.console.guard import own_path
from ivr.console.office import actor, now, office, origin, signed_in, work

pages = Blueprint("sign_in", __name__)
Secret = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=MOST)]


class SignInForm(Form):
    """User name and password."""

    user_name: str = Field(min_length=1, max_length=64)
    password: Secret


class CodeForm(Form):
    """A TOTP or recovery code."""

    code: str = Field(min_length=1, max_length=32)


@pages.get("/sign-in")
@for_strangers
def show() -> str:
    """The sign-in page."""
    return _page()


@pages.post("/sign-in")
@for_strangers
def enter() -> Response | tuple[str, int]:
    """Verify the password; then the home page, or the page for the code."""
    try:
        outcome = _with_password(parsed(SignInForm))
    except Invalid as invalid:
        return _page(invalid), 422
    return redirect(url_for(".code", next=_next()) if outcome.kind == "code" else _home(), 303)


@pages.get("/sign-in/code")
@for_strangers
def code() -> str | Response:
    """The page for the code; redirects to the sign-in page before the first step."""
    if g.signed_in is None or g.signed_in.stage != "code":
        return redirect(url_for(".show", next=_next()), 303)
    return render_template("sign_in/code.html", faults={}, next=_next())


@pages.post("/sign-in/code")
@for_strangers
def enter_code() -> Response | tuple[str, int]:
    """Verify the code; then the home page."""
    if g.signed_in is None or g.signed_in.stage != "code":
        return redirect(url_for(".show", next=_next()), 303)
    try:
        _with_code(parsed(CodeForm))
    except Invalid as invalid:
        return render_template("sign_in/code.html", faults=invalid.faults, next=_next()), 422
    return redirect(_home(), 303)


@pages.post("/sign-out")
@needs(Permission.OWN_ACCOUNT)
def sign_out() -> Response:
    """End the session on the server; its cookie is invalid afterwards."""
    with work() as db:
        presence.off_work(db, actor(), now())
        signing_in.sign_out(db, actor(), signed_in().session_id, now())
    cookies.forget()
    return redirect(url_for(".show"), 303)


def _with_password(form: SignInForm) -> Outcome:
    """Verify the hash between two transactions, since it takes longer than callers may wait."""
    with refusals_at("password"), work() as db:
        attempt = signing_in.begin(db, form.user_name, origin(), now())
    whose, hasher = owner(attempt.account_id or form.user_name), office().hasher
    if attempt.password_hash is None:
        is_right = hasher.dummy(whose, form.password)
    else:
        is_right = hasher.verify(attempt.password_hash, whose, form.password)
    is_published = not office().is_demonstration and demo.is_published(form.user_name, form.password)
    tokens = Tokens(session_token(), session_token())
    with work() as db:
        outcome = signing_in.with_password(db, attempt, is_right, tokens, now(), is_published=is_published)
    return _told(outcome, tokens, "password")


def _with_code(form: CodeForm) -> Outcome:
    tokens = Tokens(session_token(), session_token())
    with refusals_at("code"), work() as db:
        outcome = signing_in.with_code(db, signed_in().session_id, form.code, origin(), tokens, now())
    return _told(outcome, tokens, "code")


def _told(outcome: Outcome, tokens: Tokens, field: str) -> Outcome:
    """Set the token of the new session. Raises `Invalid` when sign-in failed."""
    if outcome.kind in ("in", "code"):
        g.new_token, g.device_token = tokens.session, outcome.device
        return outcome
    if outcome.kind == "wrong":
        rule = "code_wrong" if field == "code" else "wrong" if outcome.tries_left else "wrong_last"
        raise Invalid({field: (rule, {"left": outcome.tries_left})})
    raise Invalid({field: (outcome.kind, {})})


def _page(invalid: Invalid | None = None) -> str:
    shown = demo.DEMO_STAFF if office().is_demonstration else ()
    given = request.form.get("user_name", "")
    faults = invalid.faults if invalid else {}
    return render_template("sign_in/password.html", faults=faults, user_name=given, shown=shown, next=_next())


def _next() -> str | None:
    return own_path(request.values.get("next", ""))


def _home() -> str:
    return _next() or url_for("console.home.show")
