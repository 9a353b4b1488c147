"""Why a caller was offered to this agent, read from the decision that was stored with the offer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.centre.queues.decisions import replayed


@dataclass(frozen=True, slots=True)
class Why:
    """`rule` chose among the agents who met the requirement `skill` at `level`, reached after `after_seconds`.

    `behind` are agents who were free too, each with the rule that put them behind; `free` counts all who were free.
    """

    queue: str
    rule: str
    skill: str
    level: int
    after_seconds: float
    waited_seconds: float
    free: int
    behind: Sequence[tuple[str, str]]
    by: str = ""

    @property
    def is_of_distribution(self) -> bool:
        """Whether distribution chose; else the agent `by` asked for this one: a transfer, a consultation."""
        return bool(self.skill)


def why(decision: str) -> Why:
    """A stored decision for a reader; what a later release added is passed over."""
    stored = json.loads(decision)
    met, call = stored.get("met", {}), stored.get("call", {})
    return Why(
        queue=str(stored.get("queue", "")),
        rule=str(stored.get("rule", "")),
        skill=str(met.get("skill", "")),
        level=int(met.get("level", 0)),
        after_seconds=float(met.get("after_seconds", 0.0)),
        waited_seconds=max(0.0, float(stored.get("now", 0.0)) - float(call.get("waiting_since", 0.0))),
        free=int(stored.get("free", 0)),
        behind=[(str(each["agent"]), str(each["rule"])) for each in stored.get("behind", ())],
        by=str(stored.get("by", "")),
    )


def made_again(decision: str) -> tuple[str, str] | None:
    """The agent and the rule of a stored decision, made again from what is stored with it; None where nobody would get
    the call.
    """
    again = replayed(decision)
    return None if again is None else (again.agent.id, again.rule)
