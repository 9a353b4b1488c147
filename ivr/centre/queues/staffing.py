"""Who serves a queue, from its rules: a level that falls with the wait, and other skills that help out."""

from collections.abc import Mapping
from typing import Protocol

from ivr.centre.queues.distribution import QueueStaffing
from ivr.centre.queues.matching import Requirement


class Rules(Protocol):
    """What the rules of a queue say of its agents; see `queues:` in config.yaml."""

    @property
    def skill(self) -> str: ...
    @property
    def level(self) -> int: ...
    @property
    def relax(self) -> Mapping[str, int]: ...
    @property
    def overflow(self) -> Mapping[str, Mapping[str, int]]: ...
    @property
    def offered_seconds(self) -> int: ...
    @property
    def preferred_seconds(self) -> int: ...


def staffing_of(queue: str, rules: Rules) -> QueueStaffing:
    """The requirements of a queue, in the order in which the wait brings them."""
    skill = rules.skill or queue
    required = [Requirement(0.0, skill, rules.level)]
    required += [Requirement(float(after), skill, level) for after, level in rules.relax.items()]
    for after, skills in rules.overflow.items():
        required += [Requirement(float(after), other, level) for other, level in skills.items()]
    in_order = sorted(required, key=lambda each: (each.after_seconds, each.skill, each.level))
    return QueueStaffing(tuple(in_order), rules.offered_seconds, rules.preferred_seconds)
