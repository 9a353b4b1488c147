"""Operators and signs that staff write by habit and that conditions do not support, with their replacements. Pure."""

import re

from ivr.foundation.messages import Message, message

_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_INSTEAD = {
    "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "=": "==", "===": "==", "<>": "!=", "≠": "!=",
    "≥": ">=", "≤": "<=", "＞": ">", "＜": "<", "＝": "==", "！": "not", "＋": "+", "－": "-", "−": "-",
    "（": "(", "）": ")", "［": "[", "］": "]", "【": "[", "】": "]", "，": ",", "、": ",",
    "“": '"', "”": '"', "„": '"', "＂": '"', "‘": '"', "’": '"', "＇": '"', "「": '"', "」": '"',
    "AND": "and", "OR": "or", "NOT": "not", "IN": "in", "且": "and", "或": "or",
}  # fmt: skip
_SIGN = re.compile(
    r"===|(?<![<>=!])=(?!=)|&&?|\|\|?|!(?!=)|<>|\b(?:AND|OR|NOT|IN)\b|(?<!\w)[且或](?!\w)|"
    r"[≠≥≤＞＜＝！＋－−（）［］【】，、“”„＂‘’＇「」]"
)  # fmt: skip
_LEADING_ZERO = re.compile(r"(?<![\w.])0[0-9]+(?![\w.])", re.ASCII)


def unsupported_operator(source: str) -> Message | None:
    """The problem and remedy for the first unsupported operator outside quotes; None where there is none."""
    bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), source)
    sign, number = _SIGN.search(bare), _LEADING_ZERO.search(bare)
    if sign is not None and (number is None or sign.start() < number.start()):
        return message("the sign {sign} is not supported; write  {instead}", sign=sign[0], instead=_INSTEAD[sign[0]])
    if number is not None:
        return message('no number begins with 0; digits are a text, in quotes: "{number}"', number=number[0])
    return None
