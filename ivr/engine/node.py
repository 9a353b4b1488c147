"""The base of every step type, and the moves a step can make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.engine.actions import Invoke
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import Event, FlowReturned, Input, SpeechHeard
from ivr.engine.references import PromptKey, Prompts, Seconds, Target

if TYPE_CHECKING:
    from ivr.engine.runtime.run import Run


@dataclass(frozen=True, slots=True)
class Goto:
    """Go on at a target."""

    target: Target


@dataclass(frozen=True, slots=True)
class Push:
    """Start a subflow; the present step hears `FlowReturned` when it ends."""

    flow: str
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wait:
    """The turn is over; the next event comes from outside."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The call is over."""


Move = Goto | Push | Wait | Finish | Invoke


class Part(BaseModel):
    """A piece of a step: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True)


class Node(Part):
    """One step type. `enter` is called when the call comes to the step, `resume` when its answer arrives."""

    verb: ClassVar[str]
    asks: ClassVar[bool] = False  # waits for the caller's keys or words
    grants: ClassVar[dict[str, frozenset[str]]] = {}  # exit label -> what the caller has proven there

    def enter(self, run: "Run") -> Move:  # noqa: ARG002 - what subclasses are given
        """Do what the step does."""
        raise TypeError(f"the step type '{self.verb}' lacks enter()")

    def resume(self, run: "Run", event: Event | FlowReturned) -> Move:  # noqa: ARG002 - what subclasses are given
        """Take the answer the step waited for; by default the step is begun again."""
        return self.enter(run)

    def service(self) -> str | None:
        """The service that this step invokes, if it does."""
        return None

    def given(self) -> Mapping[str, str]:
        """Input of that service -> the variable that it is taken from."""
        return {}

    def results(self, contract: ServiceContract) -> frozenset[str]:
        """The outcomes that a flow has to route, from what the step's service can answer."""
        return frozenset(contract.outcomes)


class Instead(Part):
    """A miss prompt that is said instead of the question, not before it."""

    instead: PromptKey


def _list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


_Entry = Instead | PromptKey
Again = Annotated[tuple[_Entry, ...], BeforeValidator(_list, json_schema_input_type=_Entry | list[_Entry])]


class Ask(Part):
    """How a question is asked; whatever a step leaves out comes from its flow's defaults, then from defaults.yaml."""

    wait: Seconds | None = Field(None, description="how long the caller may be silent, such as 6s", ge=1, le=60)
    tries: int | None = Field(None, description="misses of one kind before give_up", ge=1, le=9)
    interrupt: bool | None = Field(None, description="a key stops what is being said")
    give_up: Target | None = Field(None, description="where a caller goes who does not answer")
    no_input: Again | None = Field(None, description="said after the 1st, 2nd .. silence, before the question again")
    no_match: Again | None = Field(None, description="said after the 1st, 2nd .. wrong answer")
    by_key: PromptKey | None = Field(
        None, description="said at a confirm after its 2nd wrong answer: keys alone count now"
    )

    def over(self, other: "Ask") -> "Ask":
        """These words, and the other's where these say nothing."""
        names = Ask.model_fields
        mine = {name: getattr(self, name) for name in names}
        return Ask.model_construct(**{n: v if v is not None else getattr(other, n) for n, v in mine.items()})


class Question(Node, Ask):
    """A step that asks the caller."""

    asks: ClassVar[bool] = True
    takes_data: ClassVar[bool] = False  # a number, an amount or a date, not a choice

    def question(self) -> Prompts:
        """The prompts of the question itself."""
        raise TypeError(f"the step type '{self.verb}' lacks question()")

    def words(self, run: "Run", language: str) -> Mapping[str, Sequence[str]]:  # noqa: ARG002 - what subclasses are given
        """key -> words that choose it; empty where nothing can be said."""
        return {}

    def announcing(self) -> Prompts:
        """The prompts that may name keys of this question with what they are for; none where words are not heard."""
        return ()

    def understood(self, run: "Run", event: SpeechHeard) -> str | None:  # noqa: ARG002 - what subclasses are given
        """The key of this question that words choose; None where none is chosen, or not surely enough."""
        return None

    def spoken_in(self) -> Sequence[str]:
        """The languages of the question and of what a miss says before it; none: the caller's."""
        return ()

    def is_whole(self, keys: str) -> bool:  # noqa: ARG002 - what subclasses are given
        """True where so many keys ended the entry by themselves, so that a # after them is one too many."""
        return False

    def early(self, run: "Run", event: Input) -> Move | None:  # noqa: ARG002 - what subclasses are given
        """What becomes of an answer that came before it was asked for; None where it was not early."""
        return None

    def ask_again(self, run: "Run") -> Move:
        """Ask once more, where nothing was answered and nothing is a miss."""
        return self.enter(run)

    def own_key(self, key: str) -> bool:  # noqa: ARG002 - what subclasses are given
        """True where a key belongs to this question and is no global key here."""
        return False
