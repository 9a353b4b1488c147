"""The agent's desk: presence, the offer, the talk, the wrap-up. Each view acts by one deed and shows the desk again."""

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request, url_for
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from ivr.bank.core import Account as CoreAccount
from ivr.calls import revealing
from ivr.centre.desk import handover, talk, transfers, wrap_ups
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues import offers, presence
from ivr.centre.queues.offers import TakenAlready
from ivr.centre.staff import sessions
from ivr.centre.staff.models import Account
from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs, watching
from ivr.console.desk_view import DeskView, desk_view, late_sheet
from ivr.console.forms import Form, Invalid, parsed, refusals_at
from ivr.console.office import actor, midnight, now, office, reading, signed_in, watch, work
from ivr.console.scripts import Beside, beside
from ivr.console.words import desk as words

pages = Blueprint("desk", __name__, url_prefix="/desk")


WORKING = presence.BUSY | {"ready", "wrap_up"}  # who waits for callers, or serves one, is not idle


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
    after: str = Field("ready", pattern="^(ready|not_ready(:[a-z]*)?)$")


@pages.get("")
@needs(Permission.DESK)
def show() -> str:
    """The desk as it stands now: idle, with an offer, in a talk, or writing up."""
    return desk_page()


@pages.get("/interactions/<int:interaction>")
@needs(Permission.DESK)
def unwritten(interaction: int) -> str:
    """A sheet that nobody wrote up in time."""
    with reading() as db:
        if _own_sheet(db, interaction).state != "timed_out":
            abort(404)
    return desk_page(late=interaction)


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


@pages.post("/sign-out")
@needs(Permission.DESK)
def leave() -> Answer:
    """Off work, and signed out; where sheets are unwritten, after a question."""
    with reading() as db:
        is_asked = "anyway" not in request.form and wrap_ups.unwritten(db, actor().id)
    if is_asked:
        return redirect(url_for(".show", leaving="yes"), 303)
    with work() as db:
        presence.wish(db, actor(), actor().id, "signed_out", "", now())
    return redirect(url_for(".show"), 303)


@pages.post("/proof")
@needs(Permission.DESK)
@watching
def prove() -> Response:
    """The desk runs: nobody is offered to one that has not said so for a while."""
    with work(durable=False) as db:
        agent = presence.prove(db, actor().id, now())
        if agent is not None and agent.state in WORKING and signed_in().should_note:
            sessions.note_seen(db, signed_in().session_id, now())
    return jsonify(state=agent.state if agent is not None else "signed_out", now=now().isoformat())


@pages.post("/offers/<int:offer>/accept")
@needs(Permission.DESK)
def accept(offer: int) -> Answer | tuple[str, int]:
    """Take the call that is offered."""
    try:
        with work() as db:
            handover.accept(db, office().paths, actor(), offer, now())
    except TakenAlready as taken:
        return desk_page(taken=taken), 409
    return redirect(url_for(".show"), 303)


@pages.post("/offers/<int:offer>/refuse")
@needs(Permission.DESK)
def refuse(offer: int) -> Answer | tuple[str, int]:
    """Let another agent take it."""
    try:
        with work() as db:
            offers.refuse(db, actor(), offer, now())
    except TakenAlready as taken:
        return desk_page(taken=taken), 409
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
    with reading() as db:
        _own_sheet(db, interaction)  # before a word on its fields
    try:
        form = _whole(parsed(SheetForm))
        with refusals_at("category"), work() as db:
            sheet = _own_sheet(db, interaction)
            wrap_ups.save(db, sheet, form.model_dump(include={*wrap_ups.FIELDS, "notes"}), now())
            after, _, reason = form.after.partition(":")
            wrap_ups.submit(db, actor(), sheet, after, reason, now())
    except Invalid as invalid:
        return desk_page(invalid, late=interaction), 422
    return redirect(url_for(".show"), 303)


@pages.post("/longer")
@needs(Permission.DESK)
def longer() -> Answer | tuple[str, int]:
    """A minute more to write up."""
    try:
        with refusals_at("category"), work() as db:
            wrap_ups.lengthen(db, actor().id, now())
    except Invalid as invalid:
        return desk_page(invalid), 422
    return redirect(url_for(".show"), 303)


def _whole(form: SheetForm) -> SheetForm:
    """A sheet of which nothing is missing, and nothing unknown. Raises `Invalid` with every fault."""
    lists = office().wrap_up
    known = {"category": lists.categories, "product": lists.products, "disposition": lists.dispositions}
    faults = {
        name: ("required" if not getattr(form, name) else "form")
        for name in known
        if getattr(form, name) not in known[name]
    }
    if faults:
        raise Invalid({name: (rule, {}) for name, rule in faults.items()})
    return form


def _wish(target: str) -> Answer | tuple[str, int]:
    try:
        with refusals_at("reason"), work() as db:
            presence.wish(db, actor(), actor().id, target, parsed(PresenceForm).reason, now())
            presence.prove(db, actor().id, now())
    except Invalid as invalid:
        return desk_page(invalid), 422
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
                transfers.complete(db, office().paths, actor(), now())
            elif deed == "cancel":
                transfers.cancel(db, actor(), now())
            elif deed == "conference":
                transfers.conference(db, actor(), now())
            elif deed == "help":
                transfers.ask_for_help(db, actor(), now())
            else:
                transfers.hang_up(db, office().paths, actor(), now())
    except Invalid as invalid:
        return desk_page(invalid), 422
    return redirect(url_for(".show"), 303)


def _pass_on(deed: str) -> Answer | tuple[str, int]:
    """Consult or transfer: to whom is named in the form."""
    try:
        with refusals_at("to"), work() as db:
            act = transfers.consult if deed == "consult" else transfers.transfer
            act(db, office().paths, actor(), parsed(TargetForm).to, now())
    except Invalid as invalid:
        return desk_page(invalid), 422
    return redirect(url_for(".show"), 303)


def _level_to_prove(db: Session) -> str:
    """The password that has not been keyed yet."""
    return "transaction" if talk.own(db, actor()).level == "query" else "query"


def _own_sheet(db: Session, interaction_id: int) -> WrapUp:
    sheet = db.get(WrapUp, interaction_id)
    return sheet if sheet is not None and sheet.agent_id == actor().id else abort(404)


def desk_page(invalid: Invalid | None = None, taken: TakenAlready | None = None, late: int | None = None) -> str:
    """The desk as it stands; with a sheet of theirs that timed out before it, where `late` is its interaction."""
    g.form_page = "console.desk.show"
    with reading() as db:
        watched = watch(db, f"desk:{actor().id}", "queues")
        desk = strip_desk = desk_view(db, actor().id, now(), midnight())
        if late is not None and any(each.id == late for each, _ in desk.unwritten):
            desk = late_sheet(db, desk, db.get_one(Interaction, late))
        taken_by = db.get(Account, taken.agent_id) if taken is not None and taken.agent_id else None
        person = revealing.person_of(db, desk.pop.customer_id) if desk.pop and desk.pop.customer_id else None
        db.expunge_all()
    accounts = _accounts(desk)
    return render_template(
        "desk/show.html", desk=desk, strip_desk=strip_desk, watched=watched, taken=taken,
        taken_by=taken_by.name if taken_by is not None else "", wrap_up=office().wrap_up,
        faults=invalid.faults if invalid else {}, leaving="leaving" in request.args,
        loss=request.args.get("loss", ""), voice=_voice(strip_desk), phone=f"client:agent_{actor().id}",
        facts=revealing.masked(person, accounts or ()), cards=accounts or (), is_core_away=accounts is None,
        may_reveal=desk.interaction is not None and revealing.may_reveal(desk.interaction, actor().id, now()),
        script=_script(desk), script_language=_script_language(desk), **words.for_templates(desk),
    )  # fmt: skip


def _accounts(desk: DeskView) -> tuple[CoreAccount, ...] | None:
    """The accounts of the customer in a talk; None where the core does not answer."""
    if desk.mode not in ("call", "wrap") or desk.pop is None or desk.pop.customer_id is None:
        return ()
    return office().bank.accounts_shown(desk.pop.customer_id, now())


def _voice(desk: DeskView) -> str:
    """What carries the agent's voice: a telephone, the browser's at the embedded exchange, or nothing."""
    if desk.agent is not None and desk.agent.device == "telephone":
        return "telephone"
    return "exchange" if office().is_demonstration else "none"


def _script(desk: DeskView) -> Beside | None:
    """The words beside the call, in the caller's language."""
    if desk.mode != "call" or desk.pop is None:
        return None
    script = office().scripts[_script_language(desk)]
    return beside(script, desk.pop.intent, desk.pop.failed_step, actor().id)


def _script_language(desk: DeskView) -> str:
    wanted = desk.pop.language if desk.pop is not None else ""
    return wanted if wanted in office().scripts else next(iter(office().scripts))
