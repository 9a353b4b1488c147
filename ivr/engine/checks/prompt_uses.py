"""The prompts that a step speaks, each with its languages, the names beside variables, and its position."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ivr.engine.ask_settings import AskSettings, ReplacingPrompt
from ivr.engine.bundle import Bundle, Step
from ivr.engine.findings import Finding
from ivr.engine.question import Question
from ivr.engine.references import PromptKey, words_of
from ivr.engine.speech.prompts import Prompt, Slot
from ivr.foundation.messages import Message, all_of, message
from ivr.foundation.strictyaml import closest, did_you_mean

SHARED_FILE = "flows/defaults.yaml"


@dataclass(frozen=True, slots=True)
class PromptUse:
    """One prompt of a step, from `SpokenPrompt`. `file` is where the key is written."""

    key: PromptKey
    file: str
    languages: tuple[str, ...]
    offers: frozenset[str] = frozenset()
    asked: bool = False
    written: bool = False

    def slots(self, bundle: Bundle) -> tuple[Slot, ...]:
        """Its slots in every language that has it."""
        found = [bundle.prompts[language].prompts.get(self.key) for language in self.languages]
        return tuple(slot for prompt in found if prompt is not None for slot in prompt.slots)


def prompt_uses(bundle: Bundle, step: Step) -> Iterator[PromptUse]:
    """Every prompt that a step may speak, including inherited ones, but not the word lists of options."""
    node, flow = step.node, bundle.flows[step.flow]
    for says in node.spoken_prompts():
        yield PromptUse(says.key, flow.file, says.languages or bundle.languages, says.offers, says.asked, says.written)
    if isinstance(node, Question):
        here, around = {id(key) for key in _misses(node)}, {id(key) for key in _misses(flow.ask)}
        for part in node.miss_parts:
            for key in words_of(getattr(step.ask, part), PromptKey):
                yield PromptUse(key, flow.file if id(key) in here | around else SHARED_FILE, bundle.languages)


def _misses(ask: AskSettings) -> tuple[PromptKey, ...]:
    return words_of((ask.no_input, ask.no_match, ask.by_key), PromptKey)


def replacing(step: Step) -> frozenset[str]:
    """The prompts that are said after a miss in place of the question."""
    entries = (*(step.ask.no_input or ()), *(step.ask.no_match or ()))
    return frozenset(str(entry.instead) for entry in entries if isinstance(entry, ReplacingPrompt))


def at_prompt(
    bundle: Bundle, step: Step, prompt: Prompt, code: str, problem: Message, effect: Message, remedy: Message
) -> Finding:
    """A finding at the text of a prompt; `place` names the step that says it."""
    return Finding(
        bundle.prompts[prompt.language].file,
        prompt.line,
        prompt.column,
        code,
        step.qualified_name,
        problem,
        effect,
        remedy,
    )


KeysByLanguage = Mapping[str, Collection[str]]  # language -> its keys


def missing_languages(key: str, table: KeysByLanguage) -> Message | None:
    """The languages of a table that do not have a key, as a list in words; None where all have it."""
    missing = [language for language, keys in table.items() if key not in keys]
    return all_of(missing) if missing else None


def remedy_for(bundle: Bundle, key: str, table: KeysByLanguage) -> Message:
    """The remedy for a missing key: add it where another language has it, otherwise suggest a similar key."""
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
        return did_you_mean(close) if close else message("add {key} to {files}", key=key, files=files)
    return message(
        "add {key} to {files} ({having} has it, line {line})",
        key=key,
        files=files,
        having=having,
        line=bundle.prompts[having].places[key][0],
    )
