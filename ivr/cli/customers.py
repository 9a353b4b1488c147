"""python -m ivr customers: import customers from a file, lift the lock of a password."""

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from sqlalchemy.orm import Session

from ivr.bank.customers import directory, identity, importing, verification
from ivr.bank.customers.importing import Plan
from ivr.cli.arguments import Commands, add_by_and_reason, by_and_reason, run
from ivr.db import look, work
from ivr.foundation import clock, phone
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError
from ivr.installation import Installation, opened
from ivr.platform.audit import log as audit

SUBJECT = "customers"


def main(argv: Sequence[str]) -> int:
    """Run one of the commands; 1 when something was refused, with an explanation."""
    parser = argparse.ArgumentParser(
        prog="python -m ivr customers",
        description="Import customers from a file, lift the lock of a password. Both stand in the audit log.",
        epilog="example: python -m ivr customers import customers.csv",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _importing(commands)
    _unlocking(commands)
    return run(parser, argv)


def _importing(commands: "Commands[argparse.ArgumentParser]") -> None:
    each = commands.add_parser(
        "import",
        help="read customers from a CSV file",
        description="Read customers from a CSV file whose first line names its columns: "
        f"{','.join(importing.COLUMNS)}. Without --apply it only tells what would be done.",
        epilog="example: python -m ivr customers import customers.csv --apply --by zhang.li --reason 'branch Pudong'",
    )
    each.set_defaults(command=import_file)
    each.add_argument("file", type=Path, help="the file, in UTF-8 or GB18030")
    each.add_argument("--apply", action="store_true", help="do it, if no line is refused")
    add_by_and_reason(each, needed_with="--apply")


def _unlocking(commands: "Commands[argparse.ArgumentParser]") -> None:
    each = commands.add_parser(
        "unlock",
        help="lift the lock of a password, after a branch has identified the customer",
        description="Lift the lock of a telephone password and forget its wrong tries. A card that was reported lost "
        "stays stopped: that is the branch's and the core bank's.",
        epilog="example: python -m ivr customers unlock --mobile +8613800138000 --lock query --by zhang.li "
        "--reason 'identified at the counter'",
    )
    each.set_defaults(command=unlock)
    whose = each.add_mutually_exclusive_group(required=True)
    whose.add_argument("--customer", help="the customer's id")
    whose.add_argument("--mobile", help="or the registered mobile")
    whose.add_argument("--identity", help="or the identity card")
    each.add_argument("--lock", choices=("query", "transaction"), required=True, help="which password")
    add_by_and_reason(each)


def import_file(given: argparse.Namespace) -> int:
    """Print what the import would do; with --apply, import all lines or nothing."""
    if given.apply and not (given.by.strip() and given.reason.strip()):
        raise ConfigurationError("--apply needs --by and --reason: both stand in the audit log")
    try:
        content = given.file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{given.file} cannot be read: {error.strerror}") from error
    text = importing.decode(content)
    with opened() as installation:
        keyring, languages = installation.keyring, installation.settings.languages
        with look(installation.database, 60) as db:
            made = importing.plan(db, keyring, text, languages)
        if given.apply and made.new and not made.refused:
            made = _keep(installation, text, given, hashlib.sha256(content).hexdigest())
    return _told(made, given)


def _keep(installation: Installation, text: str, given: argparse.Namespace, digest: str) -> Plan:
    """Check again inside the writing transaction, since another one may have added customers meanwhile."""
    keyring, now = installation.keyring, clock.now()
    with work(installation.database) as db:
        made = importing.plan(db, keyring, text, installation.settings.languages)
        if made.refused:
            return made
        for person in made.new:
            directory.add(db, keyring, person, now)
        db.flush()
        details = {"reason": given.reason.strip(), "file_sha256": digest, "present": made.present}
        details["ids"] = [person.id for person in made.new]
        audit.append(
            db, keyring, at=now, actor=given.by.strip(), deed="customers_imported", subject=SUBJECT, details=details
        )
    return made


def _told(made: Plan, given: argparse.Namespace) -> int:
    for each in made.refused:
        print(f"{given.file}:{each.line}: {each.reason}")
    counts = f"{len(made.new)} new, {made.present} there already, {len(made.refused)} refused"
    if made.refused:
        print(f"{counts}; nothing was imported")
        return 1
    print(
        f"{counts}; " + ("imported" if given.apply else "nothing was imported yet: add --apply --by ... --reason ...")
    )
    return 0


def unlock(given: argparse.Namespace) -> int:
    """Lift the lock of one password of one customer."""
    by, reason = by_and_reason(given)
    with opened() as installation:
        keyring, now = installation.keyring, clock.now()
        with work(installation.database) as db:
            customer_id, who = _found(db, keyring, given)
            count = verification.unlock(db, customer_id, given.lock, now)
            if count is not None:
                details = {"reason": reason, "lock": given.lock, **asdict(count)}
                audit.append(db, keyring, at=now, actor=by, deed="lock_lifted", subject=customer_id, details=details)
    if count is None:
        print(f"the {given.lock} password of {who} was not locked; nothing was changed")
        return 0
    print(f"the {given.lock} password of {who} may be tried again")
    return 0


def _found(db: Session, keyring: Keyring, given: argparse.Namespace) -> tuple[str, str]:
    """The customer's id, and how to print it; a customer known only to the core bank has just the id."""
    customer_id: str | None = given.customer
    if given.mobile is not None:
        number = phone.normal(given.mobile)
        customer_id = directory.by_mobile(db, keyring, number) if number else None
    elif given.identity is not None:
        customer_id = directory.by_identity(db, keyring, given.identity.strip())
    person = directory.person(db, keyring, customer_id) if customer_id else None
    if customer_id is None or (person is None and not verification.has_tried(db, customer_id)):
        raise ConfigurationError("there is no such customer")
    if person is None:
        return customer_id, f"customer {customer_id}"
    known = f"mobile {phone.masked(person.mobile)}, identity card {identity.masked(person.identity)}"
    return customer_id, f"customer {customer_id} ({known})"
