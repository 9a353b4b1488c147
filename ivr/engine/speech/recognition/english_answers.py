"""English yes and no: a yes has lasting effects and must be one of a short closed set; a no is any refusal."""

import re

from ivr.engine.speech.languages import split_words
from ivr.engine.speech.recognition.rules import Answer

_FIRST_YES = frozenset(
    split_words("yes yeah yep yup ya correct right ok okay sure fine confirm confirmed agree agreed true accurate good")
)
_NO = frozenset(
    split_words(
        "no nope nah not wrong incorrect cancel don't dont never negative stop isn't isnt can't won't wouldn't abort "
        "disagree false doesn't"
    )
)
_UNCLEAR = frozenset(
    split_words(
        "what why which who how when pardon repeat again sorry maybe perhaps unsure know understand hear wait hold "
        "moment if whether guess think"
    )
)
_ASKS = frozenset(split_words("is are am do does did can could should shall will would what why which who how when"))
# A double negative ("do not cancel", "not wrong") is unclear and asked again.
_DENIES, _DENIED = (
    frozenset(split_words("not don't dont never")),
    frozenset(split_words("cancel stop abort wrong incorrect")),
)

# The closed set. "okay", "sure", "fine", "right" and "I'm good" are not in it: they may be fillers or refusals.
_SO = "(?:yes|yeah|yep|yup|correct|(?:that|it|this)(?:'s| is|s) (?:right|correct)|(?:yes )(?:it is|i do|that is))"
_DEED = "(?: (?:it|that|this)| (?:the|my|this) (?:transfer|payment|bill|report|callback|call back))"
_AGREED = f"(?:(?:i|i do|please) )?(?:confirm{_DEED}?|confirmed|agree(?: to (?:it|that|this))?|agreed)"
_BEFORE = "(?:(?:um+|uh+|uhm|er|ok|okay) )*"
_AFTER = "(?: please| thanks| thank you(?: very much)?| go ahead)*"
_YES = re.compile(f"(?:press |number )?(?:one|1)|{_BEFORE}(?:{_SO}(?: {_SO}){{0,2}}(?: {_AGREED})?|{_AGREED}){_AFTER}")
_NO_KEYS = frozenset(split_words("two 2"))
_COURTESY = re.compile("(?:(?:um+|uh+|uhm|er|ok|okay|yes|yeah|please|i want to|i'd like to|i would like to) )*")
_THANKS = re.compile(_AFTER)


def answer(words: list[str]) -> Answer:
    """The answer to a yes-or-no question. The keys of the question, 1 and 2, are answers too."""
    said = [word for word in words if word.isalnum() or "'" in word]
    if _YES.fullmatch(" ".join(said)):
        return "yes"
    bare = [word for word in said if word not in ("press", "number", "please")]
    if len(bare) == 1 and bare[0] in _NO_KEYS:
        return "no"
    text = f" {' '.join(said)} "
    for phrase in ("no problem", "no problems", "no doubt"):
        text = text.replace(f" {phrase} ", " ")
    said = text.split()
    denial = any(word in _DENIES for word in said) and any(word in _DENIED for word in said)
    if denial or any(word in _UNCLEAR for word in said):
        return "unclear"
    if any(word in _NO for word in said):
        return "no" if said[0] not in _FIRST_YES else "unclear"
    return "unclear"


def bare(words: list[str]) -> str:
    """The words of a statement without the courtesy around them; empty for a question, recognised by its first word."""
    if words and words[0] in _ASKS:
        return ""
    said = " ".join(word for word in words if word.isalnum() or "'" in word)
    begin = _COURTESY.match(said)
    said = said[begin.end() if begin else 0 :]
    ends = (
        thanks.start()
        for thanks in re.finditer(" (?:please|thanks|thank)", said)
        if _THANKS.fullmatch(said, thanks.start())
    )
    return said[: next(ends, len(said))]
