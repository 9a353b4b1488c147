"""What the desk shows and does of the customer in a talk: one masked value shown, a lost card stopped."""

from flask import Blueprint, Response, abort, jsonify, redirect, url_for
from pydantic import Field
from werkzeug.wrappers import Response as Answer

from ivr.calls import revealing
from ivr.centre.desk import talk
from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs
from ivr.console.forms import Form, Invalid, parsed
from ivr.console.office import actor, now, office, reading, work
from ivr.console.pages.desk import desk_page
from ivr.console.words import say
from ivr.foundation.errors import CoreUnavailable, Refused

pages = Blueprint("desk_customer", __name__, url_prefix="/desk/interactions")


class RevealForm(Form):
    """Why a value is needed."""

    reason: str = ""


class LossForm(Form):
    """Which of the customer's cards, by its place in their list."""

    card: int = Field(ge=1, le=50)


@pages.post("/<int:interaction>/fields/<field>/reveal")
@needs(Permission.DESK)
def reveal(interaction: int, field: str) -> Response | tuple[Response, int]:
    """One value, for this talk and a reason; 404 outside it, as for a field that is not there."""
    try:
        with reading() as db:
            customer = revealing.customer_of(db, actor(), interaction, now())
            person = revealing.person_of(db, customer)
        accounts = office().bank.accounts(customer, now()) if revealing.needs_core(field) else ()
        value = revealing.value_of(field, person, accounts)
        reason = parsed(RevealForm).reason
        if reason not in revealing.REASONS:
            return jsonify(sentence=say("请选出原因")), 422
        with work() as db:  # it is in the audit log before it is shown
            revealing.note(db, actor(), interaction, field, reason, now())
    except LookupError:
        abort(404)
    except CoreUnavailable:
        return jsonify(sentence=say("核心系统没有应答，请稍后再按一次。")), 503
    return jsonify(value=value)


@pages.post("/<int:interaction>/report-loss")
@needs(Permission.DESK)
def report_loss(interaction: int) -> Answer | tuple[str, int]:
    """Stop a card of the customer in the agent's own talk; their identity is enough, as in the self-service."""
    try:
        with work(durable=False) as db:
            mine = talk.own(db, actor())
            db.expunge(mine)
        if mine.id != interaction or mine.customer_id is None:
            abort(404)
        chosen = parsed(LossForm).card
        accounts = office().bank.accounts(str(mine.customer_id), now())
        if chosen > len(accounts):
            raise Invalid({"card": ("form", {})})
        outcome = office().bank.report_loss(actor(), mine, accounts[chosen - 1], now())
    except Refused:
        abort(404)  # in no talk
    except Invalid as invalid:
        return desk_page(invalid), 422
    except CoreUnavailable:
        outcome = "unavailable"
    return redirect(url_for("console.desk.show", loss=outcome), 303)
