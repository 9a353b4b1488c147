"""Checks that saying the label of a key chooses that key, and that asking for an agent reaches one.

Uses the real speech matching: the label of every option, item and confirm key, with sample values in its slots, is
spoken at its own question together with the words of the global keys.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.checks.parts import Parts, known_parts
from ivr.engine.checks.simulation import AT, Item
from ivr.engine.events import SpeechHeard
from ivr.engine.findings import Finding
from ivr.engine.keypad import NAMES, SIGNS
from ivr.engine.question import Question
from ivr.engine.runtime.machine import open_session
from ivr.engine.runtime.run import Run
from ivr.engine.runtime.spoken_choice import OWN, choice
from ivr.engine.session import Frame
from ivr.engine.speech.labels import spoken_labels
from ivr.engine.speech.prompts import Prompt
from ivr.foundation.messages import message

_NO_PERSON = message("Callers who ask for a person would not reach one here")
_NAMES = ("王芳", "李强", "陈静", "张伟", "刘洋", "赵敏", "孙丽", "周杰", "吴磊")  # enough names for more than one page


def check(bundle: Bundle) -> Iterator[Finding]:
    """Labels that choose another key or none, and words of global keys that choose something else."""
    parts = known_parts(bundle)
    for step in graph.every_step(bundle):
        if not isinstance(step.node, Question) or not step.node.announcing_prompts():
            continue
        choices = str(step.node.iterated_list() or "")
        items = _items(parts.get((step.flow, choices), {})) if choices else []
        for language in bundle.languages:
            run = _at(bundle, step, step.node, language, {choices: items} if choices else {})
            yield from _labels(run, step.node, language)
            if language == run.session.language:
                yield from _global_words(run, step.node, language)


def _at(bundle: Bundle, step: Step, node: Question, language: str, variables: dict[str, Any]) -> Run:
    """A call at a question; a question in several languages is asked before a language was chosen."""
    session = open_session(bundle, "check", AT, bundle.languages[0] if node.question_languages() else language)
    session.frames = [Frame(step.flow, step.name, variables)]
    return Run(bundle, session, AT)


def _items(parts: Parts) -> list[Any]:
    """Enough distinct items for a second page."""
    return [_item(parts, number) for number in range(len(_NAMES))]


def _item(parts: Parts, number: int) -> Item:
    samples: Mapping[str, Any] = {
        "digits": f"{(number + 1) * 1307 % 10_000:04d}", "text": _NAMES[number], "money": (number + 1) * 12_345,
        "number": number + 1, "date": f"2026-11-{number + 10}", "flag": True,
    }  # fmt: skip
    return Item({part: samples[kind] for part, kind in parts.items() if kind in samples})


def _said(run: Run, node: Question, language: str) -> Iterator[tuple[str, str, Prompt]]:
    """(telephone key, its label, the prompt) for the working keys of a question, in one language."""
    prompts = run.bundle.prompts[language]
    for name in node.announcing_prompts():
        for key, spoken in spoken_labels(prompts, (name,), run.scope()).items():
            if key in run.step.keys or node.is_own_key(key):  # any other key is reported as no-such-key
                yield from ((key, each, prompts.prompts[name]) for each in spoken)
    for part, key, item in node.item_prompts(run):
        prompt = prompts.prompts.get(part)
        if prompt is not None:  # only the whole label: another item may have the same last clause
            spoken = spoken_labels(prompts, (prompt.key,), run.scope({"item": item, "key": key}), key).get(key, ())
            yield from ((key, each, prompt) for each in spoken[:1])


def _labels(run: Run, node: Question, language: str) -> Iterator[Finding]:
    for key, label, prompt in _said(run, node, language):
        heard = _chosen(run, node, label)
        if heard != key:
            yield _unheard(run, language, label, prompt, key, heard)


def _chosen(run: Run, node: Question, text: str) -> str | None:
    """The telephone key that a text chooses, as in the engine: global keys first."""
    found = choice(run, text)
    if found is not None and not found.startswith(OWN):
        return found
    own = node.matched_key(run, SpeechHeard(AT, text, 1.0))
    return SIGNS.get(own, own) if own is not None else None


def _unheard(run: Run, language: str, label: str, prompt: Prompt, key: str, heard: str | None) -> Finding:
    """A finding at the prompt's line."""
    place, file = run.step.qualified_name, run.bundle.prompts[language].file
    problem = message(
        "in {language} '{label}' is announced for {key}, and at {place} saying it chooses {value}", language=language,
        label=label, key=key, place=place, value=heard or message("nothing"),
    )  # fmt: skip
    effect = message("Callers who say what they just heard would not be understood")
    remedy = message(
        "word it as a statement that names this option alone, such as  {example}", example=_example(language)
    )
    if heard is not None:
        effect = message("Callers who say what they just heard would be taken elsewhere")
        remedy = message(
            "word it differently, or take what sounds like it from the words and the label of {heard}", heard=heard
        )
    return Finding(file, prompt.line, prompt.column, "label-unheard", prompt.key, problem, effect, remedy)


def _example(language: str) -> str:
    return "更换号码，请按2" if language.startswith("zh") else "For another number, press 2"


def _global_words(run: Run, node: Question, language: str) -> Iterator[Finding]:
    """The words of the global keys, above all those for an agent, must choose that key at every question."""
    step, bundle = run.step, run.bundle
    for key, name in bundle.key_words.items():
        if key not in step.keys:
            continue
        for word in bundle.prompts[language].words.get(name, ()):
            heard = _chosen(run, node, word)
            if heard != key:
                others = (
                    message("the words and the label of {heard}", heard=heard)
                    if heard
                    else message("whatever else sounds like it")
                )
                yield finding(
                    bundle,
                    step,
                    "word-taken",
                    message(
                        "in {language} '{word}' is a word of {key}, and here saying it chooses {value}",
                        language=language,
                        word=word,
                        key=key,
                        value=heard or message("nothing"),
                    ),
                    _NO_PERSON if key == "0" else message("Callers who ask for it would not come there"),
                    message("take it from {others}, or from {name}", others=others, name=name),
                    word=node.option_words().get(NAMES.get(heard or "", heard or "")),
                )
