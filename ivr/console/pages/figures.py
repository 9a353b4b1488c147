"""The metrics of a time: each with its definition, as a whole and by queue, agent or category; each opens its calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, request
from sqlalchemy.orm import Session

from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs
from ivr.console.journal_filter import midnight
from ivr.console.journal_pages import rendered
from ivr.console.office import now, office, reading
from ivr.reports import agent_time
from ivr.reports.agent_time import Workload
from ivr.reports.figures import By, Figures, figures, figures_by
from ivr.reports.filters import Filter
from ivr.reports.metrics import METRICS

pages = Blueprint("figures", __name__, url_prefix="/calls/figures")
GROUPED: Mapping[str, By] = {"queue": "queue", "answered_by": "answered_by", "category": "category"}
COLUMNS = (
    "calls", "asked", "answered", "abandoned", "answer_rate", "speed_of_answer", "service_level", "handle_time",
    "talk_time",
)  # fmt: skip
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """What only agents have: their workload, and how much of their time was contact."""

    workload: Workload
    occupancy: float | None


@pages.get("")
@needs(Permission.REPORTS_VIEW)
def show() -> str:
    """The day so far, or the days that are asked for: a month at most."""
    today = now().date().isoformat()
    given = {"since": request.args.get("since", "").strip(), "until": request.args.get("until", "").strip()}
    since = midnight(given["since"]) or midnight(given["until"]) or midnight(today) or now()
    until = (midnight(given["until"]) or max(since, midnight(today) or since)) + timedelta(days=1)
    until = max(since + timedelta(days=1), min(until, since + LONGEST))
    by = GROUPED.get(request.args.get("by", ""), "queue")
    wanted = Filter(since=since, until=until)
    with reading() as db:
        whole = figures(db, wanted)
        groups = figures_by(db, wanted, by, COLUMNS)
        agents = _agents(db, groups, since, min(until, now())) if by == "answered_by" else {}
    return rendered(
        "calls/figures.html", whole=whole, groups=groups, agents=agents, by=by, metrics=METRICS, columns=COLUMNS,
        since=since.date().isoformat(), until=(until - timedelta(days=1)).astimezone(office().zone).date().isoformat(),
        categories=office().wrap_up.categories,
    )  # fmt: skip


def _agents(db: Session, groups: Mapping[str, Figures], since: datetime, until: datetime) -> Mapping[str, AgentFigures]:
    changes, loads = agent_time.changes_of(db, since, until), agent_time.workloads(db, since, until)
    found = {}
    for agent in groups:
        spent = agent_time.seconds_in(agent_time.spells(changes.get(agent, []), since, until))
        found[agent] = AgentFigures(loads.get(agent, Workload({}, 0.0)), agent_time.occupancy(spent))
    return found
