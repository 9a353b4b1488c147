"""menu: a choice by one key or by a few words, among fixed options or the items of a list."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from pydantic import Field, field_validator, model_validator

from ivr.engine import hearing
from ivr.engine.events import DigitsPressed, Event, FlowReturned, SpeechHeard
from ivr.engine.node import Goto, Move, Part, Question
from ivr.engine.references import LanguageName, PromptKey, Prompts, Target, VariableName
from ivr.engine.registry import register
from ivr.engine.run import Run
from ivr.messages import message

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "star", "hash")
NAMED = {"*": "star", "#": "hash"}
PAGE = 8


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
    drops: ClassVar[frozenset[str]] = frozenset({"confirmation"})

    menu: Prompts = Field(description="the prompts that name the options")
    options: dict[str, Option] = Field(default_factory=dict, description='key -> step, such as "1": balance')
    languages: tuple[LanguageName, ...] = Field((), description="say the prompts in each of these languages")
    choices: VariableName | None = Field(None, description="a list variable whose items are the options")
    each: PromptKey | None = Field(None, description="said for each item, with {item...} and {key}")
    more: PromptKey | None = Field(None, description="said when there are more items than keys, with {key}")
    also: Prompts | None = Field(None, description="said after the items, naming what options: offers besides them")
    into: VariableName | None = Field(None, description="the variable that keeps the chosen item")
    only_one: bool = Field(True, description="a single item is chosen without asking")
    then: Target | None = Field(None, description="where to go with the chosen item")
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

    def own_key(self, key: str) -> bool:
        return NAMED.get(key, key) in self.options

    def words(self, run: Run, language: str) -> Mapping[str, Sequence[str]]:
        """key -> words that choose it, in a language; every key answers to its own number besides."""
        words = run.bundle.prompts[language].words
        items: dict[str, Sequence[str]] = {str(n): () for n, _ in enumerate(self._page(run, self._items(run)), 1)}
        items |= {str(PAGE): ()} if self._has_more(run) else {}
        return items | {key: words.get(option.words or "", ()) for key, option in self.options.items()}

    def enter(self, run: Run) -> Move:
        items = self._items(run)
        if self.choices is not None and not items:
            return run.give_up()
        if len(items) == 1 and self.only_one and not self.options:
            return self._choose(run, items[0])
        run.say(run.question(self), languages=self.spoken_in())
        if items:
            self._offer(run, items)
        words = (word for each in self._heard_in(run) for group in self.words(run, each).values() for word in group)
        return run.ask(num_digits=1, hints=list(dict.fromkeys(words)))

    def _heard_in(self, run: Run) -> tuple[str, ...]:
        """The languages that an answer may be in, the caller's first: a greeting in two is answered in either."""
        return tuple(dict.fromkeys((run.session.language, *self.languages)))

    def resume(self, run: Run, event: Event | FlowReturned) -> Move:
        if isinstance(event, DigitsPressed):
            return self._pressed(run, NAMED.get(event.digits, event.digits))
        if isinstance(event, SpeechHeard):
            heard = (hearing.match(event.text, self.words(run, each), each) for each in self._heard_in(run))
            key = next((key for key in heard if key is not None), None)
            return self._pressed(run, key) if key is not None else run.miss("no_match")
        return run.miss("no_input", self.silence)

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
        run.session.grants.pop("confirmation", None)  # what was read back may have been another item
        return Goto(cast(Target, self.then))
