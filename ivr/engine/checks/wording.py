"""Which prompts a step speaks: each with its languages, the names offered to it beside variables, and its place."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ivr.engine.bundle import Bundle, Step
from ivr.engine.findings import Finding
from ivr.engine.node import Ask, Instead, Question
from ivr.engine.prompts import Prompt, Slot
from ivr.engine.references import PromptKey, references
from ivr.engine.steps.confirm import Confirm
from ivr.engine.steps.menu import Menu, Option
from ivr.engine.steps.say import Say
from ivr.foundation.messages import Message, all_of, message
from ivr.foundation.strictyaml import closest, meant

SHARED_FILE = "flows/defaults.yaml"


@dataclass(frozen=True, slots=True)
class Use:
    """One prompt of a step. `part` is the YAML key it stands under; `file` where it is written."""

    key: PromptKey
    part: str
    file: str
    languages: tuple[str, ...]
    offers: frozenset[str] = frozenset()

    def slots(self, bundle: Bundle) -> tuple[Slot, ...]:
        """Its slots in every language that has it."""
        found = [bundle.prompts[language].prompts.get(self.key) for language in self.languages]
        return tuple(slot for prompt in found if prompt is not None for slot in prompt.slots)


def uses(bundle: Bundle, step: Step) -> Iterator[Use]:
    """Every prompt that a step may speak, inherited ones among them; not the words that choose an option."""
    node, flow = step.node, bundle.flows[step.flow]
    for name in type(node).model_fields:
        if name not in Ask.model_fields:
            languages = node.languages if isinstance(node, Menu) and name == "menu" else ()
            for key in spoken(getattr(node, name)):
                yield Use(key, name, flow.file, languages or bundle.languages, _offers(step, name))
    if isinstance(node, Question):
        here, around = {id(key) for key in _misses(node)}, {id(key) for key in _misses(flow.ask)}
        for part in ("no_input", "no_match", *(("by_key",) if isinstance(node, Confirm) else ())):
            for key in spoken(getattr(step.ask, part)):
                file = flow.file if id(key) in here | around else SHARED_FILE
                yield Use(key, part, file, bundle.languages)


def spoken(value: object) -> Iterator[PromptKey]:
    """The prompt keys in a field, without the words of options."""
    if isinstance(value, dict):
        for item in value.values():
            yield from () if isinstance(item, Option) else spoken(item)
    else:
        yield from (word for word in references(value) if isinstance(word, PromptKey))


def _misses(ask: Ask) -> Iterator[PromptKey]:
    yield from spoken(ask.no_input or ())
    yield from spoken(ask.no_match or ())
    yield from spoken(ask.by_key)


def _offers(step: Step, part: str) -> frozenset[str]:
    node = step.node
    if isinstance(node, Say) and node.each is not None:
        return frozenset({"item", "position"})
    if isinstance(node, Menu):
        return {"each": frozenset({"item", "key"}), "more": frozenset({"key"})}.get(part, frozenset())
    return frozenset()


def replacing(step: Step) -> frozenset[str]:
    """The prompts that are said instead of a question after a miss, not before it."""
    entries = (*(step.ask.no_input or ()), *(step.ask.no_match or ()))
    return frozenset(str(entry.instead) for entry in entries if isinstance(entry, Instead))


def option_words(step: Step) -> Iterator[PromptKey]:
    """The keys of the words that choose an option when they are said."""
    if isinstance(step.node, Menu):
        yield from (option.words for option in step.node.options.values() if option.words is not None)


def at_prompt(
    bundle: Bundle, step: Step, prompt: Prompt, code: str, problem: Message, effect: Message, remedy: Message
) -> Finding:
    """A finding at the text of a prompt; its place is the step that says it."""
    return Finding(
        bundle.prompts[prompt.language].file, prompt.line, prompt.column, code, step.place, problem, effect, remedy
    )


Table = Mapping[str, Collection[str]]  # language -> the keys it has


def lacking(key: str, table: Table) -> Message | None:
    """The languages of a table that do not have a key, as a reader lists them; nothing where none lacks it."""
    missing = [language for language, keys in table.items() if key not in keys]
    return all_of(missing) if missing else None


def remedy_for(bundle: Bundle, key: str, table: Table) -> Message:
    """A key that another language has is to be added; one that none has may have been meant for another."""
    having = next((each for each in bundle.languages if key in bundle.prompts[each].places), None)
    other = next((each for each in table if key in bundle.prompts[each].places and key not in table[each]), None)
    if other is not None:
        prompts = bundle.prompts[other]
        held = (
            message("a list of words; a prompt is one text")
            if key in prompts.words
            else message("a text; words are a list")
        )
        return message(
            "in {file}, line {line}, it is {held}", file=prompts.file, line=prompts.places[key][0], held=held
        )
    files = all_of(bundle.prompts[each].file for each, keys in table.items() if key not in keys)
    if having is None:
        close = closest(key, {known for keys in table.values() for known in keys})
        return meant(close) if close else message("add {key} to {files}", key=key, files=files)
    return message(
        "add {key} to {files} ({having} has it, line {line})",
        key=key,
        files=files,
        having=having,
        line=bundle.prompts[having].places[key][0],
    )
