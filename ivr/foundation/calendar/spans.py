"""The working hours of a day: spans with the lunch break between them."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ivr.foundation.messages import message

_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))", re.ASCII)

Spans = tuple[tuple[int, int], ...]  # minutes since midnight, end excluded, in ascending order


def day_spans(texts: Sequence[str]) -> Spans:
    """The spans of `["09:00-12:00", "13:00-18:00"]`. Raises ValueError with a message that gives the remedy."""
    spans = tuple(_span(text) for text in texts)
    if not spans:
        raise ValueError(message('there are no hours here; write ["09:00-12:00", "13:00-18:00"]'))
    for number, (before, after) in enumerate(pairwise(spans)):
        if after[0] < before[1]:
            words = message("'{later}' begins before '{earlier}' ends", later=texts[number + 1], earlier=texts[number])
            raise ValueError(words)
    return spans


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    if found is not None:
        start = int(found[1]) * 60 + int(found[2])
        end = int(found[3] or found[5]) * 60 + int(found[4] or found[6])
        if start < end:
            return start, end
    raise ValueError(message("'{text}' is not a time span within one day; write 09:00-12:00", text=text))
