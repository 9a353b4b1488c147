"""Full-width punctuation in place of YAML's: what a Chinese keyboard types for : , { } [ ] " and #."""

import re

from ivr.foundation.messages import Message, message

_MEANT = {
    "：": message(": and a space"),
    "，": message(", and a space"),
    "｛": "{",
    "｝": "}",
    "［": "[",
    "］": "]",
    "“": '"',
    "”": '"',
    "＃": "#",
}
_WORD = r"[A-Za-z0-9_.-]+"
_AS_KEY = re.compile(rf"{_WORD}[ ]*([：，”｝])|([“｛])(?={_WORD})")
_AS_SYNTAX = re.compile(
    rf"""^[ ]*(?:-[ ]+)?["“]?{_WORD}["”]?[ ]*(：)     # after a key at the start of a line
    | [{{\[,，][ ]*["“]?{_WORD}["”]?[ ]*(：)          # after a key in braces
    | [A-Za-z0-9_."”](，)[ ]*(?=["“A-Za-z0-9_])       # between two parts in braces
    | [:：,，\[{{][ ]*([“｛［])(?=["“]?{_WORD})       # before a value
    | (?:^|[ ])(＃)                                   # before a comment""",
    re.MULTILINE | re.VERBOSE,
)


def fullwidth_sign(text: str) -> tuple[int, Message, Message] | None:
    """The position of the first full-width sign in a text, with problem and remedy."""
    found = next((index for index, sign in enumerate(text) if sign in _MEANT), None)
    return None if found is None else (found, *fullwidth_fault(text[found]))


def fullwidth_sign_in_key(key: str) -> int | None:
    """The position in a key of a full-width sign that stands for one of YAML's; Chinese names may contain them."""
    found = _AS_KEY.match(key)
    return found.start(found.lastindex or 0) if found else None


def fullwidth_syntax_sign(text: str, begin: int, end: int) -> int | None:
    """The position, in a range of a text that is not YAML, of a full-width sign that stands for one of YAML's."""
    found = _AS_SYNTAX.search(text, begin, end)
    return found.start(found.lastindex or 0) if found else None


def fullwidth_fault(sign: str) -> tuple[Message, Message]:
    """Problem and remedy for a full-width sign."""
    return message("a full-width {sign} stands here", sign=sign), message("write {meant}", meant=_MEANT[sign])
