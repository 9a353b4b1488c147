"""The base of the step types that ask the caller."""

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
    miss_parts: ClassVar[tuple[str, ...]] = ("no_input", "no_match")  # what is said after a miss, by its YAML keys

    # --- in a call -------------------------------------------------------------------------------------------

    def question(self) -> PromptKeys:
        """The prompts of the question itself."""
        raise TypeError(f"the step type '{self.verb}' lacks question()")

    def words(self, run: StepRun, language: str) -> Mapping[str, Sequence[str]]:
        """key -> words that choose it; empty where nothing can be said."""
        return {}

    def announcing_prompts(self) -> PromptKeys:
        """The prompts that may name keys of this question with what they are for; none where words are not heard."""
        return ()

    def matched_key(self, run: StepRun, event: SpeechHeard) -> str | None:
        """The key of this question that words choose; None where none is chosen, or not surely enough."""
        return None

    def completes_entry(self, keys: str) -> bool:
        """True where so many keys ended the entry by themselves, so that a # after them is one too many."""
        return False

    def handle_early_answer(self, run: StepRun, event: Input) -> StepResult | None:
        """What becomes of an answer that came before it was asked for; None where it was not early."""
        return None

    def ask_again(self, run: StepRun) -> StepResult:
        """AskSettings once more, where nothing was answered and nothing is a miss."""
        return self.enter(run)

    def is_own_key(self, key: str) -> bool:
        """True where a key belongs to this question and is no global key here."""
        return False

    # --- its keys --------------------------------------------------------------------------------------------

    def accepts_global_key(self, key: str) -> bool:
        """True where a key that holds everywhere holds here too."""
        return True

    def working_keys(self) -> frozenset[str]:
        """The keys of its own that do something, as a telephone sends them."""
        return frozenset(key for key in SENT if self.is_own_key(key))

    def keys_to_name(self) -> frozenset[str]:
        """The keys that its prompts have to name."""
        return frozenset()

    def lists_options(self) -> bool:
        """True where callers wait for an option among fixed ones, so that the first is to be named soon."""
        return False

    def item_prompts(self, run: StepRun) -> Iterator[tuple[PromptKey, str, Any]]:
        """The prompts that name their key by a slot: (prompt, key, the item that it is said for)."""
        yield from ()

    # --- its answers -----------------------------------------------------------------------------------------

    def sample_answers(self) -> Iterator[str]:
        """Keys that answer it, one entry for each way on."""
        yield from ()

    def event_for_keys(self, keys: str, session: Session, at: datetime) -> Event:
        """What keys are told as that are pressed where a call stands at it."""
        return DigitsPressed(at, keys)

    def data_type(self) -> str:
        """The type of the data that is keyed; empty where none is."""
        return ""

    def max_digits(self) -> int | None:
        """How many digits the number has at most that is keyed; None where it is no number."""
        return None

    def placeholder_keys(self, keys: str) -> str:
        """Keys that may be written down in place of these: as right in shape, and nobody's."""
        return keys

    # --- as every step ---------------------------------------------------------------------------------------

    def may_give_up(self) -> bool:
        return True

    def is_silent_exit(self, label: str) -> bool:
        return False

    def trigger(self, label: str) -> str:
        return label if label != "then" else "1"
