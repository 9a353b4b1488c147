"""The journal of calls: found by what is known of them, and each with everything that is kept of it."""

from flask import Blueprint, abort, request
from sqlalchemy.orm import Session

from ivr.bank.customers import directory
from ivr.calls.screen_pop import mask_name, mask_number
from ivr.calls.tracing import RecordedCall, read_call
from ivr.centre.desk.models import Interaction
from ivr.centre.staff.permissions import Permission, may, unlimited
from ivr.console import journal_filter
from ivr.console.access import needs
from ivr.console.journal_lines import lines
from ivr.console.journal_pages import rendered
from ivr.console.office import actor, office, reading
from ivr.console.words import language
from ivr.db.engines import TURN_SECONDS
from ivr.engine.bundle import Bundle
from ivr.foundation.errors import IvrError
from ivr.reports import journal
from ivr.reports.call_file import CallFile, call_file, talks_of
from ivr.reports.contacts import OUTCOMES
from ivr.reports.metrics import METRICS
from ivr.reports.steps import StepHeard, steps

pages = Blueprint("calls", __name__, url_prefix="/calls")


@pages.get("")
@needs(Permission.CALLS_VIEW)
def index() -> str:
    """The newest calls that fit."""
    given = journal_filter.given()
    with reading() as db:
        wanted = journal_filter.filter_of(db, given)
        found = journal.search(db, wanted, journal_filter.after(), journal.PAGE + 1)
        count = journal.count(db, wanted)
        shown = list(lines(db, office().keyring, found[: journal.PAGE]))
    is_more = len(found) > journal.PAGE
    return rendered(
        "calls/index.html", lines=shown, given=given, asked=journal_filter.asked(given), count=count,
        after=journal_filter.as_after(shown[-1].contact.key) if is_more else "", outcomes=OUTCOMES, metrics=METRICS,
        categories=office().wrap_up.categories, dispositions=office().wrap_up.dispositions,
    )  # fmt: skip


@pages.get("/<call>")
@needs(Permission.CALLS_VIEW)
def show(call: str) -> str:
    """One call: its steps as they were heard, its queues with offers, its talks."""
    with reading() as db:
        found = seen_call(db, call)
        recorded = read_call(db.connection(), call)
        number, name = _who(db, found)
        db.expunge_all()
    heard = steps(_bundle(recorded), recorded, language())
    return rendered(
        "calls/show.html", file=found, steps=heard, number=number, name=name, wrap_up=office().wrap_up,
        playing=request.args.get("listen", "").partition("."), last=_last(heard),
    )  # fmt: skip


def seen_call(db: Session, call: str) -> CallFile:
    """A call, for who may see it; for others it is not there."""
    found = call_file(db, call) if _may_see(db, call) else None
    return found if found is not None else abort(404)


def _may_see(db: Session, call: str) -> bool:
    if unlimited(actor(), Permission.CALLS_VIEW):
        return True
    talks: list[Interaction] = [each for each in talks_of(db, call) if each.talked_at is not None]
    return any(may(actor(), Permission.CALLS_VIEW, each) for each in talks)


def _who(db: Session, file: CallFile) -> tuple[str, str]:
    """The caller's number and the customer's name, masked."""
    keyring, call = office().keyring, file.call
    number = keyring.open_text(f"calls.caller|{call.call}", call.caller) if call.caller else ""
    known = [each.interaction.customer_id for each in file.talks] + [each.entry.customer_id for each in file.stays]
    customer = next((each for each in known if each), None)
    person = directory.person(db, keyring, customer) if customer else None
    return mask_number(number), mask_name(person.name) if person else ""


def _bundle(call: RecordedCall) -> Bundle | None:
    """The bundle that the call ran on; None where it cannot be had (another release's, or gone)."""
    try:
        return office().bundles.building(lambda: office().bundles.get(call.bundle), TURN_SECONDS)
    except (IvrError, LookupError):
        return None


def _last(heard: list[StepHeard]) -> StepHeard | None:
    return heard[-1] if heard else None
