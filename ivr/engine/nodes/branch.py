"""branch: the first condition that holds decides."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.node import Goto, Move, Node, Part
from ivr.engine.references import Target
from ivr.engine.registry import register
from ivr.engine.run import Run


class Case(Part):
    """One row: a condition and where it leads."""

    when: str = Field(description='such as  amount > 5000 and language == "en"')
    then: Target


@register
class Branch(Node):
    """`branch:` rows of when/then, and `else:` for everyone else."""

    verb: ClassVar[str] = "branch"

    branch: tuple[Case, ...] = Field(min_length=1, description="rows of when: and then:")
    otherwise: Target = Field(alias="else", description="where to go when no row holds")

    def conditions(self) -> tuple[str, ...]:
        """The conditions in order."""
        return tuple(case.when for case in self.branch)

    def enter(self, run: Run) -> Move:
        scope = run.scope()
        for case in self.branch:
            if run.step.expressions[case.when].evaluate(scope):
                run.note(case.when)
                return Goto(case.then)
        return Goto(self.otherwise)
