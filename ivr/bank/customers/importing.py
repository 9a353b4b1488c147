"""Import customers from a CSV file: each line is accepted, or refused with its line number and the reason."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.customers import directory
from ivr.bank.customers.directory import NOBODY, Person
from ivr.bank.customers.models import Customer
from ivr.foundation import csv_file
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError

COLUMNS = ("id", "name", "mobile", "identity", "language")
MOST_NAME = 60
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_ROUNDED = re.compile(r"[0-9.]+[eE]\+[0-9]+|[0-9]{15}000", re.ASCII)  # to fifteen digits


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused line. The reason contains no data of the line."""

    line: int
    reason: str


@dataclass
class Plan:
    """The result of a dry run: new customers, the number already stored unchanged, and refused lines."""

    new: list[Person] = field(default_factory=list)
    present: int = 0
    refused: list[Refused] = field(default_factory=list)


def decode(content: bytes) -> str:
    """The text of a file; raises `ConfigurationError` for an unknown encoding."""
    try:
        return csv_file.decoded(content)
    except csv_file.UnknownEncodingError:
        raise ConfigurationError("the file is neither UTF-8 nor GB18030; save it as CSV in UTF-8") from None


def plan(db: Session, keyring: Keyring, text: str, languages: Sequence[str]) -> Plan:
    """Read every line and compare it with the other lines and with the stored customers."""
    made = Plan()
    taken: dict[tuple[str, str], int] = {}
    for line, fields in _lines(text):
        try:
            person = _person(fields, languages)
            _alone(person, line, taken)
            is_present = _is_present(db, keyring, person)
        except ValueError as reason:
            made.refused.append(Refused(line, str(reason)))
            continue
        if is_present:
            made.present += 1
        else:
            made.new.append(person)
    return made


def _lines(text: str) -> Iterator[tuple[int, Mapping[str, str] | None]]:
    try:
        yield from csv_file.lines(text, COLUMNS)
    except csv_file.OtherColumnsError:
        raise ConfigurationError(f"the first line must name the columns: {','.join(COLUMNS)}") from None


def _person(fields: Mapping[str, str] | None, languages: Sequence[str]) -> Person:
    if fields is None:
        raise ValueError(f"it does not have {len(COLUMNS)} fields")
    if not _ID.fullmatch(fields["id"]) or fields["id"].startswith(NOBODY):
        raise ValueError("the id must be 1 to 64 letters, digits, _ . or -")
    name = fields["name"]
    if not 0 < len(name) <= MOST_NAME or not name.isprintable():
        raise ValueError(f"the name must be 1 to {MOST_NAME} printable characters")
    if fields["language"] not in languages:
        raise ValueError(f"the language must be one of {', '.join(languages)}")
    try:
        return directory.checked(Person(fields["id"], name, fields["mobile"], fields["identity"], fields["language"]))
    except ValueError as fault:
        if any(_ROUNDED.fullmatch(fields[each]) for each in ("mobile", "identity")):
            raise ValueError("a number was rounded by a spreadsheet; format its column as text") from fault
        raise


def _alone(person: Person, line: int, taken: dict[tuple[str, str], int]) -> None:
    """Raises ValueError where an earlier line has the same id, mobile or identity card."""
    for what in ("id", "mobile", "identity"):
        earlier = taken.setdefault((what, getattr(person, what)), line)
        if earlier != line:
            raise ValueError(f"line {earlier} has the same {what}")


def _is_present(db: Session, keyring: Keyring, person: Person) -> bool:
    """Whether this customer is stored unchanged; raises ValueError for a duplicate or for different data."""
    mobile = keyring.blind_index("mobile", person.mobile)
    card = keyring.blind_index("identity", person.identity)
    same = (Customer.id == person.id) | (Customer.mobile_index == mobile) | (Customer.identity_index == card)
    found = db.scalars(select(Customer.id).where(same)).all()
    if not found:
        return False
    if directory.person(db, keyring, person.id) == person and len(found) == 1:
        return True
    if person.id in found:
        raise ValueError("a customer of this id is there with other data; an import changes nobody")
    raise ValueError("another customer has this mobile or identity card")
