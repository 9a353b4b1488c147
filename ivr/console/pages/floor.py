"""The floor: queues and agents as they are now, one of them opened, and the alarms."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ivr.centre.floor import alarms
from ivr.centre.floor.needs import running
from ivr.centre.queues import closing
from ivr.centre.staff.permissions import Permission
from ivr.console import floor_view
from ivr.console.access import needs
from ivr.console.forms import Form, Invalid, parsed
from ivr.console.office import actor, now, office, reading, watch, work

pages = Blueprint("floor", __name__, url_prefix="/floor")


class SeenForm(Form):
    """The alarms that were on the page."""

    alarm: frozenset[str]


@pages.get("")
@needs(Permission.FLOOR)
def show() -> str:
    """Everything at a glance."""
    return floor_page()


@pages.post("/acknowledge")
@needs(Permission.FLOOR)
def acknowledge() -> Answer | tuple[str, int]:
    """The alarms on the page were seen."""
    try:
        form = parsed(SeenForm)
        ids = [int(each) for each in form.alarm if each.isascii() and each.isdigit()]
        if not ids:
            raise Invalid({"alarm": ("required", {})})
        with work() as db:
            alarms.acknowledge(db, actor(), ids, now())
    except Invalid as invalid:
        return floor_page(invalid), 422
    return back()


def back() -> Answer:
    """The floor again, with the same agent or queue opened."""
    agent, queue = request.form.get("agent") or None, request.form.get("queue") or None
    return redirect(url_for("console.floor.show", agent=agent, queue=queue), 303)


def floor_page(invalid: Invalid | None = None) -> str:
    """The page, with what a rule said no to."""
    g.form_page = "console.floor.show"
    given = request.values
    with reading() as db:
        watched = watch(db, *floor_view.TOPICS)
        seen = floor_view.current_board(db, watched)
        agent = floor_view.opened_agent(db, seen, given.get("agent", ""))
        queue = given.get("queue", "") if given.get("queue", "") in office().floor_rules.queues else ""
        waiting = floor_view.waiting_in(db, queue) if queue else ()
        halves = floor_view.staffing(db, seen)
        raised, closures = floor_view.live_alarms(db), closing.lasting(db, now())
    return render_template(
        "floor/show.html", board=seen, total=seen.total, agent=agent, queue=queue, waiting=waiting, alarms=raised,
        rows=floor_view.queue_rows(seen, office().floor_rules), watched=watched,
        agents=floor_view.agents_like(seen, given.get("find", "")), find=given.get("find", ""),
        faults=invalid.faults if invalid else {}, within=office().floor_rules.floor.within_seconds,
        halves=halves, half=running(halves, now()), rules=office().floor_rules, closures=closures, me=actor().id,
    )  # fmt: skip
