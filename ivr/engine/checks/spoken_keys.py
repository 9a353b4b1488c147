"""Compares the keys named in texts with the keys that work: a missing key, an unnamed option, a wrong order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.key_mentions import Mention, labelled_twice, mentions, spoken_text
from ivr.engine.checks.prompt_uses import PromptUse, at_prompt, prompt_uses, replacing
from ivr.engine.findings import Finding
from ivr.engine.keypad import SENT
from ivr.engine.question import Question
from ivr.engine.speech.prompts import Prompt
from ivr.foundation.messages import Message, all_of, message

COMES_BACK = ("return", "back", "repeat")
_WRONG_KEY = message("Callers would press it and hear that it is wrong")


def check(bundle: Bundle) -> Iterator[Finding]:
    """All findings about keys in the texts of questions, and in what is said before them."""
    for step in graph.every_step(bundle):
        if isinstance(step.node, Question):
            yield from _Reading(bundle, step, step.node).check()
        elif not step.node.enqueues:  # a queue has its own keys
            yield from _announced(bundle, step)


def _announced(bundle: Bundle, step: Step) -> Iterator[Finding]:
    """A key named before a question must work at a question that follows."""
    named = [
        (prompt, key)
        for use in prompt_uses(bundle, step)
        for prompt in _prompts(bundle, use)
        for key in dict.fromkeys(mention.key for mention in mentions(spoken_text(prompt)))
    ]
    follow = _next_questions(bundle, step) if named else None
    if follow is None:
        return
    working = frozenset().union(*(_working(asking, node) for asking, node in follow))
    for prompt, key in named:
        if key not in working:
            problem = message(
                "'{prompt}' in {language} names the key {key}, which does nothing at any question that follows",
                prompt=prompt.key, language=prompt.language, key=key,
            )  # fmt: skip
            remedy = message("add the key to the question, or take it out of '{prompt}'", prompt=prompt.key)
            yield at_prompt(bundle, step, prompt, "no-such-key", problem, _WRONG_KEY, remedy)


def _next_questions(bundle: Bundle, step: Step) -> list[tuple[Step, Question]] | None:
    """The questions that callers may meet after a step that is not a question; None where a subflow returns first."""
    begin = (step.flow, step.name)
    met = [graph.step_at(bundle, place) for place in sorted(graph.reach(bundle, (begin,), past=graph.asks))]
    between = [each for each in met if not each.node.asks]
    if any(way.target.command in COMES_BACK for each in between for way in graph.exits(bundle, each)):
        return None
    return [(each, each.node) for each in met if isinstance(each.node, Question)]


def _prompts(bundle: Bundle, use: PromptUse) -> Iterator[Prompt]:
    for language in use.languages:
        prompt = bundle.prompts[language].prompts.get(use.key)
        if prompt is not None:
            yield prompt


def _working(step: Step, node: Question) -> frozenset[str]:
    """The keys that do something at a question."""
    return node.working_keys() | {key for key in step.keys if not node.is_own_key(key)}


@dataclass(frozen=True, slots=True)
class _Reading:
    """The texts of one question, searched for keys."""

    bundle: Bundle
    step: Step
    node: Question

    def check(self) -> Iterator[Finding]:
        working = _working(self.step, self.node)
        asked = [use for use in prompt_uses(self.bundle, self.step) if use.asked]
        again = replacing(self.step)
        for use in prompt_uses(self.bundle, self.step):
            for prompt in _prompts(self.bundle, use):
                yield from self._unknown(prompt, working)
                if use in asked or use.key in again:
                    yield from self._labels(prompt)
                if use.key in again and not self.node.key_prompts():
                    yield from self._whole([prompt], prompt.language)
        languages = {language for use in asked for language in use.languages}
        together = len(self.node.question_languages()) > 1
        for group in [sorted(languages)] if together else [[language] for language in sorted(languages)]:
            texts = [p for use in asked for p in _prompts(self.bundle, use) if p.language in group]
            yield from self._whole(texts, all_of(group))
        yield from self._items()

    def _find(self, prompt: Prompt, code: str, problem: Message, effect: Message, remedy: Message) -> Finding:
        return at_prompt(self.bundle, self.step, prompt, code, problem, effect, remedy)

    def _unknown(self, prompt: Prompt, working: frozenset[str]) -> Iterator[Finding]:
        for key in dict.fromkeys(mention.key for mention in mentions(spoken_text(prompt))):
            if key not in working:
                problem = message(
                    "'{prompt}' in {language} names the key {key}, which does nothing here",
                    prompt=prompt.key, language=prompt.language, key=key,
                )  # fmt: skip
                remedy = message("add the key, or take it out of '{prompt}'", prompt=prompt.key)
                yield self._find(prompt, "no-such-key", problem, _WRONG_KEY, remedy)

    def _labels(self, prompt: Prompt) -> Iterator[Finding]:
        """Each key has a label of its own, before the key."""
        found = mentions(spoken_text(prompt))
        for mention in found:
            if not mention.after_action:
                yield self._find(
                    prompt, "key-first", self._about(prompt, mention, _BEFORE),
                    message("Callers would have to remember the key until they hear what it is for"),
                    message("name the action first: 查询余额，请按1 / for your balance, press 1"),
                )  # fmt: skip
            elif not mention.label:
                yield self._find(
                    prompt, "key-alone", self._about(prompt, mention, _ALONE),
                    message("Callers would not know what the key is for"),
                    message("name the action before it: 查询余额，请按1 / for your balance, press 1"),
                )  # fmt: skip
        if (twice := labelled_twice(found)) is not None:
            problem = message(
                "'{prompt}' in {language} says the same of the keys {key} and {other}",
                prompt=prompt.key, language=prompt.language, key=twice[0].key, other=twice[1].key,
            )  # fmt: skip
            effect = message("Callers would not know which of them to press")
            yield self._find(prompt, "same-label", problem, effect, message("give each key words of its own"))

    @staticmethod
    def _about(prompt: Prompt, mention: Mention, what: Message) -> Message:
        return message(
            "'{prompt}' in {language} names {key} {what}",
            prompt=prompt.key, language=prompt.language, key=mention.key, what=what,
        )  # fmt: skip

    @staticmethod
    def _says(prompt: Prompt, said: Message, languages: str = "") -> Message:
        named = languages or prompt.language
        return message("'{prompt}' in {languages} {said}", prompt=prompt.key, languages=named, said=said)

    def _whole(self, texts: list[Prompt], languages: str) -> Iterator[Finding]:
        """All options are named, in the order of the keypad."""
        for code, said, effect, remedy in _judged(texts, self.node.keys_to_name()) if texts else ():
            problem = self._says(texts[0], said, languages)
            yield self._find(texts[0], code, problem, effect, remedy)

    def _items(self) -> Iterator[Finding]:
        """The texts for list items and for the next page name their key by a slot."""
        for use in prompt_uses(self.bundle, self.step):
            for prompt in _prompts(self.bundle, use) if "key" in use.offers else ():
                if all(slot.path != "key" for slot in prompt.slots):
                    said = message("does not speak {{key}}")
                    effect = message("Callers would not know which key chooses the item")
                    remedy = message("name the key: {{item.name}}，请按{{key}}")
                    yield self._find(prompt, "option-unnamed", self._says(prompt, said), effect, remedy)


_BEFORE = message("before what it does")
_ALONE = message("without saying what it does")


def _judged(texts: list[Prompt], to_name: frozenset[str]) -> Iterator[tuple[str, Message, Message, Message]]:
    named = list(dict.fromkeys(mention.key for prompt in texts for mention in mentions(spoken_text(prompt))))
    by_keypad: Callable[[str], int] = SENT.index
    for key in sorted(to_name - set(named), key=by_keypad):
        remedy = message("tell callers what {key} is for, or take the option out", key=key)
        effect = message("Callers would not know of this option")
        yield "option-unnamed", message("never names the key {key}", key=key), effect, remedy
    own = [key for key in named if key in to_name]
    if own != sorted(own, key=by_keypad):
        said = message("names the keys in the order {keys}", keys=" ".join(own))
        remedy = message("name them as {keys}", keys=" ".join(sorted(own, key=by_keypad)))
        yield "key-order", said, message("Callers keep rising numbers more easily"), remedy
