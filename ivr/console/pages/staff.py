"""Staff administration: the list, one account, and the operations on it."""

from collections.abc import Callable
from datetime import date
from typing import Literal

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.centre.staff import accounts, credentials, queries, random_secrets
from ivr.centre.staff.credentials import owner
from ivr.centre.staff.models import Account
from ivr.centre.staff.permissions import Permission, may
from ivr.centre.staff.roles import Role
from ivr.centre.staff.topics import STAFF
from ivr.console.access import needs
from ivr.console.forms import Form, Invalid, parsed, refusals_at
from ivr.console.office import actor, now, office, reading, watch, work

pages = Blueprint("staff", __name__, url_prefix="/staff")
Deed = Callable[[Session, Account], None]
DONE = {
    "activated": "已启用",
    "locked": "已锁定，此人的登录已结束",
    "unlocked": "已解锁",
    "closed": "已注销",
    "roles": "角色已变更，此人需要重新登录",
    "certified": "证书已登记",
}


class WhyForm(Form):
    """The reason, for the audit log."""

    why: str = Field(min_length=1, max_length=200)


class RolesForm(WhyForm):
    """Other roles."""

    roles: frozenset[Role] = Field(min_length=1)


class CertificateForm(Form):
    """A Putonghua certificate."""

    level: Literal["1A", "1B", "2A", "2B", "3A", "3B"]
    issued_on: date


@pages.get("")
@needs(Permission.STAFF_VIEW)
def index() -> str:
    """The accounts that the reader may see."""
    given = {name: request.args.get(name, "").strip() for name in ("text", "role", "state")}
    with reading() as db:
        watched = watch(db, STAFF)
        found = queries.accounts(db, actor(), Permission.STAFF_VIEW, **given)
    imported = request.args.get("imported", "")
    return render_template("staff/index.html", accounts=found, given=given, imported=imported, watched=watched)


@pages.get("/<user_name>")
@needs(Permission.STAFF_VIEW)
def show(user_name: str) -> str:
    """One account."""
    return _page(user_name)


@pages.post("/<user_name>/activate")
@needs(Permission.STAFF_ADMINISTER)
def activate(user_name: str) -> Response | str | tuple[str, int]:
    """Activate the account; without a password it gets a temporary one."""
    with reading() as db:
        is_new = _theirs(db, user_name).password_hash is None

    def deed(db: Session, account: Account) -> None:
        accounts.activate(db, actor(), account, parsed(WhyForm).why, now())

    return _with_temporary(user_name, deed) if is_new else _done(user_name, "activated", deed)


@pages.post("/<user_name>/reset")
@needs(Permission.STAFF_ADMINISTER)
def reset(user_name: str) -> Response | str | tuple[str, int]:
    """Replace password and second factor with a temporary password, shown in this response only."""
    return _with_temporary(user_name, lambda _db, _account: None)


@pages.post("/<user_name>/lock")
@needs(Permission.STAFF_ADMINISTER)
def lock(user_name: str) -> Response | tuple[str, int]:
    """Lock the account at once."""
    return _done(user_name, "locked", lambda db, it: accounts.lock(db, actor(), it, parsed(WhyForm).why, now()))


@pages.post("/<user_name>/unlock")
@needs(Permission.STAFF_ADMINISTER)
def unlock(user_name: str) -> Response | tuple[str, int]:
    """Unlock the account."""
    return _done(user_name, "unlocked", lambda db, it: accounts.unlock(db, actor(), it, parsed(WhyForm).why, now()))


@pages.post("/<user_name>/close")
@needs(Permission.STAFF_ADMINISTER)
def close(user_name: str) -> Response | tuple[str, int]:
    """Close the account."""
    return _done(user_name, "closed", lambda db, it: accounts.close(db, actor(), it, parsed(WhyForm).why, now()))


@pages.post("/<user_name>/roles")
@needs(Permission.STAFF_ADMINISTER)
def change_roles(user_name: str) -> Response | tuple[str, int]:
    """Change the roles; all sessions of the account end."""

    def deed(db: Session, account: Account) -> None:
        form = parsed(RolesForm)
        accounts.change_roles(db, actor(), account, form.roles, form.why, now())

    return _done(user_name, "roles", deed)


@pages.post("/<user_name>/certificates")
@needs(Permission.STAFF_CERTIFY)
def certify(user_name: str) -> Response | tuple[str, int]:
    """Record a certificate."""

    def deed(db: Session, account: Account) -> None:
        form = parsed(CertificateForm)
        accounts.certify(db, actor(), account, form.level, form.issued_on, now())

    return _done(user_name, "certified", deed, Permission.STAFF_CERTIFY)


def _done(
    user_name: str, done: str, deed: Deed, permission: Permission = Permission.STAFF_ADMINISTER
) -> Response | tuple[str, int]:
    """Run an operation on an account that the reader may administer, and redirect to it; a refusal is a 422."""
    try:
        with refusals_at("why"), work() as db:
            deed(db, _theirs(db, user_name, permission))
    except Invalid as invalid:
        return _page(user_name, invalid), 422
    return redirect(url_for(".show", user_name=user_name, done=done), 303)


def _with_temporary(user_name: str, deed: Deed) -> str | tuple[str, int]:
    """Run an operation and set a temporary password; the hash is computed before the transaction."""
    with reading() as db:
        _theirs(db, user_name)
    temporary = random_secrets.temporary_password()
    hashed = office().hasher.hash(owner(user_name), temporary)
    try:
        why = parsed(WhyForm).why
        with refusals_at("why"), work() as db:
            account = _theirs(db, user_name)
            deed(db, account)
            credentials.reset(db, actor(), account, hashed, why, now())
    except Invalid as invalid:
        return _page(user_name, invalid), 422
    g.form_page = "console.staff.show"
    return render_template("staff/temporary.html", account=account, temporary=temporary)


def _theirs(db: Session, user_name: str, permission: Permission = Permission.STAFF_ADMINISTER) -> Account:
    """The account, if the reader has this permission for it; else 404."""
    account = queries.account(db, actor(), permission, user_name)
    return account if account is not None else abort(404)


def _page(user_name: str, invalid: Invalid | None = None) -> str:
    g.form_page = "console.staff.show"
    with reading() as db:
        account = _theirs(db, user_name, Permission.STAFF_VIEW)
        filed = queries.certificates_of(db, account.id)
    return render_template(
        "staff/show.html",
        account=account,
        certificates=filed,
        faults=invalid.faults if invalid else {},
        why=request.form.get("why", ""),
        done=DONE.get(request.args.get("done", "")),
        is_administered=may(actor(), Permission.STAFF_ADMINISTER, account),
        is_certified_here=may(actor(), Permission.STAFF_CERTIFY, account),
    )
