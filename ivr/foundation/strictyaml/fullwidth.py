"""Full-width signs where YAML wants its own: what a Chinese keyboard writes for : , { } [ ] " and #."""

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
    rf"""^[ ]*(?:-[ ]+)?["“]?{_WORD}["”]?[ ]*(：)     # behind a key that begins its line
    | [{{\[,，][ ]*["“]?{_WORD}["”]?[ ]*(：)          # behind a key in braces
    | [A-Za-z0-9_."”](，)[ ]*(?=["“A-Za-z0-9_])       # between two parts in braces
    | [:：,，\[{{][ ]*([“｛［])(?=["“]?{_WORD})       # before a value
    | (?:^|[ ])(＃)                                   # before a comment""",
    re.MULTILINE | re.VERBOSE,
)


def fullwidth_sign(text: str) -> tuple[int, Message, Message] | None:
    """Where in a text the first full-width sign stands, the problem and the remedy."""
    found = next((index for index, sign in enumerate(text) if sign in _MEANT), None)
    return None if found is None else (found, *fullwidth_fault(text[found]))


def fullwidth_sign_in_key(key: str) -> int | None:
    """Where in a key a full-width sign stands for one of YAML's; a name in Chinese may hold them."""
    found = _AS_KEY.match(key)
    return found.start(found.lastindex or 0) if found else None


def fullwidth_syntax_sign(text: str, begin: int, end: int) -> int | None:
    """Where between two places of a text that is not YAML a full-width sign stands for one of YAML's."""
    found = _AS_SYNTAX.search(text, begin, end)
    return found.start(found.lastindex or 0) if found else None


def fullwidth_fault(sign: str) -> tuple[Message, Message]:
    """Problem and remedy of a full-width sign."""
    return message("a full-width {sign} stands here", sign=sign), message("write {meant}", meant=_MEANT[sign])
