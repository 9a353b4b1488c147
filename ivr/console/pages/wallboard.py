"""The wallboard: read from five metres, by everybody who serves or steers the queues."""

from flask import Blueprint, render_template

from ivr.centre.staff.permissions import Permission
from ivr.console import floor_view
from ivr.console.access import needs
from ivr.console.office import office, reading, watch

pages = Blueprint("wallboard", __name__, url_prefix="/wallboard")


@pages.get("")
@needs(Permission.QUEUES_VIEW)
def show() -> str:
    """Queues and states of agents; nobody's name, nobody's call."""
    with reading() as db:
        watched = watch(db, *floor_view.TOPICS)
        seen = floor_view.current_board(db, watched)
        alarms = floor_view.live_alarms(db)
    rows = floor_view.queue_rows(seen, office().floor_rules)
    return render_template(
        "wallboard/show.html", board=seen, total=seen.total, rows=rows, alarms=alarms, watched=watched,
        worst={figure: floor_view.worst(rows, figure) for figure in ("waiting", "longest_wait_seconds")},
        target=office().floor_rules.floor.target_percent,
    )  # fmt: skip
