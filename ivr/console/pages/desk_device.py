"""Where one's own calls ring: in the browser, or on a telephone."""

from flask import Blueprint, g, redirect, render_template, url_for
from pydantic import Field
from werkzeug.wrappers import Response

from ivr.centre.queues import devices
from ivr.centre.queues.models import Agent
from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs
from ivr.console.forms import Form, Invalid, parsed, refusals_at
from ivr.console.office import actor, now, reading, work

pages = Blueprint("desk_device", __name__, url_prefix="/account/telephone")


class DeviceForm(Form):
    """The browser, or a telephone and its number."""

    device: str = Field(pattern="^(browser|telephone)$")
    number: str = Field("", max_length=32)


@pages.get("")
@needs(Permission.DESK)
def show() -> str:
    """Where my calls ring now."""
    return _page()


@pages.post("")
@needs(Permission.DESK)
def change() -> Response | tuple[str, int]:
    """Let them ring elsewhere from the next offer on."""
    try:
        form = parsed(DeviceForm)
        with refusals_at("device"), work() as db:
            devices.use(db, actor(), form.device, form.number, now())
    except Invalid as invalid:
        return _page(invalid), 422
    return redirect(url_for("console.desk.show"), 303)


def _page(invalid: Invalid | None = None) -> str:
    g.form_page = "console.desk_device.show"
    with reading() as db:
        agent = db.get(Agent, actor().id)
        device, number = (agent.device if agent is not None else "browser"), devices.number_of(db, agent)
    faults = invalid.faults if invalid else {}
    return render_template("desk/device.html", device=device, number=number, faults=faults)
