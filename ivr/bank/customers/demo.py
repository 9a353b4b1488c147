"""The demonstration customers; the demonstration bank (ivr.bank.ledger.demo) uses the same ids."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.customers import directory
from ivr.bank.customers.directory import Person
from ivr.bank.customers.models import Customer
from ivr.foundation.crypto import Keyring

DEMO_CUSTOMERS = (
    Person("wang_fang", "王芳", "+8613800138000", "110101199003074215", "zh-CN"),
    Person("li_qiang", "李强", "+8613912345678", "310115198512123047", "zh-CN"),
    Person("chen_jing", "陈静", "+8615012340001", "44030619781126501X", "en"),
    Person("zhang_wei", "张伟", "+8618610010002", "330102199508150620", "zh-CN"),
)


def load_demo_customers(db: Session, keyring: Keyring, now: datetime) -> bool:
    """Store the four customers once; False, with nothing written, when the database has other customers."""
    present = set(db.scalars(select(Customer.id)))
    if present - {person.id for person in DEMO_CUSTOMERS}:
        return False
    for person in DEMO_CUSTOMERS:
        if person.id not in present:
            directory.add(db, keyring, person, now)
    return True
