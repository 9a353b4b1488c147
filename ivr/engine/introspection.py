"""What a step tells of itself when proofs, diagrams, coverage and traces ask: its exits, its prompts, its variables."""

from dataclasses import dataclass
from typing import Literal

from ivr.engine.references import PromptKey, Target, VariableName
from ivr.foundation.messages import Message

StepId = tuple[str, str]  # flow, step
VariableId = tuple[str, str]  # flow, name
GIVE_UP = "give_up"
"""The exit of a caller who cannot or will not answer."""

YesEffect = Literal["menu", "contact", "security", "money"]
"""What an answer does: a choice, a stored number, a change of security, a payment."""

WHOLE, SENTENCE, NOTHING = "all of it", "its first sentence", "nothing of it"
"""What is heard of a step before it is left; any other word is the key that must have been named."""


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a step: what happens there ("yes", an outcome, a key), and where it leads."""

    label: str
    target: Target

    @property
    def step_id(self) -> StepId | None:
        """The step it leads to; None for end, return, back and repeat."""
        return None if self.target.command else (self.target.flow, self.target.step)


@dataclass(frozen=True, slots=True)
class SpokenPrompt:
    """A prompt that a step speaks, under the YAML key `part`.

    `languages` are its own, where it is not said in the caller's. `offers` are names that it may speak beside
    variables. `asked` prompts are the question itself, `sometimes` ones are said at some visits only, `written` ones
    are sent as a text.
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
    """A variable of the flow that a step takes, or fills, as a type; `rule` says why."""

    variable: VariableName
    type: str
    rule: Message


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a step filled a variable: a sentence with {place} in it.

    Where the value came from another variable, that one's name, and its flow (none: the step's own).
    """

    sentence: str
    variable: str = ""
    flow: str = ""
