"""The base class of the step types that ask the caller."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from ivr.engine.ask_settings import AskSettings
from ivr.engine.events import DigitsPressed, Event, Input, SpeechHeard
from ivr.engine.keypad import SENT
from ivr.engine.node import Node
from ivr.engine.references import PromptKey, PromptKeys
from ivr.engine.session import Session
from ivr.engine.step_results import StepResult
from ivr.engine.step_run import StepRun


class Question(Node, AskSettings):
    """A step that asks the caller."""

    asks: ClassVar[bool] = True
    miss_parts: ClassVar[tuple[str, ...]] = ("no_input", "no_match")  # YAML keys of the prompts said after a miss

    # --- in a call -------------------------------------------------------------------------------------------

    def question(self) -> PromptKeys:
        """The prompts of the question itself."""
        raise TypeError(f"the step type '{self.verb}' lacks question()")

    def words(self, run: StepRun, language: str) -> Mapping[str, Sequence[str]]:
        """Key -> the words that choose it by speech; empty where speech is not accepted."""
        return {}

    def announcing_prompts(self) -> PromptKeys:
        """The prompts that may announce keys of this question with labels; empty where speech is not accepted."""
        return ()

    def matched_key(self, run: StepRun, event: SpeechHeard) -> str | None:
        """The key that the spoken words choose; None where none matches, or the confidence is too low."""
        return None

    def completes_entry(self, keys: str) -> bool:
        """True where this many keys ended the entry automatically, so that a # after them is one too many."""
        return False

    def handle_early_answer(self, run: StepRun, event: Input) -> StepResult | None:
        """The result for an answer that came before the question could be heard; None where it was in time."""
        return None

    def ask_again(self, run: StepRun) -> StepResult:
        """Repeat the question without counting a miss."""
        return self.enter(run)

    def is_own_key(self, key: str) -> bool:
        """True for a key that belongs to this question and is not a global key here."""
        return False

    # --- its keys --------------------------------------------------------------------------------------------

    def accepts_global_key(self, key: str) -> bool:
        """True where a global key works at this question."""
        return True

    def working_keys(self) -> frozenset[str]:
        """The question's own keys that do something, as a telephone sends them."""
        return frozenset(key for key in SENT if self.is_own_key(key))

    def keys_to_name(self) -> frozenset[str]:
        """The keys that the question's prompts must name."""
        return frozenset()

    def lists_options(self) -> bool:
        """True for a menu of fixed options, whose first option must be named soon."""
        return False

    def item_prompts(self, run: StepRun) -> Iterator[tuple[PromptKey, str, Any]]:
        """The prompts that name their key by a slot: (prompt, key, the list item)."""
        yield from ()

    # --- its answers -----------------------------------------------------------------------------------------

    def sample_answers(self) -> Iterator[str]:
        """Keys that answer the question, one entry for each exit."""
        yield from ()

    def event_for_keys(self, keys: str, session: Session, at: datetime) -> Event:
        """The event for keys that are pressed at this question."""
        return DigitsPressed(at, keys)

    def data_type(self) -> str:
        """The variable type of the keyed data; empty where keys are not data."""
        return ""

    def max_digits(self) -> int | None:
        """The maximum number of digits of a keyed number; None for anything else."""
        return None

    def placeholder_keys(self, keys: str) -> str:
        """Fictitious keys to write down instead of these: of the same form, and nobody's data."""
        return keys

    # --- as every step ---------------------------------------------------------------------------------------

    def may_give_up(self) -> bool:
        return True

    def is_silent_exit(self, label: str) -> bool:
        return False

    def trigger(self, label: str) -> str:
        return label if label != "then" else "1"
