"""The base of every step type: what it does in a call, and what it answers when it is asked about itself.

Proofs, the schema, diagrams, coverage and traces ask these methods and never for a step's type; the defaults are
true of most steps.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from ivr.engine.ask_settings import AskSettings, StepPart
from ivr.engine.contracts import Effect, ServiceContract
from ivr.engine.events import Event, FlowReturned
from ivr.engine.introspection import GIVE_UP, WHOLE, Exit, Provenance, SpokenPrompt, TypeRequirement, VariableId
from ivr.engine.references import PromptKey, PromptKeys, Target, VariableName, references
from ivr.engine.step_results import StepResult
from ivr.engine.step_run import StepRun
from ivr.foundation.messages import Message, message


class Node(StepPart):
    """One step type. `enter` is called when the call comes to the step, `resume` when its answer arrives."""

    verb: ClassVar[str]
    asks: ClassVar[bool] = False  # waits for the caller's keys or words
    takes_data: ClassVar[bool] = False  # a number, an amount or a date, not a choice
    only_speaks: ClassVar[bool] = False
    ends_call: ClassVar[bool] = False
    enqueues: ClassVar[bool] = False  # puts the caller into a queue for a person
    reverifies: ClassVar[bool] = False  # has what its service needs proven anew, and begins again

    # --- in a call -------------------------------------------------------------------------------------------

    def enter(self, run: StepRun) -> StepResult:
        """Do what the step does."""
        raise TypeError(f"the step type '{self.verb}' lacks enter()")

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        """Take the answer the step waited for; by default the step is begun again."""
        return self.enter(run)

    # --- where it leads --------------------------------------------------------------------------------------

    def exits(self) -> Iterator[Exit]:
        """The exits that the step itself names, labelled with the words of its YAML."""
        for name, field in type(self).model_fields.items():
            if name not in AskSettings.model_fields:
                yield from _exits(field.alias or name, getattr(self, name))

    def may_give_up(self) -> bool:
        """True where a caller may be passed to whoever helps those who cannot go on."""
        return self.service() is not None

    def routes(self) -> Mapping[str, Target] | None:
        """Outcome -> where it leads; None for a step that has no outcomes."""
        return None

    def results(self, contract: ServiceContract) -> frozenset[str]:
        """The outcomes that a flow has to route, from what the step's service can answer."""
        return frozenset(contract.outcomes)

    def subflow(self, levels: Mapping[str, str]) -> str | None:
        """The flow that it runs whenever the call comes here; `levels` maps a level to the flow that proves it."""
        return None

    def subflows(self, levels: Mapping[str, str], contract: ServiceContract | None) -> tuple[str, ...]:
        """The flows that it may run and come back from."""
        flow = self.subflow(levels)
        return () if flow is None else (flow,)

    def return_target(self, word: str) -> Target | None:
        """Where the step goes on when the flow that it ran comes back with a word."""
        return None

    def return_words(self, label: str, returned: frozenset[str]) -> frozenset[str]:
        """Of the words that the flow it ran can come back with, those that lead to this exit."""
        return frozenset({label}) & returned

    def is_silent_exit(self, label: str) -> bool:
        """True for an exit that is taken without waiting for the caller."""
        return label != GIVE_UP

    def trigger(self, label: str) -> Message | str:
        """What a caller, or the bank, does to leave by this exit; empty where nobody does anything."""
        service = self.service()
        told = message("service {service} answers {outcome}", service=service, outcome=label)
        return told if service and label != "then" else ""

    def trail_labels(self) -> Iterator[str]:
        """Its own ways out as a call's trail notes them."""
        yield from (way.label for way in self.exits() if self.routes() is None or way.label != "then")

    # --- what it says ----------------------------------------------------------------------------------------

    def spoken_prompts(self) -> Iterator[SpokenPrompt]:
        """Every prompt that it may speak, in the order of its YAML; what is said after a miss apart."""
        for name in type(self).model_fields:
            if name not in AskSettings.model_fields:
                yield from self.prompts_under(name)

    def prompts_under(self, part: str, **how: Any) -> Iterator[SpokenPrompt]:
        """The prompts that stand under a key; `how` as in `Says`."""
        words = (word for word in references(getattr(self, part)) if isinstance(word, PromptKey))
        yield from (SpokenPrompt(word, part, **how) for word in words)

    def option_words(self) -> Mapping[str, PromptKey]:
        """Key, as the flow writes it -> the list of words that choose it when they are said."""
        return {}

    def waiting_prompts(self) -> PromptKeys:
        """The prompts that are said while its service needs longer than a turn may take."""
        return ()

    def question_languages(self) -> tuple[str, ...]:
        """The languages of the question and of what a miss says before it; none: the caller's."""
        return ()

    def language_set(self) -> str | None:
        """The language that is spoken from here on, if it changes."""
        return None

    def heard_before_exit(self, label: str) -> str | None:
        """What a caller hears of it who leaves by this exit as soon as may be; None where nobody hurries that way."""
        return WHOLE

    # --- its variables ---------------------------------------------------------------------------------------

    def writes(self) -> tuple[VariableName, ...]:
        """The variables that it fills itself, as its author named them."""
        return ()

    def reads(self) -> frozenset[str]:
        """The variables that it takes, apart from what its prompts speak and its conditions compare."""
        written = {id(word) for word in self.writes()}
        names = (word for word in references(self) if type(word) is VariableName)
        return frozenset(str(word) for word in names if id(word) not in written)

    def service_outputs(self, contract: ServiceContract) -> frozenset[str]:
        """The variables that its service fills."""
        return frozenset()

    def assigned_at_exit(self, label: str, contract: ServiceContract | None) -> frozenset[str]:
        """The variables that are filled where it is left by this exit."""
        return frozenset(map(str, self.writes())) if label == "then" else frozenset()

    def erased_secrets(self, contract: ServiceContract) -> frozenset[str]:
        """The variables that are gone when its service has answered."""
        return frozenset()

    def conditions(self) -> tuple[tuple[str, str], ...]:
        """What it decides or reckons: (key, condition). The key of a value that is set is its variable."""
        return ()

    def subflow_inputs(self) -> Mapping[str, VariableName]:
        """Variable of the flow that it runs -> the variable of ours that it is given."""
        return {}

    def subflow_outputs(self) -> tuple[VariableName, ...]:
        """The variables that it takes over from the flow that it ran, under the same name."""
        return ()

    def copied_variables(self, flow: str) -> Iterator[tuple[VariableId, VariableId]]:
        """From which variable to which other it carries a value as it is; `flow` is the one it stands in."""
        yield from ()

    def iterated_list(self) -> VariableName | None:
        """The list whose items it speaks as {item}."""
        return None

    def type_requirements(self) -> Iterator[TypeRequirement]:
        """The types that its variables must have."""
        yield from ()

    def provenance_of(self, name: str, what: str, contract: ServiceContract | None) -> Provenance | None:
        """How it filled a variable at the moment of the trail that `what` tells; None where it left it alone."""
        return None

    def slot_provenance(self, name: str) -> Provenance | None:
        """What a name is that its prompts may speak beside variables."""
        return None

    # --- what it does and needs ------------------------------------------------------------------------------

    def service(self) -> str | None:
        """The service that it invokes, if it does."""
        return None

    def service_inputs(self) -> Mapping[str, VariableName]:
        """Input of that service -> the variable that it is taken from."""
        return {}

    def effects(self, contract: ServiceContract | None) -> frozenset[Effect]:
        """What it does that outlasts a word."""
        return contract.effects if contract is not None else frozenset()

    def required_proofs(self, contract: ServiceContract | None, speaks_private_data: bool) -> frozenset[str]:
        """What must be proven of the caller first; `tells_private`: it speaks what the bank knows of a customer."""
        return frozenset(contract.needs) if contract is not None else frozenset()

    def proven_level(self) -> str | None:
        """The level that it has proven before it goes on as verified."""
        return None

    def proven_at_exit(self, label: str) -> frozenset[str]:
        """What the caller has proven who leaves by this exit."""
        return frozenset()

    def read_back_prompts(self) -> PromptKeys:
        """The prompts that a yes to it is bound to; none where it is no confirmation."""
        return ()

    def yes_target(self) -> Target | None:
        """Where a yes to it leads."""
        return None

    def key_prompts(self) -> PromptKeys:
        """The prompts under which the keys of a confirmation are taken."""
        return ()

    def text_to_caller(self) -> PromptKey | None:
        """The text that it sends to the number that calls, which proves nothing."""
        return None

    # --- its schema ------------------------------------------------------------------------------------------

    @classmethod
    def complete_schema(cls, definitions: dict[str, Any]) -> None:
        """Add to the JSON Schema of the flow language what pydantic cannot tell of this type."""


def _exits(label: str, value: Any) -> Iterator[Exit]:
    if isinstance(value, Target):
        yield Exit(label, value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (Exit(str(key), word) for word in references(item) if isinstance(word, Target))
    elif isinstance(value, tuple):
        for number, item in enumerate(value, 1):
            yield from (Exit(f"row {number}", word) for word in references(item) if isinstance(word, Target))
