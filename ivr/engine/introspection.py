"""What a step declares about itself to checks, diagrams, coverage and traces: its exits, prompts and variables."""

from dataclasses import dataclass
from typing import Literal

from ivr.engine.references import PromptKey, Target, VariableName
from ivr.foundation.messages import Message

StepId = tuple[str, str]  # flow, step
VariableId = tuple[str, str]  # flow, name
GIVE_UP = "give_up"
"""The exit label for callers who do not answer."""

YesEffect = Literal["menu", "contact", "security", "money"]
"""The effect of a yes: a choice, a stored contact number, a security change, a payment."""

WHOLE, SENTENCE, NOTHING = "all of it", "its first sentence", "nothing of it"
"""How much of a step is heard before an exit; any other value is the key that must have been named."""


@dataclass(frozen=True, slots=True)
class Exit:
    """An exit of a step: its label ("yes", an outcome, a key) and its target."""

    label: str
    target: Target

    @property
    def step_id(self) -> StepId | None:
        """The step it leads to; None for end, return, back and repeat."""
        return None if self.target.command else (self.target.flow, self.target.step)


@dataclass(frozen=True, slots=True)
class SpokenPrompt:
    """A prompt that a step speaks, under the YAML key `part`.

    `languages` replaces the caller's language where set. `offers` are the names that the prompt may speak beside
    variables. `asked`: it is the question itself. `sometimes`: it is not said at every visit. `written`: it is sent as
    a text message.
    """

    key: PromptKey
    part: str
    languages: tuple[str, ...] = ()
    offers: frozenset[str] = frozenset()
    asked: bool = False
    sometimes: bool = False
    written: bool = False


@dataclass(frozen=True, slots=True)
class TypeRequirement:
    """The type that a variable of a step must have; `rule` says why."""

    variable: VariableName
    type: str
    rule: Message


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a step assigned a variable: a sentence with {place} in it.

    Where the value came from another variable: that variable's name and flow (empty: the step's own flow).
    """

    sentence: str
    variable: str = ""
    flow: str = ""
