"""Money as integer minor units (fen) with a currency. Nothing here rounds."""

import re
from dataclasses import dataclass

_YUAN = re.compile(r"(?P<yuan>[0-9]{1,13})(?:\.(?P<fen>[0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units, 100 fen to the yuan; negative for outgoing money."""

    fen: int
    currency: str = "CNY"

    def __str__(self) -> str:
        sign = "-" if self.fen < 0 else ""
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{sign}{yuan:,}.{fen:02d}"


def parse_yuan(text: str) -> int | None:
    """Fen from "186.4", "186.40" or "186"; None when the text is not an amount."""
    match = _YUAN.fullmatch(text)
    if match is None:
        return None
    return int(match["yuan"]) * 100 + int((match["fen"] or "").ljust(2, "0"))
