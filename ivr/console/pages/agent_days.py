"""An agent's day for their leader: each state, since when, how long, and who or which rule began it."""

from datetime import timedelta

from flask import Blueprint, abort, request

from ivr.centre.staff.models import Account
from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs
from ivr.console.journal_filter import midnight
from ivr.console.journal_pages import rendered
from ivr.console.office import now, reading
from ivr.reports import agent_time

pages = Blueprint("agent_days", __name__, url_prefix="/calls/agents")


@pages.get("/<agent>")
@needs(Permission.AGENT_DAYS_VIEW)
def show(agent: str) -> str:
    """Today, or the day that is asked for."""
    day = request.args.get("day", "").strip() or now().date().isoformat()
    since = midnight(day) or abort(404)
    until = min(since + timedelta(days=1), max(now(), since))
    with reading() as db:
        account = db.get(Account, agent)
        if account is None or not account.is_agent:
            abort(404)
        changes = agent_time.changes_of(db, since, until, agent).get(agent, [])
        spells = agent_time.spells(changes, since, until)
    spent = agent_time.seconds_in(spells)
    return rendered(
        "calls/agent_day.html", agent=agent, day=day, spells=spells, spent=spent, occupancy=agent_time.occupancy(spent)
    )
