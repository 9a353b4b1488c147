"""Import a roster of staff from a CSV file."""

import hashlib

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ivr.centre.staff import roster
from ivr.centre.staff.permissions import Permission
from ivr.centre.staff.roles import Role
from ivr.centre.staff.roster import Plan
from ivr.console.access import needs
from ivr.console.forms import Invalid, parsed, refusals_at
from ivr.console.office import actor, now, work
from ivr.console.pages.staff import WhyForm

pages = Blueprint("roster", __name__, url_prefix="/staff/import")


@pages.get("")
@needs(Permission.STAFF_IMPORT)
def show() -> str:
    """The form, with the required file format."""
    return _page()


@pages.post("")
@needs(Permission.STAFF_IMPORT)
def load() -> Response | tuple[str, int]:
    """Import all lines, or none."""
    try:
        made = _loaded(parsed(WhyForm).why)
    except Invalid as invalid:
        return _page(invalid), 422
    if made.refused:
        return _page(made=made), 422
    return redirect(url_for("console.staff.index", imported=len(made.new)), 303)


def _loaded(why: str) -> Plan:
    file = request.files.get("roster")
    content = file.read() if file else b""
    if not content:
        raise Invalid({"roster": ("roster_missing", {})})
    with refusals_at("roster"):
        text = roster.decoded(content)
        with work() as db:
            return roster.load(db, actor(), text, _allowed(), hashlib.sha256(content).hexdigest(), why, now())


def _allowed() -> frozenset[Role]:
    """The roles that the reader may import: human resources only agents, the technical department all."""
    return frozenset(Role) if Role.TECH in actor().roles else frozenset({Role.AGENT})


def _page(invalid: Invalid | None = None, made: Plan | None = None) -> str:
    g.form_page = "console.roster.show"
    faults, why = invalid.faults if invalid else {}, request.form.get("why", "")
    return render_template("staff/import.html", faults=faults, made=made, why=why)
