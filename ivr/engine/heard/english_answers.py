"""Yes or no: a yes moves money, so a yes is only what says nothing else; a no is any refusal."""

from ivr.engine.heard.rules import Answer
from ivr.engine.languages import listed

_YES = frozenset(
    listed(
        "yes yeah yep yup ya correct right ok okay sure fine confirm confirmed agree agreed absolutely exactly "
        "certainly definitely affirmative proceed true accurate good"
    )
)
_NO = frozenset(
    listed(
        "no nope nah not wrong incorrect cancel don't dont never negative stop isn't isnt can't won't wouldn't abort "
        "disagree false doesn't"
    )
)
_UNCLEAR = frozenset(
    listed(
        "what why which who how when pardon repeat again sorry maybe perhaps unsure know understand hear wait hold "
        "moment if whether guess think"
    )
)
_BESIDE = frozenset(
    listed(
        "that that's it it's is this i i'm am the a an please thank thanks you all to me do so go ahead very quite of "
        "course um uh uhm er oh well and details amount name number information everything sounds looks continue"
    )
)
# A denial of a denial, "do not cancel" and "not wrong", is left to be asked again.
_DENIES, _DENIED = frozenset(listed("not don't dont never")), frozenset(listed("cancel stop abort wrong incorrect"))
_KEYS: dict[str, Answer] = {"one": "yes", "1": "yes", "two": "no", "2": "no"}


def answer(words: list[str]) -> Answer:
    """What is said to a yes-or-no question. The keys of the question, 1 and 2, are answers too."""
    said = [word for word in words if word.isalnum() or "'" in word]
    bare = [word for word in said if word not in ("press", "number", "please")]
    if len(bare) == 1 and bare[0] in _KEYS:
        return _KEYS[bare[0]]
    text = f" {' '.join(said)} "
    for phrase in ("no problem", "no problems", "of course"):
        text = text.replace(f" {phrase} ", " yes ")
    said = text.split()
    denial = any(word in _DENIES for word in said) and any(word in _DENIED for word in said)
    if denial or any(word in _UNCLEAR for word in said):
        return "unclear"
    if any(word in _NO for word in said):
        return "no" if said[0] not in _YES else "unclear"
    agreed = any(word in _YES for word in said) or "go ahead" in text
    return "yes" if agreed and all(word in _YES or word in _BESIDE for word in said) else "unclear"
