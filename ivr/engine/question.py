"""The base of the step types that ask the caller."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from ivr.engine.asking import Ask
from ivr.engine.events import DigitsPressed, Event, Input, SpeechHeard
from ivr.engine.keypad import SENT
from ivr.engine.moves import Move
from ivr.engine.node import Node
from ivr.engine.references import PromptKey, Prompts
from ivr.engine.session import Session
from ivr.engine.step_run import StepRun


class Question(Node, Ask):
    """A step that asks the caller."""

    asks: ClassVar[bool] = True
    miss_parts: ClassVar[tuple[str, ...]] = ("no_input", "no_match")  # what is said after a miss, by its YAML keys

    # --- in a call -------------------------------------------------------------------------------------------

    def question(self) -> Prompts:
        """The prompts of the question itself."""
        raise TypeError(f"the step type '{self.verb}' lacks question()")

    def words(self, run: StepRun, language: str) -> Mapping[str, Sequence[str]]:
        """key -> words that choose it; empty where nothing can be said."""
        return {}

    def announcing(self) -> Prompts:
        """The prompts that may name keys of this question with what they are for; none where words are not heard."""
        return ()

    def understood(self, run: StepRun, event: SpeechHeard) -> str | None:
        """The key of this question that words choose; None where none is chosen, or not surely enough."""
        return None

    def is_whole(self, keys: str) -> bool:
        """True where so many keys ended the entry by themselves, so that a # after them is one too many."""
        return False

    def early(self, run: StepRun, event: Input) -> Move | None:
        """What becomes of an answer that came before it was asked for; None where it was not early."""
        return None

    def ask_again(self, run: StepRun) -> Move:
        """Ask once more, where nothing was answered and nothing is a miss."""
        return self.enter(run)

    def own_key(self, key: str) -> bool:
        """True where a key belongs to this question and is no global key here."""
        return False

    # --- its keys --------------------------------------------------------------------------------------------

    def keeps_key(self, key: str) -> bool:
        """True where a key that holds everywhere holds here too."""
        return True

    def working_keys(self) -> frozenset[str]:
        """The keys of its own that do something, as a telephone sends them."""
        return frozenset(key for key in SENT if self.own_key(key))

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

    def arrives(self, keys: str, session: Session, at: datetime) -> Event:
        """What keys are told as that are pressed where a call stands at it."""
        return DigitsPressed(at, keys)

    def keyed_as(self) -> str:
        """The type of the data that is keyed; empty where none is."""
        return ""

    def most_digits(self) -> int | None:
        """How many digits the number has at most that is keyed; None where it is no number."""
        return None

    def made_up(self, keys: str) -> str:
        """Keys that may be written down in place of these: as right in shape, and nobody's."""
        return keys

    # --- as every step ---------------------------------------------------------------------------------------

    def may_give_up(self) -> bool:
        return True

    def quiet(self, label: str) -> bool:
        return False

    def deed(self, label: str) -> str:
        return label if label != "then" else "1"
