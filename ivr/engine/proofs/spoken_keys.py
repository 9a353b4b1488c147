"""Keys named in the text against the keys that work: "press 3" with no 3, an option never named, a wrong order."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ivr.engine.bundle import Bundle, Step
from ivr.engine.findings import Finding
from ivr.engine.flowfile import NAMED
from ivr.engine.node import Question
from ivr.engine.nodes.collect import Collect
from ivr.engine.nodes.confirm import Confirm
from ivr.engine.nodes.menu import PAGE, Menu
from ivr.engine.nodes.transfer import Transfer
from ivr.engine.prompts import Prompt
from ivr.engine.proofs import graph
from ivr.engine.proofs.wording import Use, replacing, uses
from ivr.messages import Message, all_of, message

_ASKED = ("menu", "also", "confirm", "prompt")  # the fields whose texts are the question itself
_ORDER = "1234567890*#"
COMES_BACK = ("return", "back", "repeat")
_SLOT = "\N{OBJECT REPLACEMENT CHARACTER}"
_MANDARIN = re.compile(
    r"按(?:一下|下)?\s*(?:数字|键盘上的)?\s*([0-9]|[零一二三四五六七八九]|星号?|米字|\*|井号?|[#＃])\s*(?:号?键|号)?"
)
_ENGLISH = re.compile(
    r"\b(?:press(?:ing)?|hit|dial)\s+(?:the\s+)?(?:number\s+)?"
    r"([0-9](?![0-9])|zero|one|two|three|four|five|six|seven|eight|nine|star|asterisk|pound|hash|\*|#)(?:\s+(?:key|sign))*",
    re.IGNORECASE,
)
_NAMES: Mapping[str, str] = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **{
        word: str(n)
        for n, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
    },
    **dict.fromkeys(("星", "星号", "米字", "star", "asterisk"), "*"),
    **dict.fromkeys(("井", "井号", "＃", "pound", "hash"), "#"),
}
# what may follow a key that stands after its action: the end of a sentence, or another way to say the same
_AFTER = re.compile(
    r"\s*(?:$|[，。；、！？,.;:!?)）”\"]|或|or\b|and\b|now\b|at any time\b|随时|返回|结束|确认|代替)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A key named in a text, and whether its action is named before it."""

    key: str
    after_action: bool


def mentions(text: str) -> tuple[Mention, ...]:
    """The keys that a text tells callers to press, in order: 0-9, * and #."""
    found = [match for pattern in (_MANDARIN, _ENGLISH) for match in pattern.finditer(text)]
    ordered = sorted(found, key=lambda match: match.start())
    return tuple(Mention(_key(m[1]), bool(_AFTER.match(text, m.end()))) for m in ordered)


def _key(word: str) -> str:
    return _NAMES.get(word.lower(), word)


def check(bundle: Bundle) -> Iterator[Finding]:
    """All findings about keys in the texts of questions, and in what is said before them."""
    for step in graph.every_step(bundle):
        if isinstance(step.node, Question):
            yield from _Reading(bundle, step, step.node).check()
        elif not isinstance(step.node, Transfer):  # whoever waits there has keys of the queue's own
            yield from _announced(bundle, step)


def _announced(bundle: Bundle, step: Step) -> Iterator[Finding]:
    """A key that is named before a question must be one at a question that follows."""
    named = [
        (use, prompt, key)
        for use in uses(bundle, step)
        for prompt in _prompts(bundle, use)
        for key in dict.fromkeys(mention.key for mention in mentions(_text(prompt)))
    ]
    follow = _next_questions(bundle, step) if named else None
    if follow is None:
        return
    working = frozenset().union(*(_working(asking, node) for asking, node in follow))
    for use, prompt, key in named:
        if key not in working:
            yield Finding(
                use.file,
                use.key.line,
                use.key.column,
                "no-such-key",
                step.place,
                message(
                    "'{key}' in {language} names the key {key2}, which is no key at any question that follows",
                    key=use.key,
                    language=prompt.language,
                    key2=key,
                ),
                message("Callers would press it and hear that it is wrong"),
                message("add the key to the question, or take it out of '{key}'", key=use.key),
            )


def _next_questions(bundle: Bundle, step: Step) -> list[tuple[Step, Question]] | None:
    """The questions that callers may meet next after a step that asks none; None where a subflow comes back first."""
    begin = (step.flow, step.name)
    met = [graph.step_at(bundle, place) for place in sorted(graph.reach(bundle, (begin,), past=Question))]
    between = [each for each in met if not isinstance(each.node, Question)]
    if any(way.target.command in COMES_BACK for each in between for way in graph.exits(bundle, each)):
        return None
    return [(each, each.node) for each in met if isinstance(each.node, Question)]


def _prompts(bundle: Bundle, use: Use) -> Iterator[Prompt]:
    for language in use.languages:
        prompt = bundle.prompts[language].prompts.get(use.key)
        if prompt is not None:
            yield prompt


def _working(step: Step, node: Question) -> frozenset[str]:
    """The keys that do something at a question."""
    own = {key for key in _ORDER if node.own_key(key)} if not isinstance(node, Collect) else {"#"}
    if isinstance(node, Collect) and (node.amount is not None or (node.digits is not None and node.digits.star)):
        own.add("*")
    if isinstance(node, Menu) and node.choices is not None:
        own.update(_ORDER[:PAGE])
    return frozenset(own | {key for key in step.keys if not node.own_key(key)})


def _to_name(node: Question) -> frozenset[str]:
    """The keys that the question has to name."""
    if isinstance(node, Confirm):
        return frozenset("12")
    return frozenset(NAMED.get(key, key) for key in node.options) if isinstance(node, Menu) else frozenset()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One question's texts, read for keys."""

    bundle: Bundle
    step: Step
    node: Question

    def check(self) -> Iterator[Finding]:
        working = _working(self.step, self.node)
        asked = [use for use in uses(self.bundle, self.step) if use.part in _ASKED]
        again = replacing(self.step)
        for use in uses(self.bundle, self.step):
            for prompt in _prompts(self.bundle, use):
                yield from self._unknown(use, prompt, working)
                if use in asked or use.key in again:
                    yield from self._after_action(use, prompt)
                if use.key in again:
                    yield from self._whole(use, [prompt], prompt.language)
        languages = {language for use in asked for language in use.languages}
        together = isinstance(self.node, Menu) and len(self.node.languages) > 1
        for group in [sorted(languages)] if together else [[language] for language in sorted(languages)]:
            texts = [p for use in asked for p in _prompts(self.bundle, use) if p.language in group]
            yield from self._whole(asked[0], texts, all_of(group))
        yield from self._items()

    def _find(self, use: Use, code: str, problem: Message, effect: Message, remedy: Message) -> Finding:
        return Finding(use.file, use.key.line, use.key.column, code, self.step.place, problem, effect, remedy)

    def _unknown(self, use: Use, prompt: Prompt, working: frozenset[str]) -> Iterator[Finding]:
        for key in dict.fromkeys(mention.key for mention in mentions(_text(prompt))):
            if key not in working:
                yield self._find(
                    use,
                    "no-such-key",
                    message(
                        "'{key}' in {language} names the key {key2}, which is no key here",
                        key=use.key,
                        language=prompt.language,
                        key2=key,
                    ),
                    message("Callers would press it and hear that it is wrong"),
                    message("add the key, or take it out of '{key}'", key=use.key),
                )

    def _after_action(self, use: Use, prompt: Prompt) -> Iterator[Finding]:
        for mention in mentions(_text(prompt)):
            if not mention.after_action:
                yield self._find(
                    use,
                    "key-first",
                    message(
                        "'{key}' in {language} names {key2} before what it does",
                        key=use.key,
                        language=prompt.language,
                        key2=mention.key,
                    ),
                    message("Callers would have to remember the key until they hear what it is for"),
                    message("name the action first: 查询余额，请按1 / for your balance, press 1"),
                )

    def _whole(self, use: Use, texts: list[Prompt], languages: str) -> Iterator[Finding]:
        """All options named, and in the order of the keypad."""
        if not texts:
            return
        for code, problem, effect, remedy in _judged(texts, _to_name(self.node)):
            yield self._find(
                use,
                code,
                message("'{key}' in {languages} {problem}", key=use.key, languages=languages, problem=problem),
                effect,
                remedy,
            )

    def _items(self) -> Iterator[Finding]:
        """The texts for items and for the next page name their key by a slot."""
        for use in uses(self.bundle, self.step):
            for prompt in _prompts(self.bundle, use) if use.part in ("each", "more") else ():
                if all(slot.path != "key" for slot in prompt.slots):
                    yield self._find(
                        use,
                        "option-unnamed",
                        message("'{key}' in {language} does not speak {{key}}", key=use.key, language=prompt.language),
                        message("Callers would not know which key chooses the item"),
                        message("name the key: {{item.name}}，请按{{key}}"),
                    )


def _text(prompt: Prompt) -> str:
    return "".join(part if isinstance(part, str) else _SLOT for part in prompt.parts)


def _judged(texts: list[Prompt], to_name: frozenset[str]) -> Iterator[tuple[str, Message, Message, Message]]:
    named = list(dict.fromkeys(mention.key for prompt in texts for mention in mentions(_text(prompt))))
    by_keypad: Callable[[str], int] = _ORDER.index
    for key in sorted(to_name - set(named), key=by_keypad):
        yield (
            "option-unnamed",
            message("never names the key {key}", key=key),
            message("Callers would not know of this option"),
            message("tell callers what {key} is for, or take the option out", key=key),
        )
    own = [key for key in named if key in to_name]
    if own != sorted(own, key=by_keypad):
        yield (
            "key-order",
            message("names the keys in the order {words}", words=" ".join(own)),
            message("Callers keep rising numbers more easily"),
            message("name them as {words}", words=" ".join(sorted(own, key=by_keypad))),
        )
