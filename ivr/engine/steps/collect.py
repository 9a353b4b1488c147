"""collect: take keys as data: a number of digits, an amount or a date. A secret is never taken by speech."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar

from pydantic import Field, model_validator

from ivr.engine.ask_settings import StepPart
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import DigitsPressed, Event, FlowReturned, NothingHeard
from ivr.engine.introspection import SENTENCE, Provenance, SpokenPrompt
from ivr.engine.question import Question
from ivr.engine.references import PromptKeys, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.session import Session
from ivr.engine.step_results import Goto, StepResult
from ivr.engine.step_run import StepRun
from ivr.engine.values import Secret
from ivr.foundation.messages import message
from ivr.foundation.money import parse_yuan

AMOUNT_KEYS = 12
COLLECTED = "collected"  # trail label of an accepted answer
_YUAN = r"^[0-9]{1,13}(\.[0-9]{0,2})?$"


class Digits(StepPart):
    """The number of digits. `exactly` ends the entry automatically, `min`/`max` end it with #. `star` is the letter
    that * means.
    """

    exactly: int | None = Field(None, ge=1, le=32)
    min: int | None = Field(None, ge=1, le=32)
    max: int | None = Field(None, ge=1, le=32)
    lengths: tuple[int, ...] | None = Field(None, description="the only lengths that can be right")
    star: str | None = Field(None, description="what the * key stands for, such as X", max_length=1)

    @model_validator(mode="after")
    def _sized(self) -> "Digits":
        if (self.exactly is None) == (self.max is None):
            raise ValueError(message("write exactly: 6, or max: 20 (and min: 4)"))
        if self.exactly is not None and (self.min, self.lengths) != (None, None):
            raise ValueError(message("exactly: is the only length; take min: and lengths: out, or write max: instead"))
        if self.min is not None and self.min > self.most:
            raise ValueError(
                message(
                    "no number has {min} digits at least and {most} at most; swap the two", min=self.min, most=self.most
                )
            )
        return self

    @model_validator(mode="after")
    def _possible(self) -> "Digits":
        least = self.min or 1
        if self.lengths is not None and not (self.lengths and all(least <= n <= self.most for n in self.lengths)):
            raise ValueError(
                message(
                    "lengths: are some of the lengths from {least} to {most}, such as [{most}]",
                    least=least,
                    most=self.most,
                )
            )
        if self.star is not None and not (self.star.isascii() and self.star.isalpha()):
            raise ValueError(message("star: is one letter, such as X, not '{star}'", star=self.star))
        return self

    @property
    def most(self) -> int:
        """The maximum number of keys."""
        return self.exactly or self.max or 0

    def fits(self, keys: str) -> bool:
        """True for a number of keys that can be right."""
        least = self.exactly or self.min or 1
        return least <= len(keys) <= self.most and (self.lengths is None or len(keys) in self.lengths)


class Amount(StepPart):
    """The bounds of an amount in yuan; * is the decimal point."""

    at_least: str = "0.01"
    at_most: str = "9999999.99"

    @model_validator(mode="after")
    def _amounts(self) -> "Amount":
        if parse_yuan(self.at_least) is None or parse_yuan(self.at_most) is None:
            raise ValueError(message("amounts are written in yuan, such as 0.01 or 5000"))
        if (parse_yuan(self.at_least) or 0) > (parse_yuan(self.at_most) or 0):
            raise ValueError(
                message(
                    "no amount is {at_least} at least and {at_most} at most; swap the two",
                    at_least=self.at_least,
                    at_most=self.at_most,
                )
            )
        return self


@register
class Collect(Question):
    """`collect: amount` asks `prompt:` and stores the answer in a variable. A lone * goes back, # ends the entry."""

    verb: ClassVar[str] = "collect"
    takes_data: ClassVar[bool] = True

    collect: VariableName = Field(description="the variable that keeps the answer")
    prompt: PromptKeys = Field(description="the question")
    digits: Digits | None = Field(None, description="a number of digits")
    amount: Amount | None = Field(None, description="an amount in yuan, * for the decimal point")
    date: bool = Field(False, description="a date as eight digits, year month day")
    then: Target = Field(description="where to go with the answer")

    @model_validator(mode="after")
    def _one_kind(self) -> "Collect":
        if sum((self.digits is not None, self.amount is not None, self.date)) != 1:
            raise ValueError(message("say what is keyed: digits:, amount: or date: true"))
        return self

    def question(self) -> PromptKeys:
        return self.prompt

    def is_own_key(self, key: str) -> bool:
        return key != "*"  # while digits are data, 0 and 9 belong to the number

    @property
    def most(self) -> int:
        """The number of keys that ends the entry automatically."""
        return self.digits.most if self.digits else 8 if self.date else AMOUNT_KEYS

    def completes_entry(self, keys: str) -> bool:
        return len(keys) == self.most

    def enter(self, run: StepRun) -> StepResult:
        run.say(run.question_prompts(self.prompt))
        return run.ask(num_digits=self.most, finish_on_key="#")

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        if not isinstance(event, DigitsPressed) or not event.digits:
            return run.miss("no_input")
        value = self._read(event.digits)
        if value is None:
            return run.miss("no_match")
        run.set(self.collect, Secret(value) if run.is_secret(self.collect) else value)
        if run.frame.no_match:  # a service may refuse this answer too: then earlier misses count as well
            run.frame.refused[run.frame.step] = run.frame.no_match
        run.note(COLLECTED)
        return Goto(self.then)

    def _read(self, keys: str) -> Any:
        if self.amount is not None:
            return self._amount(keys, self.amount)
        if self.date:
            return _date(keys)
        assert self.digits is not None  # noqa: S101 - one kind, by the validator
        if self.digits.star is not None and keys.endswith("*"):
            body, tail = keys[:-1], self.digits.star
        else:
            body, tail = keys, ""
        return body + tail if body.isdecimal() and self.digits.fits(body + tail) else None

    @staticmethod
    def _amount(keys: str, bounds: Amount) -> int | None:
        fen = parse_yuan(keys.replace("*", "."))
        low, high = parse_yuan(bounds.at_least), parse_yuan(bounds.at_most)
        return fen if fen is not None and (low or 0) <= fen <= (high or 0) else None

    # --- declarations -----------------------------------------------------------------------------------------

    def working_keys(self) -> frozenset[str]:
        takes_star = self.amount is not None or (self.digits is not None and self.digits.star is not None)
        return frozenset("#*" if takes_star else "#")

    def sample_answers(self) -> Iterator[str]:
        if self.digits is not None:
            yield "1" * (self.digits.lengths or (self.digits.most,))[0]
        elif self.amount is not None:
            yield from (self.amount.at_least.replace(".", "*"), self.amount.at_most.replace(".", "*"))
        else:
            yield "20260131"

    def event_for_keys(self, keys: str, session: Session, at: datetime) -> Event:
        """A lone # ends an empty entry."""
        return NothingHeard(at) if keys == "#" else super().event_for_keys(keys, session, at)

    def data_type(self) -> str:
        return "digits" if self.digits is not None else "money" if self.amount is not None else "date"

    def max_digits(self) -> int | None:
        return self.digits.most if self.digits is not None else None

    def placeholder_keys(self, keys: str) -> str:
        """An amount identifies nobody and is kept."""
        if self.amount is not None or keys == "*":
            return keys
        if self.date and self._read(keys) is not None:
            return "20000101"
        return "".join(key if key in "*#" else str((place + 1) % 10) for place, key in enumerate(keys))

    def spoken_prompts(self) -> Iterator[SpokenPrompt]:
        yield from self.prompts_under("prompt", asked=True)

    def heard_before_exit(self, label: str) -> str:
        return SENTENCE

    def trigger(self, label: str) -> str:
        return f"<{self.collect}>"

    def trail_labels(self) -> Iterator[str]:
        yield COLLECTED

    def writes(self) -> tuple[VariableName, ...]:
        return (self.collect,)

    def provenance_of(self, name: str, what: str, contract: ServiceContract | None) -> Provenance | None:
        return Provenance("collected at {place}") if name == self.collect and what == COLLECTED else None

    @classmethod
    def complete_schema(cls, definitions: dict[str, Any]) -> None:
        """Exactly one kind of data, one way to give the number of digits, and amounts in yuan."""
        dated = {"required": ["date"], "properties": {"date": {"enum": [True, "yes", "on"]}}}
        definitions["collect"]["oneOf"] = [{"required": ["digits"]}, {"required": ["amount"]}, dated]
        digits, amount = definitions["Digits"], definitions["Amount"]["properties"]
        sized = {"required": ["exactly"], "not": {"anyOf": [{"required": ["min"]}, {"required": ["lengths"]}]}}
        digits["oneOf"] = [sized, {"required": ["max"]}]
        digits["properties"]["star"] |= {"pattern": "^[A-Za-z]$"}
        for bound in amount.values():
            del bound["type"]
            bound["anyOf"] = [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _YUAN}]


def _date(keys: str) -> str | None:
    if len(keys) != 8 or not keys.isdecimal():
        return None
    try:
        return date(int(keys[:4]), int(keys[4:6]), int(keys[6:])).isoformat()
    except ValueError:
        return None
