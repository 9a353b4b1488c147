"""The agent's desk: presence, the offer, the talk, the wrap-up. Each view acts by one deed and shows the desk again."""

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request, url_for
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from ivr.centre.desk import handover, talk, transfers, wrap_ups
from ivr.centre.desk.models import WrapUp
from ivr.centre.queues import offers, presence
from ivr.centre.queues.offers import TakenAlready
from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs
from ivr.console.desk_view import desk_view
from ivr.console.forms import Form, Invalid, parsed, refusals_at
from ivr.console.office import actor, now, office, reading, work

pages = Blueprint("desk", __name__, url_prefix="/desk")


class PresenceForm(Form):
    """Why somebody is not ready."""

    reason: str = ""


class TargetForm(Form):
    """Whom the customer is passed on to."""

    to: str = Field(min_length=1, max_length=80)


class SheetForm(Form):
    """The wrap-up, as far as it was typed."""

    category: str = Field("", max_length=32)
    product: str = Field("", max_length=32)
    disposition: str = Field("", max_length=32)
    notes: str = Field("", max_length=wrap_ups.MOST_NOTES)
    after: str = Field("ready", pattern="^(ready|not_ready)$")
    reason: str = ""


@pages.get("")
@needs(Permission.DESK)
def show() -> str:
    """The desk as it stands now: idle, with an offer, in a talk, or writing up."""
    return _page()


@pages.post("/ready")
@needs(Permission.DESK)
def ready() -> Answer | tuple[str, int]:
    """Ready, now or when what goes on is over."""
    return _wish("ready")


@pages.post("/not-ready")
@needs(Permission.DESK)
def not_ready() -> Answer | tuple[str, int]:
    """Not ready, for a reason."""
    return _wish("not_ready")


@pages.post("/proof")
@needs(Permission.DESK)
def prove() -> Response:
    """The desk runs: nobody is offered to one that has not said so for a while."""
    with work(durable=False) as db:
        agent = presence.prove(db, actor().id, now())
    return jsonify(state=agent.state if agent is not None else "signed_out", now=now().isoformat())


@pages.post("/offers/<int:offer>/accept")
@needs(Permission.DESK)
def accept(offer: int) -> Answer | tuple[str, int]:
    """Take the call that is offered."""
    try:
        with work() as db:
            handover.accept(db, office().paths, actor(), offer, now())
    except TakenAlready as taken:
        return _page(taken=taken), 409
    return redirect(url_for(".show"), 303)


@pages.post("/offers/<int:offer>/refuse")
@needs(Permission.DESK)
def refuse(offer: int) -> Answer | tuple[str, int]:
    """Let another agent take it."""
    try:
        with work() as db:
            offers.refuse(db, actor(), offer, now())
    except TakenAlready as taken:
        return _page(taken=taken), 409
    return redirect(url_for(".show"), 303)


@pages.post("/hold")
@needs(Permission.DESK)
def hold() -> Answer | tuple[str, int]:
    """Music for the customer."""
    return _talk("hold")


@pages.post("/retrieve")
@needs(Permission.DESK)
def retrieve() -> Answer | tuple[str, int]:
    """The customer is back."""
    return _talk("retrieve")


@pages.post("/verify")
@needs(Permission.DESK)
def verify() -> Answer | tuple[str, int]:
    """The customer keys a password in the self-service."""
    return _talk("verify")


@pages.post("/resume")
@needs(Permission.DESK)
def resume() -> Answer | tuple[str, int]:
    """The customer goes on at the step that failed."""
    return _talk("resume")


@pages.post("/consult")
@needs(Permission.DESK)
def consult() -> Answer | tuple[str, int]:
    """Ask another agent, while the customer hears music."""
    return _pass_on("consult")


@pages.post("/consult/complete")
@needs(Permission.DESK)
def complete_consultation() -> Answer | tuple[str, int]:
    """The other agent has the customer from now on."""
    return _talk("complete")


@pages.post("/consult/cancel")
@needs(Permission.DESK)
def cancel_consultation() -> Answer | tuple[str, int]:
    """The other agent leaves, and the customer is back."""
    return _talk("cancel")


@pages.post("/transfer")
@needs(Permission.DESK)
def transfer() -> Answer | tuple[str, int]:
    """The customer goes to another agent or queue."""
    return _pass_on("transfer")


@pages.post("/conference")
@needs(Permission.DESK)
def conference() -> Answer | tuple[str, int]:
    """Customer and both agents talk."""
    return _talk("conference")


@pages.post("/help")
@needs(Permission.DESK)
def ask_for_help() -> Answer | tuple[str, int]:
    """The team leader is wanted."""
    return _talk("help")


@pages.post("/hang-up")
@needs(Permission.DESK)
def hang_up() -> Answer | tuple[str, int]:
    """The talk is over."""
    return _talk("hang_up")


@pages.post("/interactions/<int:interaction>/notes")
@needs(Permission.DESK)
def save(interaction: int) -> Response:
    """Keep what was typed so far."""
    form = parsed(SheetForm)
    given = {name: getattr(form, name) for name in (*wrap_ups.FIELDS, "notes") if name in request.form}
    with work(durable=False) as db:
        sheet = _own_sheet(db, interaction)
        wrap_ups.save(db, sheet, given, now())
    return jsonify(saved_at=now().strftime("%H:%M:%S"))


@pages.post("/interactions/<int:interaction>/wrap-up")
@needs(Permission.DESK)
def submit(interaction: int) -> Answer | tuple[str, int]:
    """The talk is written up."""
    form = parsed(SheetForm)
    try:
        with refusals_at("category"), work() as db:
            sheet = _own_sheet(db, interaction)
            wrap_ups.save(db, sheet, form.model_dump(include={*wrap_ups.FIELDS, "notes"}), now())
            wrap_ups.submit(db, actor(), sheet, form.after, form.reason, now())
    except Invalid as invalid:
        return _page(invalid), 422
    return redirect(url_for(".show"), 303)


@pages.post("/longer")
@needs(Permission.DESK)
def longer() -> Answer | tuple[str, int]:
    """A minute more to write up."""
    try:
        with refusals_at("category"), work() as db:
            wrap_ups.lengthen(db, actor().id, now())
    except Invalid as invalid:
        return _page(invalid), 422
    return redirect(url_for(".show"), 303)


def _wish(target: str) -> Answer | tuple[str, int]:
    try:
        with refusals_at("reason"), work() as db:
            presence.wish(db, actor(), actor().id, target, parsed(PresenceForm).reason, now())
            presence.prove(db, actor().id, now())
    except Invalid as invalid:
        return _page(invalid), 422
    return redirect(url_for(".show"), 303)


def _talk(deed: str) -> Answer | tuple[str, int]:
    """One deed of a talk; one that comes too late shows the desk as it stands, with a sentence."""
    try:
        with refusals_at("talk"), work() as db:
            if deed == "hold":
                talk.hold(db, office().paths, actor(), now())
            elif deed == "retrieve":
                talk.retrieve(db, actor(), now())
            elif deed == "verify":
                talk.verify(db, office().paths, actor(), _level_to_prove(db), now())
            elif deed == "resume":
                talk.resume(db, office().paths, actor(), now())
            elif deed == "complete":
                transfers.complete(db, actor(), now())
            elif deed == "cancel":
                transfers.cancel(db, actor(), now())
            elif deed == "conference":
                transfers.conference(db, actor(), now())
            elif deed == "help":
                transfers.ask_for_help(db, actor(), now())
            else:
                transfers.hang_up(db, office().paths, actor(), now())
    except Invalid as invalid:
        return _page(invalid), 422
    return redirect(url_for(".show"), 303)


def _pass_on(deed: str) -> Answer | tuple[str, int]:
    """Consult or transfer: to whom is named in the form."""
    try:
        with refusals_at("to"), work() as db:
            act = transfers.consult if deed == "consult" else transfers.transfer
            act(db, office().paths, actor(), parsed(TargetForm).to, now())
    except Invalid as invalid:
        return _page(invalid), 422
    return redirect(url_for(".show"), 303)


def _level_to_prove(db: Session) -> str:
    """The password that has not been keyed yet."""
    return "transaction" if talk.own(db, actor()).level == "query" else "query"


def _own_sheet(db: Session, interaction_id: int) -> WrapUp:
    sheet = db.get(WrapUp, interaction_id)
    return sheet if sheet is not None and sheet.agent_id == actor().id else abort(404)


def _page(invalid: Invalid | None = None, taken: TakenAlready | None = None) -> str:
    g.form_page = "console.desk.show"
    with reading() as db:
        desk = desk_view(db, actor().id, now())
    return render_template(
        "desk/show.html", desk=desk, faults=invalid.faults if invalid else {}, taken=taken, wrap_up=office().wrap_up
    )
