"""The roles of the management rules, and which of them one person may hold together. Pure."""

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for, in the order in which it decides what they see first."""

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
NAMED_BY_UNIT = frozenset({Role.UNIT, Role.DEPT})  # they are known by their branch or department


def may_be_held_together(roles: Collection[Role]) -> bool:
    """Whether one person may hold these: several only inside the Remote Banking Department.

    Each other role is of another department, and each says what its people may not do (no calls, no customer data, no
    changes): a second role would take that back.
    """
    return len(roles) == 1 or (len(roles) > 1 and REMOTE_BANKING.issuperset(roles))


def first(roles: Collection[str]) -> Role:
    """The role whose home is shown."""
    return next(role for role in Role if role in roles)
