"""branch: continue at the first row whose condition holds."""

import re
from typing import ClassVar

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from ivr.engine.ask_settings import StepPart
from ivr.engine.node import Node
from ivr.engine.references import Condition, Target
from ivr.engine.registry import register
from ivr.engine.step_results import Goto, StepResult
from ivr.engine.step_run import StepRun

_IDENTIFIED = re.compile(r"\s*identified(\s+and\s(?:(?!\bor\b).)*)?\s*")  # alone, or with more conditions after it


class Case(StepPart):
    """One row: a condition and where it leads."""

    when: Condition = Field(description='such as  amount > 5000 and language == "en"')
    then: Target


@register
class Branch(Node):
    """`branch:` rows of when/then, and `else:` if none holds."""

    verb: ClassVar[str] = "branch"

    branch: tuple[Case, ...] = Field(description="rows of when: and then:", json_schema_extra={"minItems": 1})
    otherwise: Target = Field(alias="else", description="where to go when no row holds")

    @field_validator("branch")
    @classmethod
    def _some(cls, value: tuple[Case, ...]) -> tuple[Case, ...]:
        """Runs only when every row could be parsed: rows that could not report their own faults."""
        if not value:
            raise PydanticCustomError("too_short", "there are no rows")
        return value

    def conditions(self) -> tuple[tuple[str, str], ...]:
        """The conditions in order, each keyed by its own text."""
        return tuple((case.when, case.when) for case in self.branch)

    def enter(self, run: StepRun) -> StepResult:
        scope = run.scope()
        for number, case in enumerate(self.branch, 1):
            if run.value_of(case.when, scope):
                run.note(f"row {number}")  # not the condition, which could reveal what was keyed
                return Goto(case.then)
        return Goto(self.otherwise)

    def proven_at_exit(self, label: str) -> frozenset[str]:
        """Only identified callers take a row that tests `identified`."""
        if not label.startswith("row "):
            return frozenset()
        when = self.branch[int(label.removeprefix("row ")) - 1].when
        return frozenset({"identity"}) if _IDENTIFIED.fullmatch(when) else frozenset()
