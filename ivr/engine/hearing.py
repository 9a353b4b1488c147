"""What a caller meant: an option among words, a key that is spoken, or yes and no. Never raises for what is said."""

from collections.abc import Mapping, Sequence

from ivr.engine.heard.rules import HEARD, Fit, folded


def match(text: str, words: Mapping[str, Sequence[str]], language: str) -> str | None:
    """The key whose words fit what was said best; None where nothing fits, or two keys fit equally well.

    A spoken key ("按三", "press 3") chooses the option of that key, also where the key carries a word before it
    ("own 3"). Of words, the longest that is said wins, then the one that is said most exactly; what is refused
    ("不要转账") is not chosen. Raises LookupError for a language without rules.
    """
    rules = HEARD[language]
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


def yes_no(text: str, language: str) -> bool | None:
    """True for a yes, False for a no, None for anything that is not clearly either ("是不是", "不错", a question).

    What follows a yes moves money: a yes among other words is no yes. Raises LookupError for a language without rules.
    """
    rules = HEARD[language]
    return {"yes": True, "no": False}.get(rules.answer(folded(text)))


__all__ = ["match", "yes_no"]
