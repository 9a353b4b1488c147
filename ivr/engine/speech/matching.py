"""What a caller meant: an option among words, a key that is spoken, or yes and no. Never raises for what is said."""

import unicodedata
from collections.abc import Mapping, Sequence

from ivr.engine.speech.recognition.rules import MAX_CHARACTERS, RECOGNITION_RULES, Fit, folded

_NO_LABELS: Mapping[str, Sequence[str]] = {}


def match(text: str, words: Mapping[str, Sequence[str]], language: str) -> str | None:
    """The key whose words fit what was said best; None where nothing fits, or two keys fit equally well.

    A spoken key ("按三", "press 3") chooses the option of that key, also where the key carries a word before it
    ("own 3"). Of words, the longest that is said wins, then the one that is said most exactly; what is refused or
    undone ("不要转账", "取消转账") is not chosen. Raises LookupError for a language without rules.
    """
    rules = RECOGNITION_RULES[language]
    said = folded(text)
    named = rules.key(said)
    pressed = [key for key in words if key.rpartition(" ")[2] == named]
    if pressed:
        return pressed[0] if len(pressed) == 1 else None
    fit = rules.fitter(said)
    ranked = ((_best([fit(folded(word)) for word in group]), key) for key, group in words.items())
    fits = [(best, key) for best, key in ranked if best is not None]
    top = max((best for best, _ in fits), default=None)
    winners = [key for best, key in fits if best == top]
    return winners[0] if len(winners) == 1 else None


def _best(fits: Sequence[Fit | None]) -> Fit | None:
    return max((fit for fit in fits if fit is not None), default=None)


def yes_no(text: str, language: str, labels: Mapping[str, Sequence[str]] = _NO_LABELS) -> bool | None:
    """True for a yes, False for a no, None for anything that is not clearly either.

    What follows a yes binds: a yes is one of a short closed set, or what the question announces for key 1, said as a
    statement and with nothing but courtesy beside it. A no is any refusal, or what is announced for key 2. `labels`
    maps the keys "1" and "2" to what they are announced as. Raises LookupError for a language without rules.
    """
    rules = RECOGNITION_RULES[language]
    said = folded(text)
    statement = not _asks(text)
    if statement and any(rules.states(said, folded(label)) for label in labels.get("1", ())):
        return True
    fit = rules.fitter(said)
    answer = rules.answer(said)
    if answer != "yes" and any(fit(folded(label)) is not None for label in labels.get("2", ())):
        return False
    return {"yes": statement or None, "no": False}.get(answer)


def _asks(text: str) -> bool:
    """True for a question, by any script's mark, and for a text that is too long to be heard whole."""
    return len(text) > MAX_CHARACTERS or any(_is_question_mark(char) for char in text)


def _is_question_mark(char: str) -> bool:
    name = unicodedata.name(char, "")
    return "QUESTION" in name or "INTERROBANG" in name


__all__ = ["match", "yes_no"]
