"""menu: a choice by one key or by a few words, among fixed options or the items of a list."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from pydantic import Field, field_validator, model_validator

from ivr.engine.events import DigitsPressed, Event, FlowReturned, SpeechHeard
from ivr.engine.node import Goto, Move, Part, Question
from ivr.engine.references import LanguageName, PromptKey, Prompts, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.runtime.listening import sure
from ivr.engine.runtime.run import Run
from ivr.engine.speech import hearing
from ivr.engine.speech.announced import announced, fixed, values
from ivr.foundation.messages import message

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "star", "hash")
NAMED = {"*": "star", "#": "hash"}
_SIGNS = {name: sign for sign, name in NAMED.items()}
PAGE = 8
IDENTIFIED = "identified"  # in the trail: the card that identified the caller chose the item


class Option(Part):
    """One option: where it leads, and the words that choose it when they are said."""

    then: Target
    words: PromptKey | None = None


def _option(value: Any) -> Any:
    if isinstance(value, dict) and set(value) <= {"then", "words"}:
        return Option.model_validate(value)
    return Option(then=Target._read(value))


@register
class Menu(Question):
    """`menu: main.menu` with `options:`; or with `choices:` over a list variable, the chosen item kept in `into`."""

    verb: ClassVar[str] = "menu"

    menu: Prompts = Field(description="the prompts that name the options")
    options: dict[str, Option] = Field(default_factory=dict, description='key -> step, such as "1": balance')
    languages: tuple[LanguageName, ...] = Field((), description="say the prompts in each of these languages")
    choices: VariableName | None = Field(None, description="a list variable whose items are the options")
    each: PromptKey | None = Field(None, description="said for each item, with {item...} and {key}")
    more: PromptKey | None = Field(None, description="said when there are more items than keys, with {key}")
    also: Prompts | None = Field(None, description="said after the items, naming what options: offers besides them")
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
    def _options(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(message('options are written as key: step, such as  "1": balance'))
        unknown = [key for key in value if key not in KEYS]
        if unknown:
            raise ValueError(
                message(
                    "'{unknown}' is no key of a telephone; keys are {words}", unknown=unknown[0], words=", ".join(KEYS)
                )
            )
        return {key: _option(item) for key, item in value.items()}

    @field_validator("common_keys")
    @classmethod
    def _common(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        unknown = [key for key in value or () if key not in KEYS]
        if unknown:
            raise ValueError(f"'{unknown[0]}' is no key of a telephone; keys are {', '.join(KEYS)}")
        return None if value is None else tuple(_SIGNS.get(key, key) for key in value)

    @model_validator(mode="after")
    def _whole(self) -> "Menu":
        if self.choices is None and not self.options:
            raise ValueError(message("a menu needs options: or choices:"))
        if self.choices is not None and not (self.each and self.into and self.then):
            raise ValueError(message("choices: needs each:, into: and then: beside it"))
        return self

    def question(self) -> Prompts:
        return self.menu

    def spoken_in(self) -> Sequence[str]:
        return self.languages

    def is_whole(self, keys: str) -> bool:
        return keys != "#"

    def own_key(self, key: str) -> bool:
        return NAMED.get(key, key) in self.options

    def words(self, run: Run, language: str) -> Mapping[str, Sequence[str]]:
        """key -> words that choose it, in a language: its list, its label; every key answers to its number too."""
        prompts, scope = run.bundle.prompts[language], run.scope()
        words = self._item_words(run, language)
        labels = announced(prompts, self.announcing(), scope)
        for key, option in self.options.items():
            words[key] = (*prompts.words.get(option.words or "", ()), *labels.get(_SIGNS.get(key, key), ()))
        return words

    def _item_words(self, run: Run, language: str) -> dict[str, Sequence[str]]:
        """Key -> what an item may be chosen by: its label, and each value in it."""
        prompts, each = run.bundle.prompts[language], (self.each,) if self.each is not None else ()
        words: dict[str, Sequence[str]] = {}
        for number, item in enumerate(self._page(run, self._items(run)), 1):
            key, scope = str(number), run.scope({"item": item, "key": str(number)})
            labels = announced(prompts, each, scope, key).get(key, ())
            words[key] = (*labels, *values(prompts, each, scope, "item"))
        if self._has_more(run):
            more = (self.more,) if self.more is not None else ()
            words[str(PAGE)] = announced(prompts, more, run.scope(), str(PAGE)).get(str(PAGE), ())
        return words

    def announcing(self) -> Prompts:
        return (*self.menu, *(self.also or ()))

    def enter(self, run: Run) -> Move:
        items = self._items(run)
        if self.choices is not None and not items:
            return run.give_up()
        if len(items) == 1 and self.only_one and not self.options:
            return self._choose(run, items[0])
        if (known := self._identified(run, items)) is not None:
            run.remember()  # the star key asks which one
            run.note(IDENTIFIED)
            return self._choose(run, known)
        run.say(run.question(self), languages=self.spoken_in())
        if items:
            self._offer(run, items)
        return run.ask(num_digits=1, hints=self._hints(run))

    def _hints(self, run: Run) -> tuple[str, ...]:
        """What the recogniser is told to expect: the words and labels of the options, no value of a customer's."""
        languages, step = self._heard_in(run), run.step
        place = (step.flow, step.name, *languages)
        known = run.bundle.hints.get(place)
        if known is None:
            known = run.bundle.hints[place] = self._expected(run, languages)
        return known

    def _expected(self, run: Run, languages: Sequence[str]) -> tuple[str, ...]:
        hints: dict[str, None] = {}
        for each in languages:
            prompts = run.bundle.prompts[each]
            for option in self.options.values():
                hints |= dict.fromkeys(prompts.words.get(option.words or "", ()))
            own = (label for key, label in fixed(prompts, self.announcing()) if self.own_key(key))
            hints |= dict.fromkeys(own)
        return tuple(hints)

    def _identified(self, run: Run, items: list[Any]) -> Any | None:
        """The one item that the caller named to be identified; None once any was chosen here, so that others can be."""
        named = run.session.identified_by
        if self.as_identified is None or not named or run.frame.variables.get(str(self.into)) is not None:
            return None
        fitting = [item for item in items if item.get(self.as_identified) == named]
        return fitting[0] if len(fitting) == 1 else None

    def _heard_in(self, run: Run) -> tuple[str, ...]:
        """The languages that an answer may be in, the caller's first: a greeting in two is answered in either."""
        return tuple(dict.fromkeys((run.session.language, *self.languages)))

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if isinstance(event, DigitsPressed):
            return self._pressed(run, NAMED.get(event.digits, event.digits))
        if isinstance(event, SpeechHeard):
            key = self.understood(run, event)
            return self._pressed(run, key) if key is not None else run.miss("no_match")
        return run.miss("no_input", self.silence)

    def understood(self, run: Run, event: SpeechHeard) -> str | None:
        if not sure(run, event):
            return None
        heard = (hearing.match(event.text, self.words(run, each), each) for each in self._heard_in(run))
        return next((key for key in heard if key is not None), None)

    def _pressed(self, run: Run, key: str) -> Move:
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

    def page(self, run: Run) -> list[Any]:
        """The items that keys choose now."""
        return self._page(run, self._items(run))

    def _items(self, run: Run) -> list[Any]:
        return cast("list[Any]", run.scope().get(self.choices) or []) if self.choices else []

    def _has_more(self, run: Run) -> bool:
        return len(self._items(run)) > PAGE

    def _page(self, run: Run, items: list[Any]) -> list[Any]:
        if len(items) <= PAGE:
            return items
        size = PAGE - 1
        first = run.frame.page % -(-len(items) // size) * size
        return items[first : first + size]

    def _offer(self, run: Run, items: list[Any]) -> None:
        for number, item in enumerate(self._page(run, items), 1):
            run.say((str(self.each),), {"item": item, "key": str(number)})
        if self._has_more(run) and self.more is not None:
            run.say((self.more,), {"key": str(PAGE)})
        if self.also is not None:
            run.say(self.also)

    def _choose(self, run: Run, item: Any) -> Move:
        run.set(str(self.into), item)
        return Goto(cast(Target, self.then))
