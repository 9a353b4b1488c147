"""What a team leader does on the floor: takes part in a talk, signs an agent out, moves a caller, closes a queue."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Blueprint, request
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from ivr.centre.desk import steering, supervision
from ivr.centre.queues import closing
from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs
from ivr.console.forms import Form, Invalid, parsed, refusals_at
from ivr.console.office import actor, now, office, work
from ivr.console.pages.floor import back, floor_page

pages = Blueprint("steering", __name__, url_prefix="/floor")
SKILL = "skill."  # what the field of a skill's level is called, before its name
Shown = Answer | tuple[str, int]


class AgentForm(Form):
    """Whom it is about."""

    agent: str = Field(min_length=1, max_length=32)


class PartForm(AgentForm):
    """How the leader takes part in the agent's talk."""

    mode: str = Field(pattern="^(listen|whisper|barge)$")


class MoveForm(Form):
    """A waiting caller, and the queue that they go to."""

    call: int
    to: str = Field(min_length=1, max_length=64)


class QueueForm(Form):
    """Which queue."""

    queue: str = Field(min_length=1, max_length=64)


class CloseForm(QueueForm):
    """Why it is closed, and for how many minutes."""

    announcement: str = Field(min_length=1, max_length=32)
    minutes: int = Field(ge=1, le=720)


@contextmanager
def _deed() -> Iterator[Session]:
    """The transaction of a deed; what a rule says no to is told at the top of the page."""
    with refusals_at("agent"), work() as db:
        yield db


@pages.post("/take-part")
@needs(Permission.TALKS_LISTEN)
def take_part() -> Shown:
    """Listen, whisper or barge; again in another way."""
    try:
        form = parsed(PartForm)
        with _deed() as db:
            supervision.take_part(db, office().paths, actor(), form.agent, form.mode, now())
    except Invalid as invalid:
        return floor_page(invalid), 422
    return back()


@pages.post("/leave")
@needs(Permission.TALKS_LISTEN)
def leave() -> Shown:
    """Take part no longer."""
    try:
        form = parsed(AgentForm)
        with _deed() as db:
            supervision.leave(db, actor(), form.agent, now())
    except Invalid as invalid:
        return floor_page(invalid), 422
    return back()


@pages.post("/sign-out")
@needs(Permission.FLOOR_STEER)
def sign_out() -> Shown:
    """Sign an agent out, now or after their talk."""
    try:
        form = parsed(AgentForm)
        with _deed() as db:
            steering.sign_out(db, actor(), form.agent, now())
    except Invalid as invalid:
        return floor_page(invalid), 422
    return back()


@pages.post("/skills")
@needs(Permission.FLOOR_STEER)
def skills() -> Shown:
    """What an agent serves from now on; a level of 0 takes a skill away."""
    try:
        form = parsed(AgentForm)
        with _deed() as db:
            steering.set_skills(db, actor(), form.agent, _levels(), now())
    except Invalid as invalid:
        return floor_page(invalid), 422
    return back()


def _levels() -> dict[str, int]:
    """Skill -> level, of the skills that some queue asks for. Raises `Invalid` for what is no level."""
    known = {skill for skill, _ in office().floor_rules.skills.values()}
    given = {name.removeprefix(SKILL): level for name, level in request.form.items() if name.startswith(SKILL)}
    if not given.keys() <= known or not all(level in "012345" and len(level) == 1 for level in given.values()):
        raise Invalid({"agent": ("skill_level", {})})
    return {skill: int(level) for skill, level in given.items() if level != "0"}


@pages.post("/move")
@needs(Permission.FLOOR_STEER)
def move() -> Shown:
    """Move a waiting caller to another queue."""
    try:
        form = parsed(MoveForm)
        rules = office().floor_rules.queues.get(form.to)
        if rules is None:
            raise Invalid({"to": ("form", {})})
        with _deed() as db:
            steering.move_call(db, actor(), form.call, form.to, rules.priority, now())
    except Invalid as invalid:
        return floor_page(invalid), 422
    return back()


@pages.post("/close")
@needs(Permission.FLOOR_STEER)
def close() -> Shown:
    """Close a queue for a while."""
    try:
        form = parsed(CloseForm)
        if form.queue not in office().floor_rules.queues:
            raise Invalid({"queue": ("form", {})})
        until = now() + timedelta(minutes=form.minutes)
        with _deed() as db:
            closing.close(db, actor(), form.queue, form.announcement, until, now())
    except Invalid as invalid:
        return floor_page(invalid), 422
    return back()


@pages.post("/reopen")
@needs(Permission.FLOOR_STEER)
def reopen() -> Shown:
    """Open a queue before its end."""
    try:
        form = parsed(QueueForm)
        with _deed() as db:
            closing.reopen(db, actor(), form.queue, now())
    except Invalid as invalid:
        return floor_page(invalid), 422
    return back()
