"""The reader's own account: password, second factor, recovery codes."""

from flask import Blueprint, g, redirect, render_template, url_for
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.centre.staff import credentials, passwords, queries, random_secrets, totp
from ivr.centre.staff.credentials import owner
from ivr.centre.staff.models import Account
from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs
from ivr.console.forms import Form, Invalid, parsed, refusals_at
from ivr.console.office import actor, now, office, reading, signed_in, work
from ivr.console.pages.sign_in import Secret

pages = Blueprint("account", __name__, url_prefix="/account")


class PasswordForm(Form):
    """The current password, and the new one twice."""

    old: Secret
    new: Secret
    again: Secret


class StartForm(Form):
    """The current password, so that nobody can set up a second factor in an unattended browser."""

    old: Secret


class CodeForm(Form):
    """A code of the authenticator."""

    code: str = Field(min_length=1, max_length=32)


@pages.get("")
@needs(Permission.OWN_ACCOUNT)
def show() -> str:
    """The reader's account and sign-in methods."""
    with reading() as db:
        account = _mine(db)
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


@pages.get("/second-factor")
@needs(Permission.OWN_ACCOUNT)
def second_factor() -> str:
    """The state of the second factor, and the start of its set-up."""
    return _factor_page()


@pages.post("/second-factor")
@needs(Permission.OWN_ACCOUNT)
def start_second_factor() -> str | tuple[str, int]:
    """Show a new authenticator secret, in this response only."""
    secret = random_secrets.totp_secret()
    try:
        form = parsed(StartForm)
        _check_password(form.old)
        with refusals_at("old"), work() as db:
            credentials.begin_second_factor(db, _mine(db), secret)
    except Invalid as invalid:
        return _factor_page(invalid), 422
    return _factor_page(secret=secret)


@pages.post("/second-factor/confirm")
@needs(Permission.OWN_ACCOUNT)
def confirm_second_factor() -> str | tuple[str, int]:
    """Verify the first code and enable the second factor; recovery codes are shown in this response only."""
    codes = random_secrets.recovery_codes()
    try:
        form = parsed(CodeForm)
        with refusals_at("code"), work() as db:
            credentials.confirm_second_factor(db, actor(), form.code, codes, signed_in().session_id, now())
    except Invalid as invalid:
        return _factor_page(invalid), 422
    return _codes_page(codes)


@pages.post("/recovery-codes")
@needs(Permission.OWN_ACCOUNT)
def renew_codes() -> str | tuple[str, int]:
    """Replace the recovery codes."""
    codes = random_secrets.recovery_codes()
    try:
        form = parsed(CodeForm)
        with refusals_at("code"), work() as db:
            credentials.renew_codes(db, actor(), form.code, codes, now())
    except Invalid as invalid:
        return _factor_page(invalid), 422
    return _codes_page(codes)


def _mine(db: Session) -> Account:
    return db.get_one(Account, actor().id)


def _change(form: PasswordForm) -> None:
    if form.new != form.again:
        raise Invalid({"again": ("passwords_differ", {})})
    if form.new == form.old:
        raise Invalid({"new": ("password_same", {})})
    _check_password(form.old)
    with reading() as db:
        has_second_factor = _mine(db).has_second_factor
    with refusals_at("new"):
        passwords.check(form.new, actor().id, has_second_factor=has_second_factor)
    hashed = office().hasher.hash(owner(actor().id), form.new)
    with work() as db:
        credentials.change_password(db, actor(), _mine(db), hashed, signed_in().session_id, now())


def _check_password(password: str) -> None:
    """Raises `Invalid` when this is not the current password."""
    with reading() as db:
        hashed = _mine(db).password_hash
    if hashed is None or not office().hasher.verify(hashed, owner(actor().id), password):
        raise Invalid({"old": ("password_wrong", {})})


def _password_page(invalid: Invalid | None = None) -> str:
    g.form_page = "console.account.password"
    with reading() as db:
        least = passwords.least(has_second_factor=_mine(db).has_second_factor)
    return render_template("account/password.html", faults=invalid.faults if invalid else {}, least=least)


def _factor_page(invalid: Invalid | None = None, secret: bytes | None = None) -> str:
    g.form_page = "console.account.second_factor"
    with reading() as db:
        account = _mine(db)
        left = credentials.codes_left(db, account.id)
    issuer = next(iter(office().bank_name.values()), "")
    shown = None if secret is None else (totp.base32(secret), totp.address(secret, account.id, issuer))
    faults = invalid.faults if invalid else {}
    return render_template("account/second_factor.html", account=account, codes_left=left, secret=shown, faults=faults)


def _codes_page(codes: list[str]) -> str:
    g.form_page = "console.account.second_factor"
    return render_template("account/codes.html", codes=codes)
