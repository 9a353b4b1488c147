"""Permissions: one enum, and one table (permission, role) -> predicate on the object.

A predicate has two uses: on a row it is true or false; on a mapped class it is the condition for the SELECT of lists,
searches, counts and exports.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from ivr.centre.staff.roles import Role
from ivr.platform.actor import Actor

Predicate = Callable[[Actor, Any], Any]


class Permission(StrEnum):
    """One operation of a page: something that it shows or does."""

    HOME = "home"
    OWN_ACCOUNT = "own_account"
    STAFF_VIEW = "staff.view"
    STAFF_IMPORT = "staff.import"
    STAFF_CERTIFY = "staff.certify"
    STAFF_ADMINISTER = "staff.administer"
    AUDIT_VIEW = "audit.view"
    DESK = "desk"
    QUEUES_VIEW = "queues.view"
    FLOOR = "floor"
    FLOOR_STEER = "floor.steer"
    TALKS_LISTEN = "talks.listen"
    CALLS_VIEW = "calls.view"
    CALLS_EXPORT = "calls.export"
    RECORDINGS_LISTEN = "recordings.listen"
    REPORTS_VIEW = "reports.view"
    AGENT_DAYS_VIEW = "agent_days.view"


def everything(actor: Actor, it: Any) -> Any:  # noqa: ARG001 - a predicate takes both
    """Every object of the kind."""
    return True


def agents(actor: Actor, it: Any) -> Any:  # noqa: ARG001 - a predicate takes both
    """Accounts of agents."""
    return it.is_agent


def others(actor: Actor, it: Any) -> Any:
    """All accounts but the actor's own."""
    return it.id != actor.id


def own_talks(actor: Actor, it: Any) -> Any:
    """Talks of one's own, and through them one's own calls."""
    return it.agent_id == actor.id


_LEADING = dict.fromkeys((Role.LEADER, Role.HEAD), everything)
_EVERYBODY: Mapping[Role, Predicate] = dict.fromkeys(Role, everything)

GRANTS: Mapping[Permission, Mapping[Role, Predicate]] = {
    Permission.HOME: _EVERYBODY,
    Permission.OWN_ACCOUNT: _EVERYBODY,
    # centre/staff
    Permission.STAFF_VIEW: {Role.TECH: everything, Role.HR: agents},
    Permission.STAFF_IMPORT: {Role.TECH: everything, Role.HR: agents},
    Permission.STAFF_CERTIFY: {Role.HR: agents},
    Permission.STAFF_ADMINISTER: {Role.TECH: others},
    # centre/desk
    Permission.DESK: {Role.AGENT: everything},
    Permission.QUEUES_VIEW: dict.fromkeys((Role.AGENT, Role.LEADER, Role.HEAD, Role.STATS), everything),
    # centre/floor
    Permission.FLOOR: dict.fromkeys((Role.LEADER, Role.HEAD), everything),
    Permission.FLOOR_STEER: dict.fromkeys((Role.LEADER, Role.HEAD), everything),
    Permission.TALKS_LISTEN: dict.fromkeys((Role.LEADER, Role.HEAD), everything),
    # reports
    Permission.CALLS_VIEW: {Role.AGENT: own_talks, **_LEADING},
    Permission.CALLS_EXPORT: _LEADING,
    Permission.RECORDINGS_LISTEN: _LEADING,
    Permission.REPORTS_VIEW: {**_LEADING, Role.STATS: everything},
    Permission.AGENT_DAYS_VIEW: _LEADING,
    # platform/audit
    Permission.AUDIT_VIEW: {Role.AUDIT: everything},
}


def roles_of(permission: Permission) -> list[Role]:
    """The roles that have this permission for at least one object."""
    return [role for role in Role if role in GRANTS[permission]]


def permitted(actor: Actor, permission: Permission) -> bool:
    """Whether a role of the actor has this permission for at least one object."""
    return not actor.roles.isdisjoint(GRANTS[permission])


def unlimited(actor: Actor, permission: Permission) -> bool:
    """Whether a role of the actor has this permission for every object."""
    return any(predicate is everything for predicate in _predicates(actor, permission))


def may(actor: Actor, permission: Permission, it: object) -> bool:
    """Whether a role of the actor has this permission for this object."""
    return any(bool(predicate(actor, it)) for predicate in _predicates(actor, permission))


def visible(actor: Actor, permission: Permission, kind: type[Any]) -> ColumnElement[bool]:
    """The SELECT condition for the rows of a mapped class for which the actor has this permission."""
    made = [predicate(actor, kind) for predicate in _predicates(actor, permission)]
    return or_(false(), *(true() if each is True else each for each in made))


def _predicates(actor: Actor, permission: Permission) -> list[Predicate]:
    return [predicate for role, predicate in GRANTS[permission].items() if role in actor.roles]
