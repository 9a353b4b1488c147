"""language: switch to another language for the rest of the call."""

from typing import ClassVar

from pydantic import Field

from ivr.engine.node import Node
from ivr.engine.references import LanguageName, Target
from ivr.engine.registry import register
from ivr.engine.step_results import Goto, StepResult
from ivr.engine.step_run import StepRun


@register
class LanguageStep(Node):
    """`language: en`."""

    verb: ClassVar[str] = "language"

    language: LanguageName = Field(description="one of `languages:` in config.yaml")
    then: Target

    def enter(self, run: StepRun) -> StepResult:
        run.session.language = str(self.language)
        return Goto(self.then)

    def language_set(self) -> str:
        return str(self.language)
