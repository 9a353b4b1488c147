"""Setting up a second factor on one's own account, and its codes for recovery."""

import hmac
from dataclasses import dataclass

from flask import Blueprint, Response, abort, g, render_template, url_for
from pydantic import Field

from ivr.centre.staff import attempts, credentials, random_secrets, totp
from ivr.centre.staff.permissions import Permission
from ivr.console import qr
from ivr.console.access import needs
from ivr.console.forms import Form, Invalid, parsed, refusals_at
from ivr.console.office import actor, now, office, reading, signed_in, work
from ivr.console.pages.account import check_password, count_try, mine
from ivr.console.pages.sign_in import Secret

pages = Blueprint("second_factor", __name__, url_prefix="/account")


class StartForm(Form):
    """The present password: a browser that was left open sets up no second factor."""

    old: Secret


class CodeForm(Form):
    """A code of the authenticator."""

    code: str = Field(min_length=1, max_length=32)


@dataclass(frozen=True, slots=True)
class Shown:
    """A new secret as its page shows it: keyed by hand, opened on a telephone, and photographed."""

    by_hand: str
    link: str
    picture: str


@pages.get("/second-factor")
@needs(Permission.OWN_ACCOUNT)
def show() -> str:
    """Whether a code is asked for beside the password; its set-up begins here."""
    return _page()


@pages.post("/second-factor")
@needs(Permission.OWN_ACCOUNT)
def start() -> str | tuple[str, int]:
    """Show a new secret, once, for the authenticator: in this answer, and in the picture that it names."""
    secret = random_secrets.totp_secret()
    try:
        check_password(parsed(StartForm).old)
        with refusals_at("old"), work() as db:
            credentials.begin_second_factor(db, mine(db), secret)
    except Invalid as invalid:
        return _page(invalid), 422
    return _page(secret=secret)


@pages.get("/second-factor/<seal>.svg")
@needs(Permission.OWN_ACCOUNT)
def picture(seal: str) -> Response:
    """The secret as a QR code, while it is set up, for the page that was given after the password and no other."""
    with reading() as db:
        account = mine(db)
        secret = None if account.has_second_factor else credentials.secret_of(db, account)
    if secret is None or not hmac.compare_digest(_seal(secret), seal):
        abort(404)
    return Response(qr.picture(_link(secret)), mimetype="image/svg+xml")


@pages.post("/second-factor/confirm")
@needs(Permission.OWN_ACCOUNT)
def confirm() -> str | tuple[str, int]:
    """The first code was right: from now on one is asked for. The codes for recovery stand in this answer alone."""
    codes = random_secrets.recovery_codes()
    try:
        form = parsed(CodeForm)
        with refusals_at("code"), work() as db:
            credentials.confirm_second_factor(db, actor(), form.code, codes, signed_in().session_id, now())
    except Invalid as invalid:
        return _page(invalid), 422
    return _codes_page(codes)


@pages.post("/recovery-codes")
@needs(Permission.OWN_ACCOUNT)
def renew_codes() -> str | tuple[str, int]:
    """New codes for recovery; the old ones are worth nothing any more."""
    codes = random_secrets.recovery_codes()
    try:
        form = parsed(CodeForm)
        with refusals_at("code"):
            tried = count_try()
            with work() as db:
                credentials.renew_codes(db, actor(), form.code, codes, now())
                attempts.settle(db, tried, "password")
    except Invalid as invalid:
        return _page(invalid), 422
    return _codes_page(codes)


def _seal(secret: bytes) -> str:
    """What the address of the picture must hold: nobody finds it by knowing where it would be."""
    return office().keyring.blind_index("staff_factor", f"{signed_in().session_id}|{secret.hex()}").hex()


def _link(secret: bytes) -> str:
    return totp.address(secret, actor().id, next(iter(office().bank_name.values()), ""))


def _page(invalid: Invalid | None = None, secret: bytes | None = None) -> str:
    g.form_page = "console.second_factor.show"
    with reading() as db:
        account = mine(db)
        left = credentials.codes_left(db, account.id)
    shown = None
    if secret is not None:
        shown = Shown(totp.base32(secret), _link(secret), url_for(".picture", seal=_seal(secret)))
    faults = invalid.faults if invalid else {}
    return render_template("account/second_factor.html", account=account, codes_left=left, secret=shown, faults=faults)


def _codes_page(codes: list[str]) -> str:
    g.form_page = "console.second_factor.show"
    return render_template("account/codes.html", codes=codes)
