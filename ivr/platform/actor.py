"""Who does something: a member of staff, somebody with the command line, or the program itself."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """Goes into every deed, and from there into the audit log. `id`: a user name, or the name given with --by.

    `unit` is the department or branch that a member of staff belongs to; rules on "its own cases" look at it.
    """

    kind: Literal["staff", "command", "system"]
    id: str
    roles: frozenset[str] = frozenset()
    unit: str = ""

    def __str__(self) -> str:
        """As the audit log names it: staff:agent1."""
        return f"{self.kind}:{self.id}"
