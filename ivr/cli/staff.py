"""python -m ivr staff: add and list accounts, reset a password, print permissions."""

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.staff import accounts, credentials, random_secrets, roster
from ivr.centre.staff.accounts import Person
from ivr.centre.staff.certificates import LEVELS
from ivr.centre.staff.credentials import owner
from ivr.centre.staff.models import Account
from ivr.centre.staff.roles import Role
from ivr.cli.arguments import Commands, add_by_and_reason, by_and_reason, run
from ivr.console.words.english import ENGLISH
from ivr.console.words.refusals import REFUSALS
from ivr.db import look, work
from ivr.foundation import clock
from ivr.foundation.errors import ConfigurationError, IllegalTransition, Refused
from ivr.installation import Installation, opened
from ivr.platform.actor import Actor
from ivr.platform.keyring import carry

T = TypeVar("T")


def main(argv: Sequence[str]) -> int:
    """Run one of the commands; 1 when something was refused, with an explanation."""
    parser = argparse.ArgumentParser(
        prog="python -m ivr staff",
        description="Accounts of staff: add, list, reset, and who may do what. Changes stand in the audit log.",
        epilog="example: python -m ivr staff add liang.bo --name 梁博 --roles tech --by zhang.li --reason first",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _adding(commands)
    _listing(commands)
    _resetting(commands)
    _permissions(commands)
    return run(parser, argv)


def _adding(commands: "Commands[argparse.ArgumentParser]") -> None:
    each = commands.add_parser(
        "add",
        help="make an account, activate it, and print its temporary password",
        description="Make an account, activate it, and print its temporary password, to be changed at the first "
        "sign-in. An agent without a Putonghua certificate of level 2B or better is added and stays inactive.",
        epilog="example: python -m ivr staff add zhao.min --name 赵敏 --roles agent --certificate 2A "
        "--issued-on 2025-06-30 --by zhang.li --reason 'new in March'",
    )
    each.set_defaults(command=add)
    each.add_argument("user_name", help="2 to 32 small letters, digits, dots or underscores")
    each.add_argument("--name", required=True, help="the person's name")
    each.add_argument(
        "--roles", required=True, nargs="+", choices=[role.value for role in Role], help="one, or several"
    )
    each.add_argument("--unit", default="", help="branch or department; needed for the roles unit and dept")
    each.add_argument("--certificate", choices=LEVELS, help="level of the Putonghua certificate")
    each.add_argument("--issued-on", type=date.fromisoformat, help="its date, such as 2025-06-30")
    add_by_and_reason(each)


def _listing(commands: "Commands[argparse.ArgumentParser]") -> None:
    each = commands.add_parser(
        "list",
        help="list the accounts",
        description="List the accounts: user name, state, roles, second factor, name, unit.",
        epilog="example: python -m ivr staff list --role agent",
    )
    each.set_defaults(command=show_list)
    each.add_argument("--role", choices=[role.value for role in Role], help="only these")


def _resetting(commands: "Commands[argparse.ArgumentParser]") -> None:
    each = commands.add_parser(
        "reset",
        help="give somebody a temporary password",
        description="Give somebody a temporary password; their second factor and all their sessions end.",
        epilog="example: python -m ivr staff reset zhao.min --by zhang.li --reason 'telephone lost'",
    )
    each.set_defaults(command=reset)
    each.add_argument("user_name", help="whose")
    add_by_and_reason(each)


def _permissions(commands: "Commands[argparse.ArgumentParser]") -> None:
    each = commands.add_parser(
        "permissions",
        help="print who may do what",
        description="Print every way into the staff pages, with the permission it needs and the roles that have it.",
        epilog="example: python -m ivr staff permissions --json",
    )
    each.set_defaults(command=show_permissions)
    each.add_argument("--json", action="store_true", help="as JSON: [{method, path, permission, roles}]")


def add(given: argparse.Namespace) -> int:
    """Create an account, and activate it if the rules allow it."""
    actor, why = _actor(given)
    if bool(given.certificate) != bool(given.issued_on):
        raise ConfigurationError("--certificate and --issued-on belong together")
    person = _person(given)
    temporary = random_secrets.temporary_password()
    with opened() as installation:
        hashed = installation.hasher.hash(owner(person.user_name), temporary)
        with work(installation.database) as db:
            now = _begun(installation, db)
            account = _explained(lambda: accounts.add(db, actor, person, why, now))
            try:
                accounts.activate(db, actor, account, why, now)
            except Refused:
                print(
                    f"{person.user_name} is added and stays inactive: an agent needs a Putonghua certificate of level "
                    "2B or better"
                )
                return 1
            credentials.reset(db, actor, account, hashed, why, now)
    return _told(person.user_name, temporary)


def _person(given: argparse.Namespace) -> Person:
    cells = {
        "user_name": given.user_name, "name": given.name.strip(), "roles": " ".join(given.roles),
        "unit": given.unit.strip(), "certificate": given.certificate or "",
        "issued_on": given.issued_on.isoformat() if given.issued_on else "",
    }  # fmt: skip
    return _explained(lambda: roster.person_of(cells, frozenset(Role), clock.now().date()))


def show_list(given: argparse.Namespace) -> int:
    """List the accounts."""
    with opened() as installation, look(installation.database) as db:
        for each in db.scalars(select(Account).order_by(Account.id)):
            if given.role is None or given.role in each.roles:
                factor = "code" if each.has_second_factor else "-"
                roles = ",".join(sorted(each.roles))
                print(f"{each.id:32} {each.state:8} {roles:16} {factor:5} {each.name} {each.unit}".rstrip())
    return 0


def reset(given: argparse.Namespace) -> int:
    """Set a temporary password."""
    actor, why = _actor(given)
    temporary = random_secrets.temporary_password()
    with opened() as installation:
        hashed = installation.hasher.hash(owner(given.user_name), temporary)
        with work(installation.database) as db:
            now = _begun(installation, db)
            account = db.get(Account, given.user_name)
            if account is None:
                raise ConfigurationError(f"there is no account {given.user_name}; python -m ivr staff list names them")
            _explained(lambda: credentials.reset(db, actor, account, hashed, why, now))
    return _told(given.user_name, temporary)


def show_permissions(given: argparse.Namespace) -> int:
    """Print every method and path of the staff pages with its permission and roles."""
    from ivr.console.access import routes
    from ivr.console.application import standalone

    found = list(routes(standalone(lambda: None)))
    if given.json:
        rows = [
            {"method": each.method, "path": each.path, "permission": each.permission.value, "roles": each.roles}
            for each in found
        ]
        print(json.dumps(rows, indent=1))
        return 0
    for each in found:
        print(f"{each.method:6} {each.path:48} {each.permission.value:18} {' '.join(each.roles)}")
    return 0


def _actor(given: argparse.Namespace) -> tuple[Actor, str]:
    by, why = by_and_reason(given)
    return Actor("command", by), why


def _begun(installation: Installation, db: Session) -> datetime:
    carry(db, installation.keyring)
    return clock.now().astimezone(installation.settings.bank.zone)


def _explained(deed: Callable[[], T]) -> T:
    """What a deed returns; a rule that says no ends the command with its words and its name."""
    try:
        return deed()
    except Refused as refused:
        words = ENGLISH[REFUSALS[refused.rule]].format(**refused.facts)
        raise ConfigurationError(f"{words} ({refused.rule})") from refused
    except IllegalTransition as illegal:
        raise ConfigurationError(str(illegal)) from illegal


def _told(user_name: str, temporary: str) -> int:
    print(f"{user_name} signs in with the temporary password {temporary} within 72 hours, and changes it then")
    return 0
