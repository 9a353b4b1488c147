"""The actor of an operation: a member of staff, a user of the command line, or the program itself."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """Passed to every operation, which records it in the audit log. `id`: a user name, or the name given with --by.

    `unit` is the department or branch of a member of staff; permissions on a unit's own cases use it.
    """

    kind: Literal["staff", "command", "system"]
    id: str
    roles: frozenset[str] = frozenset()
    unit: str = ""

    def __str__(self) -> str:
        """The name in the audit log: staff:agent1."""
        return f"{self.kind}:{self.id}"
