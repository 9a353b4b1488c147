"""The base class of all step types: what a step does in a call, and what it declares about itself.

Checks, the schema, diagrams, coverage and traces use these methods and never test a step's type. The defaults hold for
most steps.
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
    """A step type. `enter` runs when the call reaches the step, `resume` when the event arrives that it waits for."""

    verb: ClassVar[str]
    asks: ClassVar[bool] = False  # waits for the caller's keys or words
    takes_data: ClassVar[bool] = False  # takes takes a number, an amount or a date, not a choice
    only_speaks: ClassVar[bool] = False
    ends_call: ClassVar[bool] = False
    enqueues: ClassVar[bool] = False  # puts the caller into a queue for an agent
    reverifies: ClassVar[bool] = False  # renews the proofs that its service requires, then starts again

    # --- in a call -------------------------------------------------------------------------------------------

    def enter(self, run: StepRun) -> StepResult:
        """Run the step."""
        raise TypeError(f"the step type '{self.verb}' lacks enter()")

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        """Handle the event that the step waited for. By default the step starts again."""
        return self.enter(run)

    # --- where it leads --------------------------------------------------------------------------------------

    def exits(self) -> Iterator[Exit]:
        """The exits that the step itself defines, labelled with the words of its YAML."""
        for name, field in type(self).model_fields.items():
            if name not in AskSettings.model_fields:
                yield from _exits(field.alias or name, getattr(self, name))

    def may_give_up(self) -> bool:
        """True where the caller may be sent to the `give_up` target."""
        return self.service() is not None

    def routes(self) -> Mapping[str, Target] | None:
        """Outcome -> target; None for a step without outcomes."""
        return None

    def results(self, contract: ServiceContract) -> frozenset[str]:
        """The outcomes that the flow has to route, out of those that the service can return."""
        return frozenset(contract.outcomes)

    def subflow(self, levels: Mapping[str, str]) -> str | None:
        """The flow that the step always runs. `levels` maps a verification level to the flow that proves it."""
        return None

    def subflows(self, levels: Mapping[str, str], contract: ServiceContract | None) -> tuple[str, ...]:
        """All flows that the step may run and return from."""
        flow = self.subflow(levels)
        return () if flow is None else (flow,)

    def return_target(self, word: str) -> Target | None:
        """The target of the step when its subflow returns a word."""
        return None

    def return_words(self, label: str, returned: frozenset[str]) -> frozenset[str]:
        """Those of the words that the subflow can return that lead to this exit."""
        return frozenset({label}) & returned

    def is_silent_exit(self, label: str) -> bool:
        """True for an exit that is taken without waiting for the caller."""
        return label != GIVE_UP

    def trigger(self, label: str) -> Message | str:
        """What the caller or the bank does to take this exit; empty where nobody does anything."""
        service = self.service()
        told = message("service {service} answers {outcome}", service=service, outcome=label)
        return told if service and label != "then" else ""

    def trail_labels(self) -> Iterator[str]:
        """The labels that the trail of a call records for the step's own exits."""
        yield from (way.label for way in self.exits() if self.routes() is None or way.label != "then")

    # --- what it says ----------------------------------------------------------------------------------------

    def spoken_prompts(self) -> Iterator[SpokenPrompt]:
        """Every prompt that the step may speak, in the order of its YAML, except those said after a miss."""
        for name in type(self).model_fields:
            if name not in AskSettings.model_fields:
                yield from self.prompts_under(name)

    def prompts_under(self, part: str, **how: Any) -> Iterator[SpokenPrompt]:
        """The prompts under one YAML key. `how` sets fields of `SpokenPrompt`."""
        words = (word for word in references(getattr(self, part)) if isinstance(word, PromptKey))
        yield from (SpokenPrompt(word, part, **how) for word in words)

    def option_words(self) -> Mapping[str, PromptKey]:
        """Key as written in the flow -> the word list that chooses it by speech."""
        return {}

    def waiting_prompts(self) -> PromptKeys:
        """The prompts that are said while the service needs longer than a turn may take."""
        return ()

    def question_languages(self) -> tuple[str, ...]:
        """The languages of the question and of what is said after a miss; empty: the caller's language."""
        return ()

    def language_set(self) -> str | None:
        """The language that the step sets for the rest of the call, if it sets one."""
        return None

    def heard_before_exit(self, label: str) -> str | None:
        """What a caller who takes this exit as early as possible has heard of the step; None where the measured caller
        does not take it.
        """
        return WHOLE

    # --- its variables ---------------------------------------------------------------------------------------

    def writes(self) -> tuple[VariableName, ...]:
        """The variables that the step itself assigns, as named in its YAML."""
        return ()

    def reads(self) -> frozenset[str]:
        """The variables that the step reads, except those in its prompts and conditions."""
        written = {id(word) for word in self.writes()}
        names = (word for word in references(self) if type(word) is VariableName)
        return frozenset(str(word) for word in names if id(word) not in written)

    def service_outputs(self, contract: ServiceContract) -> frozenset[str]:
        """The variables that the step's service assigns."""
        return frozenset()

    def assigned_at_exit(self, label: str, contract: ServiceContract | None) -> frozenset[str]:
        """The variables that are assigned when the step is left by this exit."""
        return frozenset(map(str, self.writes())) if label == "then" else frozenset()

    def erased_secrets(self, contract: ServiceContract) -> frozenset[str]:
        """The secret variables that are erased once the step's service has answered."""
        return frozenset()

    def conditions(self) -> tuple[tuple[str, str], ...]:
        """The step's expressions as (key, source). The key of an assigned value is its variable."""
        return ()

    def subflow_inputs(self) -> Mapping[str, VariableName]:
        """Variable of the subflow -> the variable of this flow that sets it."""
        return {}

    def subflow_outputs(self) -> tuple[VariableName, ...]:
        """The variables that are copied back from the subflow, under the same name."""
        return ()

    def copied_variables(self, flow: str) -> Iterator[tuple[VariableId, VariableId]]:
        """Pairs (source, target) of variables: the step copies the value unchanged. `flow` is its own flow."""
        yield from ()

    def iterated_list(self) -> VariableName | None:
        """The list variable whose items the step speaks as {item}."""
        return None

    def type_requirements(self) -> Iterator[TypeRequirement]:
        """The types that the step's variables must have."""
        yield from ()

    def provenance_of(self, name: str, what: str, contract: ServiceContract | None) -> Provenance | None:
        """How the step assigned a variable at the trail entry `what`; None where it did not."""
        return None

    def slot_provenance(self, name: str) -> Provenance | None:
        """What a slot name means that the step's prompts may speak beside variables."""
        return None

    # --- what it does and needs ------------------------------------------------------------------------------

    def service(self) -> str | None:
        """The service that the step invokes, if any."""
        return None

    def service_inputs(self) -> Mapping[str, VariableName]:
        """Input of the service -> the variable that its value is read from."""
        return {}

    def effects(self, contract: ServiceContract | None) -> frozenset[Effect]:
        """The lasting effects of the step."""
        return contract.effects if contract is not None else frozenset()

    def required_proofs(self, contract: ServiceContract | None, speaks_private_data: bool) -> frozenset[str]:
        """What the caller must have proven first. `speaks_private_data`: the step's prompts speak customer data."""
        return frozenset(contract.needs) if contract is not None else frozenset()

    def proven_level(self) -> str | None:
        """The verification level that is proven when the step continues as verified."""
        return None

    def proven_at_exit(self, label: str) -> frozenset[str]:
        """What the caller has proven after this exit."""
        return frozenset()

    def read_back_prompts(self) -> PromptKeys:
        """The prompts that a yes to this step is bound to; empty where it is not a confirmation."""
        return ()

    def yes_target(self) -> Target | None:
        """The target of a yes to this step."""
        return None

    def key_prompts(self) -> PromptKeys:
        """The prompts of a confirmation during which keys are accepted."""
        return ()

    def text_to_caller(self) -> PromptKey | None:
        """The text message that the step sends to the calling number, which proves nothing."""
        return None

    # --- its schema ------------------------------------------------------------------------------------------

    @classmethod
    def complete_schema(cls, definitions: dict[str, Any]) -> None:
        """Add to the JSON Schema of the flow language what pydantic cannot express for this type."""


def _exits(label: str, value: Any) -> Iterator[Exit]:
    if isinstance(value, Target):
        yield Exit(label, value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (Exit(str(key), word) for word in references(item) if isinstance(word, Target))
    elif isinstance(value, tuple):
        for number, item in enumerate(value, 1):
            yield from (Exit(f"row {number}", word) for word in references(item) if isinstance(word, Target))
