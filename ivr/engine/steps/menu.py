"""menu: a choice by one key or by a few words, among fixed options or the items of a list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, cast

from pydantic import Field, ValidationInfo, field_validator, model_validator

from ivr.engine.ask_settings import StepPart
from ivr.engine.contracts import ServiceContract
from ivr.engine.events import DigitsPressed, Event, FlowReturned, SpeechHeard
from ivr.engine.introspection import GIVE_UP, NOTHING, Provenance, SpokenPrompt, TypeRequirement, VariableId
from ivr.engine.keypad import KEYS, NAMES, PAGE, SIGNS
from ivr.engine.question import Question
from ivr.engine.references import LanguageName, PromptKey, PromptKeys, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.speech import matching
from ivr.engine.speech.labels import constant_labels, slot_values, spoken_labels
from ivr.engine.step_results import Goto, StepResult
from ivr.engine.step_run import StepRun
from ivr.foundation.messages import message

IDENTIFIED = "identified"  # trail label: the item of the card that identified the caller was chosen


class Option(StepPart):
    """One option: its target, and the word list that chooses it by speech."""

    then: Target
    words: PromptKey | None = None


def _option(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, dict) and set(value) <= {"then", "words"}:
        return Option.model_validate(value, context=info.context)
    return Option(then=Target.read(value, info))


@register
class Menu(Question):
    """`menu: main.menu` with `options:`; or with `choices:` over a list variable, storing the chosen item in `into`."""

    verb: ClassVar[str] = "menu"

    menu: PromptKeys = Field(description="the prompts that name the options")
    options: dict[str, Option] = Field(default_factory=dict, description='key -> step, such as "1": balance')
    languages: tuple[LanguageName, ...] = Field((), description="say the prompts in each of these languages")
    choices: VariableName | None = Field(None, description="a list variable whose items are the options")
    each: PromptKey | None = Field(None, description="said for each item, with {item...} and {key}")
    more: PromptKey | None = Field(None, description="said when there are more items than keys, with {key}")
    also: PromptKeys | None = Field(None, description="said after the items, naming what options: offers besides them")
    into: VariableName | None = Field(None, description="the variable that keeps the chosen item")
    only_one: bool = Field(True, description="a single item is chosen without asking")
    as_identified: str | None = Field(
        None,
        description="a part, such as last4: the item of the card that identified the caller is chosen unasked, once",
    )
    then: Target | None = Field(None, description="where to go with the chosen item")
    common_keys: tuple[str, ...] | None = Field(None, description="of the keys that hold everywhere, those that hold")
    silence: Target | None = Field(None, description="where silence leads, as of callers who were asked to wait")

    @field_validator("options", mode="before")
    @classmethod
    def _options(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, dict):
            raise ValueError(message('options are written as key: step, such as  "1": balance'))
        unknown = [key for key in value if key not in KEYS]
        if unknown:
            raise ValueError(
                message(
                    "'{unknown}' is not a telephone key; keys are {words}", unknown=unknown[0], words=", ".join(KEYS)
                )
            )
        return {key: _option(item, info) for key, item in value.items()}

    @field_validator("common_keys")
    @classmethod
    def _common(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        unknown = [key for key in value or () if key not in KEYS]
        if unknown:
            raise ValueError(f"'{unknown[0]}' is not a telephone key; keys are {', '.join(KEYS)}")
        return None if value is None else tuple(SIGNS.get(key, key) for key in value)

    @model_validator(mode="after")
    def _whole(self) -> "Menu":
        if self.choices is None and not self.options:
            raise ValueError(message("a menu needs options: or choices:"))
        if self.choices is not None and not (self.each and self.into and self.then):
            raise ValueError(message("choices: needs each:, into: and then: beside it"))
        return self

    def question(self) -> PromptKeys:
        return self.menu

    def question_languages(self) -> tuple[str, ...]:
        return self.languages

    def completes_entry(self, keys: str) -> bool:
        return keys != "#"

    def is_own_key(self, key: str) -> bool:
        return NAMES.get(key, key) in self.options

    def words(self, run: StepRun, language: str) -> Mapping[str, Sequence[str]]:
        """Key -> the words that choose it in a language: its word list and its label. The key's number always works
        too.
        """
        prompts, scope = run.prompts_in(language), run.scope()
        words = self._item_words(run, language)
        labels = spoken_labels(prompts, self.announcing_prompts(), scope)
        for key, option in self.options.items():
            words[key] = (*prompts.words.get(option.words or "", ()), *labels.get(SIGNS.get(key, key), ()))
        return words

    def _item_words(self, run: StepRun, language: str) -> dict[str, Sequence[str]]:
        """Key -> the words that choose an item: its label, and each value in it."""
        prompts, each = run.prompts_in(language), (self.each,) if self.each is not None else ()
        words: dict[str, Sequence[str]] = {}
        for number, item in enumerate(self._page(run, self._items(run)), 1):
            key, scope = str(number), run.scope({"item": item, "key": str(number)})
            labels = spoken_labels(prompts, each, scope, key).get(key, ())
            words[key] = (*labels, *slot_values(prompts, each, scope, "item"))
        if self._has_more(run):
            more = (self.more,) if self.more is not None else ()
            words[str(PAGE)] = spoken_labels(prompts, more, run.scope(), str(PAGE)).get(str(PAGE), ())
        return words

    def announcing_prompts(self) -> PromptKeys:
        return (*self.menu, *(self.also or ()))

    def enter(self, run: StepRun) -> StepResult:
        items = self._items(run)
        if self.choices is not None and not items:
            return run.give_up()
        if len(items) == 1 and self.only_one and not self.options:
            return self._choose(run, items[0])
        if (known := self._identified(run, items)) is not None:
            run.remember_question()  # so that the star key asks for another one
            run.note(IDENTIFIED)
            return self._choose(run, known)
        run.say(run.question_prompts(self.menu), languages=self.question_languages())
        if items:
            self._offer(run, items)
        return run.ask(num_digits=1, hints=self._hints(run))

    def _hints(self, run: StepRun) -> tuple[str, ...]:
        """The recogniser hints: words and labels of the options, but no customer data."""
        languages = self._heard_in(run)
        return run.hints(languages, lambda: self._expected(run, languages))

    def _expected(self, run: StepRun, languages: Sequence[str]) -> tuple[str, ...]:
        hints: dict[str, None] = {}
        for each in languages:
            prompts = run.prompts_in(each)
            for option in self.options.values():
                hints |= dict.fromkeys(prompts.words.get(option.words or "", ()))
            own = (label for key, label in constant_labels(prompts, self.announcing_prompts()) if self.is_own_key(key))
            hints |= dict.fromkeys(own)
        return tuple(hints)

    def _identified(self, run: StepRun, items: list[Any]) -> Any | None:
        """The one item that identified the caller; None once an item was chosen here, so that the caller can choose
        another.
        """
        named = run.session.identified_by
        if self.as_identified is None or not named or run.frame.variables.get(str(self.into)) is not None:
            return None
        fitting = [item for item in items if item.get(self.as_identified) == named]
        return fitting[0] if len(fitting) == 1 else None

    def _heard_in(self, run: StepRun) -> tuple[str, ...]:
        """The languages of an answer, the caller's first: a greeting in two languages accepts either."""
        return tuple(dict.fromkeys((run.session.language, *self.languages)))

    def resume(self, run: StepRun, event: Event | FlowReturned) -> StepResult:
        if isinstance(event, DigitsPressed):
            return self._pressed(run, NAMES.get(event.digits, event.digits))
        if isinstance(event, SpeechHeard):
            key = self.matched_key(run, event)
            return self._pressed(run, key) if key is not None else run.miss("no_match")
        return run.miss("no_input", self.silence)

    def matched_key(self, run: StepRun, event: SpeechHeard) -> str | None:
        if not run.is_confident(event):
            return None
        heard = (matching.match(event.text, self.words(run, each), each) for each in self._heard_in(run))
        return next((key for key in heard if key is not None), None)

    def _pressed(self, run: StepRun, key: str) -> StepResult:
        option = self.options.get(key)
        if option is not None:
            run.note(key)
            return Goto(option.then)
        page = self._page(run, self._items(run))
        if key.isdecimal() and 1 <= int(key) <= len(page):
            run.note(key)
            return self._choose(run, page[int(key) - 1])
        if self._has_more(run) and key == str(PAGE):
            run.frame.page += 1
            return self.enter(run)
        return run.miss("no_match")

    def _items(self, run: StepRun) -> list[Any]:
        return cast("list[Any]", run.scope().get(self.choices) or []) if self.choices else []

    def _has_more(self, run: StepRun) -> bool:
        return len(self._items(run)) > PAGE

    def _page(self, run: StepRun, items: list[Any]) -> list[Any]:
        if len(items) <= PAGE:
            return items
        size = PAGE - 1
        first = run.frame.page % -(-len(items) // size) * size
        return items[first : first + size]

    def _offer(self, run: StepRun, items: list[Any]) -> None:
        for number, item in enumerate(self._page(run, items), 1):
            run.say((str(self.each),), {"item": item, "key": str(number)})
        if self._has_more(run) and self.more is not None:
            run.say((self.more,), {"key": str(PAGE)})
        if self.also is not None:
            run.say(self.also)

    def _choose(self, run: StepRun, item: Any) -> StepResult:
        run.set(str(self.into), item)
        return Goto(cast(Target, self.then))

    # --- declarations -----------------------------------------------------------------------------------------

    def accepts_global_key(self, key: str) -> bool:
        return self.common_keys is None or key in self.common_keys

    def working_keys(self) -> frozenset[str]:
        items = KEYS[:PAGE] if self.choices is not None else ()
        return self.keys_to_name() | frozenset(items)

    def keys_to_name(self) -> frozenset[str]:
        return frozenset(SIGNS.get(key, key) for key in self.options)

    def lists_options(self) -> bool:
        return self.choices is None and self.silence is None

    def item_prompts(self, run: StepRun) -> Iterator[tuple[PromptKey, str, Any]]:
        if self.each is not None:
            page = self._page(run, self._items(run))
            yield from ((self.each, str(number), item) for number, item in enumerate(page, 1))
        if self.more is not None:
            yield self.more, str(PAGE), None

    def sample_answers(self) -> Iterator[str]:
        yield from (SIGNS.get(key, key) for key in self.options)
        if self.choices is not None:
            yield from ("1", str(PAGE))

    def spoken_prompts(self) -> Iterator[SpokenPrompt]:
        yield from self.prompts_under("menu", asked=True, languages=self.languages)
        yield from self.prompts_under("each", offers=frozenset({"item", "key"}))
        yield from self.prompts_under("more", offers=frozenset({"key"}), sometimes=True)
        yield from self.prompts_under("also", asked=True)

    def option_words(self) -> Mapping[str, PromptKey]:
        return {key: option.words for key, option in self.options.items() if option.words is not None}

    def is_silent_exit(self, label: str) -> bool:
        """A menu of one item chooses it, and an empty menu gives up."""
        return self.choices is not None and (label == GIVE_UP or (label == "then" and self._chooses_alone()))

    def _chooses_alone(self) -> bool:
        return self.only_one and not self.options

    def heard_before_exit(self, label: str) -> str | None:
        if label == "silence":
            return None
        if label in self.options:
            return SIGNS.get(label, label)
        return NOTHING if self._chooses_alone() else "1"

    def trail_labels(self) -> Iterator[str]:
        """An item chosen from a list is recorded as its first key, and silence as silence."""
        labels = (way.label for way in self.exits() if way.label != "silence")
        yield from ("1" if label == "then" else label for label in labels)

    def writes(self) -> tuple[VariableName, ...]:
        return () if self.into is None else (self.into,)

    def copied_variables(self, flow: str) -> Iterator[tuple[VariableId, VariableId]]:
        if self.choices is not None and self.into is not None:
            yield (flow, str(self.choices)), (flow, str(self.into))

    def iterated_list(self) -> VariableName | None:
        return self.choices

    def type_requirements(self) -> Iterator[TypeRequirement]:
        if self.choices is not None:
            yield TypeRequirement(self.choices, "list", message("choices: are the items of a list"))
        if self.into is not None:
            yield TypeRequirement(self.into, "choice", message("what is chosen is a choice"))

    def provenance_of(self, name: str, what: str, contract: ServiceContract | None) -> Provenance | None:
        if name != self.into:
            return None
        unasked = "the identified card" if what == IDENTIFIED else "the only item"
        which = f"key {what}" if what.isdecimal() else unasked
        return Provenance(f"{which}, chosen at {{place}} of {self.choices}", str(self.choices))

    def slot_provenance(self, name: str) -> Provenance | None:
        if name == "item" and self.choices is not None:
            return Provenance(f"an item of {self.choices}", str(self.choices))
        return Provenance("the key of the item") if name == "key" else None

    @classmethod
    def complete_schema(cls, definitions: dict[str, Any]) -> None:
        """An option may be a bare target, under a telephone key; a menu has options or choices."""
        menu = definitions["menu"]
        options = menu["properties"]["options"]
        target = definitions["Option"]["properties"]["then"]
        options["additionalProperties"] = {"anyOf": [{"$ref": "#/$defs/Option"}, target]}
        keys = {"enum": list(KEYS)}
        menu["properties"]["common_keys"]["anyOf"][0]["items"] = keys
        options["propertyNames"] = keys
        some = {
            "properties": {"options": {"minProperties": 1}}, "required": ["options"], "not": {"required": ["choices"]}
        }  # fmt: skip
        menu["anyOf"] = [some, {"required": ["choices", "each", "into", "then"]}]
