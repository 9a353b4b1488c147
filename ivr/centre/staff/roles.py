"""The roles of the management rules, and which of them one person may hold together. Pure."""

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    """The roles, in order of precedence for the home page."""

    HEAD = "head"
    LEADER = "leader"
    AGENT = "agent"
    QA = "qa"
    STATS = "stats"
    PARTY = "party"
    UNIT = "unit"
    DEPT = "dept"
    TECH = "tech"
    HR = "hr"
    AUDIT = "audit"


REMOTE_BANKING = frozenset({Role.HEAD, Role.LEADER, Role.AGENT, Role.QA, Role.STATS})  # 远程银行部
NAMED_BY_UNIT = frozenset({Role.UNIT, Role.DEPT})  # shown by their branch or department


def may_be_held_together(roles: Collection[Role]) -> bool:
    """Whether one person may hold these: several only inside the Remote Banking Department.

    Each other role belongs to another department and excludes something (calls, customer data, changes), which a second
    role would permit.
    """
    return len(roles) == 1 or (len(roles) > 1 and REMOTE_BANKING.issuperset(roles))


def first(roles: Collection[str]) -> Role:
    """The role whose home is shown."""
    return next(role for role in Role if role in roles)
