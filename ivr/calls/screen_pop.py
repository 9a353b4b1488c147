"""What an agent is shown of a caller, with the offer already: who, how far proven, what they came for, where it failed.

Everything is masked here: what a page does not have it cannot show. docs/architecture.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.customers import directory
from ivr.calls.models import Call
from ivr.calls.tracing import read_call
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues import waiting
from ivr.foundation.crypto import Keyring

MOST_STEPS = 40
MOST_CONTACTS = 10
UNTOLD = frozenset({"enter", "collected"})  # steps that say nothing to a reader


@dataclass(frozen=True, slots=True)
class PathStep:
    """One thing that a caller did on the way: the step, and what happened there in the words of a trail."""

    at: datetime
    flow: str
    step: str
    what: str
    is_failed: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """An earlier talk with this customer."""

    call_id: str
    at: datetime
    agent_id: str
    category: str
    disposition: str
    is_written_up: bool


@dataclass(frozen=True, slots=True)
class ScreenPop:
    """A caller as an agent sees them. `name`, `number`, `identity` and `mobile` are masked, empty where unknown."""

    call_id: str
    name: str
    number: str
    mobile: str
    identity: str
    customer_id: str | None
    language: str
    level: str
    proven_until: datetime | None
    intent: str
    failed_step: str
    entered_at: datetime | None
    path: Sequence[PathStep]
    contacts: Sequence[Contact]


def mask_name(name: str) -> str:
    """王芳 -> 王*."""
    return f"{name[:1]}*" if name else ""


def mask_number(number: str) -> str:
    """+8613800138000 -> 138••••8000."""
    digits = number.removeprefix("+86")
    return f"{digits[:3]}••••{digits[-4:]}" if len(digits) >= 7 else ""


def mask_identity(identity: str) -> str:
    """310101199003071234 -> 310••••••••••1234."""
    return f"{identity[:3]}••••••••••{identity[-4:]}" if len(identity) >= 8 else ""


def screen_pop(db: Session, keyring: Keyring, call_id: str, interaction: Interaction | None = None) -> ScreenPop:
    """What is known of a caller; of an `interaction` its own proof level counts, which may be newer than the wait's."""
    entry = waiting.newest(db, call_id)
    sealed = db.scalar(select(Call.caller).where(Call.call == call_id))
    number = keyring.open_text(f"calls.caller|{call_id}", sealed) if sealed else ""
    customer_id = interaction.customer_id if interaction is not None else entry.customer_id if entry else None
    person = directory.person(db, keyring, customer_id) if customer_id else None
    failed = entry.failed_step if entry is not None else ""
    return ScreenPop(
        call_id,
        name=mask_name(person.name) if person else "",
        number=mask_number(number),
        mobile=mask_number(person.mobile) if person else "",
        identity=mask_identity(person.identity) if person else "",
        customer_id=customer_id,
        language=entry.language if entry else "",
        level=interaction.level if interaction is not None else entry.level if entry else "none",
        proven_until=interaction.proven_until if interaction is not None else entry.proven_until if entry else None,
        intent=entry.intent if entry else "",
        failed_step=failed,
        entered_at=entry.entered_at if entry else None,
        path=_path(db, call_id, failed),
        contacts=contacts(db, customer_id, call_id) if customer_id else (),
    )


def _path(db: Session, call_id: str, failed_step: str) -> list[PathStep]:
    """What the caller did, the newest last; the last thing at the step where the self-service was left is marked."""
    found = []
    for turn in read_call(db.connection(), call_id).turns:
        for place, what in turn.trail:
            flow, _, step = place.partition(".")
            if place and what not in UNTOLD and not what.startswith("row "):
                found.append(PathStep(turn.at, flow, step, what))
    last = max((at for at, each in enumerate(found) if f"{each.flow}.{each.step}" == failed_step), default=None)
    if last is not None:
        failed = found[last]
        found[last] = PathStep(failed.at, failed.flow, failed.step, failed.what, is_failed=True)
    return found[-MOST_STEPS:]


def contacts(db: Session, customer_id: str, but: str) -> list[Contact]:
    """The newest talks with a customer, other than in this call."""
    rows = db.execute(
        select(Interaction, WrapUp)
        .outerjoin(WrapUp, WrapUp.interaction_id == Interaction.id)
        .where(Interaction.customer_id == customer_id, Interaction.talked_at.is_not(None), Interaction.call_id != but)
        .order_by(Interaction.accepted_at.desc())
        .limit(MOST_CONTACTS)
    )
    return [
        Contact(
            each.call_id, each.accepted_at, each.agent_id, sheet.category if sheet else "",
            sheet.disposition if sheet else "", sheet is not None and sheet.state == "submitted",
        )
        for each, sheet in rows
    ]  # fmt: skip
