"""Matches what a caller said to an option, a spoken key, or yes and no. Never raises for any text."""

import unicodedata
from collections.abc import Mapping, Sequence

from ivr.engine.speech.recognition.rules import MAX_CHARACTERS, RECOGNITION_RULES, Fit, folded

_NO_LABELS: Mapping[str, Sequence[str]] = {}


def match(text: str, words: Mapping[str, Sequence[str]], language: str) -> str | None:
    """The key whose words match best; None where nothing matches, or two keys match equally well.

    A spoken key ("按三", "press 3") chooses the option of that key, also where a word precedes the key ("own 3").

    Among words the longest match wins, then the most exact one. Refused or undone words (取消转账) do not match.

    Raises LookupError for a language without rules.
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

    A yes has lasting effects: it must be one of a short closed set, or the label of key 1, said as a statement with
    nothing but courtesy beside it. A no is any refusal, or the label of key 2. `labels` maps the keys "1" and "2" to
    their labels. Raises LookupError for a language without rules.
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
    """True for a text with a question mark of any script, and for a text that is too long to be analysed whole."""
    return len(text) > MAX_CHARACTERS or any(_is_question_mark(char) for char in text)


def _is_question_mark(char: str) -> bool:
    name = unicodedata.name(char, "")
    return "QUESTION" in name or "INTERROBANG" in name


__all__ = ["match", "yes_no"]
