"""A line of the journal as pages and exports show it: everything of the customer is masked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ivr.bank.customers import directory
from ivr.calls.screen_pop import mask_name, mask_number
from ivr.foundation.crypto import Keyring
from ivr.reports.journal import Contact


@dataclass(frozen=True, slots=True)
class Line:
    """A contact with its masked number and the masked name of its customer; empty where they are not known."""

    contact: Contact
    number: str
    name: str


def lines(db: Session, keyring: Keyring, contacts: Iterable[Contact]) -> Iterator[Line]:
    """Each contact, masked; each customer is opened once."""
    names: dict[str, str] = {}
    for each in contacts:
        number = keyring.open_text(f"calls.caller|{each.call}", each.caller) if each.caller else ""
        if each.customer and each.customer not in names:
            person = directory.person(db, keyring, each.customer)
            names[each.customer] = mask_name(person.name) if person else ""
        yield Line(each, mask_number(number), names.get(each.customer or "", ""))
