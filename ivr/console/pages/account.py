"""Everybody's own account: password; the second factor and its codes for recovery stand in second_factor.py."""

from flask import Blueprint, g, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.centre.staff import attempts, credentials, passwords, queries
from ivr.centre.staff.credentials import owner
from ivr.centre.staff.models import Account
from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs
from ivr.console.forms import Form, Invalid, parsed, refusals_at
from ivr.console.office import actor, now, office, origin, reading, signed_in, work
from ivr.console.pages.sign_in import Secret

pages = Blueprint("account", __name__, url_prefix="/account")


class PasswordForm(Form):
    """The current password, and the new one twice."""

    old: Secret
    new: Secret
    again: Secret


@pages.get("")
@needs(Permission.OWN_ACCOUNT)
def show() -> str:
    """The reader's account and sign-in methods."""
    with reading() as db:
        account = mine(db)
        filed = queries.certificates_of(db, account.id)
        left = credentials.codes_left(db, account.id)
    return render_template("account/show.html", account=account, certificates=filed, codes_left=left)


@pages.get("/password")
@needs(Permission.OWN_ACCOUNT)
def password() -> str:
    """The form for a new password."""
    return _password_page()


@pages.post("/password")
@needs(Permission.OWN_ACCOUNT)
def change_password() -> Response | tuple[str, int]:
    """Change the password if the current one is right and the new one satisfies the rules."""
    try:
        _change(parsed(PasswordForm))
    except Invalid as invalid:
        return _password_page(invalid), 422
    return redirect(url_for(".show"), 303)


def mine(db: Session) -> Account:
    """The row of who asks."""
    return db.get_one(Account, actor().id)


def _change(form: PasswordForm) -> None:
    if form.new != form.again:
        raise Invalid({"again": ("passwords_differ", {})})
    if form.new == form.old:
        raise Invalid({"new": ("password_same", {})})
    check_password(form.old)
    with reading() as db:
        has_second_factor = mine(db).has_second_factor
    with refusals_at("new"):
        passwords.check(form.new, actor().id, has_second_factor=has_second_factor)
    hashed = office().hasher.hash(owner(actor().id), form.new)
    with work() as db:
        credentials.change_password(db, actor(), mine(db), hashed, signed_in().session_id, now())


def check_password(password: str) -> None:
    """Raises `Invalid` where this is not the present password; it is counted as at sign-in, for a desk left open."""
    with refusals_at("old"):
        tried = count_try()
    with reading() as db:
        hashed = mine(db).password_hash
    if hashed is None or not office().hasher.verify(hashed, owner(actor().id), password):
        raise Invalid({"old": ("password_wrong", {})})
    with work() as db:
        attempts.settle(db, tried, "password")


def count_try() -> int:
    """Count a wrong password or code until `attempts.settle`; returns its id. Raises `Refused`: throttled."""
    with work() as db:
        return attempts.count(db, actor().id, origin(), now()).id


def _password_page(invalid: Invalid | None = None) -> str:
    g.form_page = "console.account.password"
    with reading() as db:
        least = passwords.least(has_second_factor=mine(db).has_second_factor)
    return render_template("account/password.html", faults=invalid.faults if invalid else {}, least=least)
