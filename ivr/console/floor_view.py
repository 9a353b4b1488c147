"""What floor and wallboard show: rows, how far each figure is beyond its threshold, one agent or queue opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls.screen_pop import ScreenPop, screen_pop
from ivr.centre.desk import legs
from ivr.centre.desk.models import Interaction, Leg
from ivr.centre.floor import alarms
from ivr.centre.floor.board import Board, FloorRules, QueueLine, agent_figures, board
from ivr.centre.floor.models import FloorAlarm
from ivr.centre.floor.needs import HalfHour, half_hours
from ivr.centre.floor.present import AgentNow, skills_of
from ivr.centre.queues.models import AgentChange, QueuedCall
from ivr.centre.queues.waiting import HERE
from ivr.console.office import now, office
from ivr.platform.keyring import keyring_of

TOPICS = ("queues", "floor")
FRESH_SECONDS = 2  # a board that nothing changed is read anew after so long: waits grow without a change
FIGURES_SECONDS = 10  # handle times and occupancy are as old as this at most
MOST_AGENTS = 200
LAST_STATES, MOST_WAITING = 12, 50
SHAPES = {alarms.CARE: "soon", alarms.ALARM: "late", "": ""}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue's figures; `marks` is the shape of each figure that is beyond its threshold."""

    line: QueueLine
    marks: Mapping[str, str]

    @property
    def name(self) -> str:
        """The queue."""
        return self.line.name

    @property
    def is_late(self) -> bool:
        """Whether one of them is an alarm."""
        return "late" in self.marks.values()


@dataclass(frozen=True, slots=True)
class OpenAgent:
    """An agent at the right of the floor: their talk, masked, and what they did before."""

    now: AgentNow
    skills: Sequence[tuple[str, int]]
    interaction: Interaction | None
    pop: ScreenPop | None
    legs: Sequence[Leg]
    changes: Sequence[AgentChange]

    def mode_of(self, leader: str) -> str:
        """How a leader takes part in the talk; empty where they do not, and ringing while their line rings."""
        mine = [leg for leg in self.legs if (leg.role, leg.account_id) == ("leader", leader)]
        return "" if not mine else mine[-1].mode if mine[-1].state == "in" else "ringing"


def current_board(db: Session, watched: Mapping[str, int]) -> Board:
    """The board, read once for all pages that show the same."""
    second, rules = int(now().timestamp()), office().floor_rules
    figures = office().agent_figures.read(second // FIGURES_SECONDS, lambda: agent_figures(db, rules, now()))
    wanted = (*watched.items(), second // FRESH_SECONDS)
    return office().boards.read(wanted, lambda: board(db, rules, now(), figures))


def agents_like(seen: Board, text: str) -> list[AgentNow]:
    """The agents whose name or user name holds a text, those first who need somebody; as many as a page shows."""
    wanted = text.casefold()
    found = (each for each in seen.agents if wanted in each.name.casefold() or wanted in each.id)
    return list(islice(found, MOST_AGENTS))


def staffing(db: Session, seen: Board) -> Sequence[HalfHour]:
    """Today's half hours: reckoned once a minute for all pages."""
    handle, rules = seen.handle_time, office().floor_rules
    return office().staffing.read(now().replace(second=0, microsecond=0), lambda: half_hours(db, rules, handle, now()))


def queue_rows(seen: Board, rules: FloorRules) -> list[QueueRow]:
    """Each queue with its marks."""
    return [QueueRow(line, _marks(line, rules, seen.at)) for line in seen.queues]


def _marks(line: QueueLine, rules: FloorRules, at: datetime) -> dict[str, str]:
    levels = {
        figure: alarms.level_of(figure, value, rules.floor.of(line.name, figure))
        for figure, value in alarms.figures_of(line, at).items()
    }
    return {figure: SHAPES[level] for figure, level in levels.items() if level}


def worst(rows: Sequence[QueueRow], figure: str) -> str:
    """The worst mark of a figure in any queue; empty where all are as they should be."""
    marks = {row.marks.get(figure, "") for row in rows}
    return next((shape for shape in ("late", "soon") if shape in marks), "")


def live_alarms(db: Session) -> Sequence[FloorAlarm]:
    """The alarms that last."""
    return alarms.live(db)


def opened_agent(db: Session, seen: Board, agent_id: str) -> OpenAgent | None:
    """One agent of the board; None for somebody who never came to work."""
    found = next((each for each in seen.agents if each.id == agent_id), None)
    if found is None:
        return None
    talk = db.scalar(select(Interaction).where(Interaction.agent_id == agent_id, Interaction.state != "ended"))
    pop = screen_pop(db, keyring_of(db), talk.call_id, talk) if talk is not None else None
    newest = select(AgentChange).where(AgentChange.agent_id == agent_id).order_by(AgentChange.id.desc())
    changes = list(db.scalars(newest.limit(LAST_STATES)))
    present = [leg for leg in legs.of(db, talk.id) if leg.state not in ("left", "failed")] if talk is not None else []
    return OpenAgent(found, skills_of(db).get(agent_id, ()), talk, pop, present, changes)


def waiting_in(db: Session, queue: str) -> Sequence[QueuedCall]:
    """Who waits in a queue, in the order in which they are served."""
    here = select(QueuedCall).where(QueuedCall.queue == queue, QueuedCall.state.in_(HERE))
    return list(db.scalars(here.order_by(QueuedCall.rank_at, QueuedCall.id).limit(MOST_WAITING)))
