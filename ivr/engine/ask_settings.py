"""How a question is asked: timeout, number of tries, and what is said after a miss."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.engine.references import Duration, PromptKey, Target


class StepPart(BaseModel):
    """Base class of a step and its parts: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True)


class ReplacingPrompt(StepPart):
    """A prompt that is said after a miss in place of the question, not before it."""

    instead: PromptKey


def _list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


_Entry = ReplacingPrompt | PromptKey
MissPrompts = Annotated[tuple[_Entry, ...], BeforeValidator(_list, json_schema_input_type=_Entry | list[_Entry])]


class AskSettings(StepPart):
    """How a question is asked. A missing value is inherited from the flow's defaults, then from defaults.yaml."""

    wait: Duration | None = Field(None, description="how long the caller may be silent, such as 6s", ge=1, le=60)
    tries: int | None = Field(None, description="misses of one kind before give_up", ge=1, le=9)
    interrupt: bool | None = Field(None, description="a key stops what is being said")
    give_up: Target | None = Field(None, description="where a caller goes who does not answer")
    no_input: MissPrompts | None = Field(
        None, description="said after the 1st, 2nd .. silence, before the question again"
    )
    no_match: MissPrompts | None = Field(None, description="said after the 1st, 2nd .. wrong answer")
    by_key: PromptKey | None = Field(
        None, description="said at a confirm after its 2nd wrong answer: keys alone count now"
    )

    def over(self, other: "AskSettings") -> "AskSettings":
        """These settings, with missing values taken from `other`."""
        names = AskSettings.model_fields
        mine = {name: getattr(self, name) for name in names}
        return AskSettings.model_construct(**{n: v if v is not None else getattr(other, n) for n, v in mine.items()})
