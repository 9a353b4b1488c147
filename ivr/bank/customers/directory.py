"""Find customers by identity card or mobile, and read their data."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.customers import identity
from ivr.bank.customers.models import Customer
from ivr.foundation import phone
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError

NOBODY = "nobody:"  # prefix of the subject for a number that belongs to no customer


@dataclass(frozen=True, slots=True)
class Person:
    """A customer's decrypted data; for rules and texts, never for a log."""

    id: str
    name: str
    mobile: str
    identity: str
    language: str


def checked(person: Person) -> Person:
    """The normalised person: mobile in E.164, the X of the identity card in upper case.

    Raises ValueError, without the number in its message, for an invalid mobile or identity card.
    """
    mobile, card = phone.mobile(person.mobile), identity.normal(person.identity)
    if mobile is None:
        raise ValueError("the mobile is no mobile number; write it as +8613800138000 or 13800138000")
    if card is None:
        raise ValueError("the identity card is wrong: eighteen places with a date of birth, the last of which checks")
    return replace(person, mobile=mobile, identity=card)


def add(db: Session, keyring: Keyring, given: Person, now: datetime) -> None:
    """Store a new customer, normalised by `checked`; raises ValueError for invalid data."""
    person = checked(given)
    db.add(
        Customer(
            id=person.id,
            name=keyring.seal_text(f"customers.name|{person.id}", person.name),
            mobile=keyring.seal_text(f"customers.mobile|{person.id}", person.mobile),
            mobile_index=keyring.blind_index("mobile", person.mobile),
            identity=keyring.seal_text(f"customers.identity|{person.id}", person.identity),
            identity_index=keyring.blind_index("identity", person.identity),
            language=person.language,
            created_at=now,
        )
    )


def is_readable(db: Session, keyring: Keyring | None) -> bool:
    """Whether these keys (None: no key) decrypt and find a stored customer; true when none is stored."""
    row = db.execute(select(Customer.id, Customer.mobile, Customer.mobile_index).limit(1)).first()
    if row is None:
        return True
    if keyring is None:
        return False
    try:
        mobile = keyring.open_text(f"customers.mobile|{row.id}", row.mobile)
    except ConfigurationError:
        return False
    return bool(keyring.blind_index("mobile", mobile) == row.mobile_index)


def by_identity(db: Session, keyring: Keyring, card: str) -> str | None:
    """The customer with this identity card."""
    index = keyring.blind_index("identity", card.upper())
    return db.scalar(select(Customer.id).where(Customer.identity_index == index))


def by_mobile(db: Session, keyring: Keyring, mobile: str) -> str | None:
    """The customer who registered this mobile (E.164)."""
    return db.scalar(select(Customer.id).where(Customer.mobile_index == keyring.blind_index("mobile", mobile)))


def registered(customer_id: str | None) -> str | None:
    """The id of a customer; None for no customer, and for the subject of a number that belongs to no customer."""
    return customer_id if customer_id and not customer_id.startswith(NOBODY) else None


def person(db: Session, keyring: Keyring, customer_id: str) -> Person | None:
    """A customer's decrypted data; None for a subject that is no customer."""
    row = db.get(Customer, customer_id) if registered(customer_id) else None
    if row is None:
        return None
    return Person(
        row.id,
        keyring.open_text(f"customers.name|{row.id}", row.name),
        keyring.open_text(f"customers.mobile|{row.id}", row.mobile),
        keyring.open_text(f"customers.identity|{row.id}", row.identity),
        row.language,
    )


def nobody(keyring: Keyring, number: str) -> str:
    """The subject for an unknown card or identity number: counted and locked like a customer."""
    return NOBODY + keyring.blind_index("nobody", number).hex()[:32]
