"""Interprets typed or scripted lines for the terminal phone. Pure."""

from collections.abc import Mapping
from typing import Any

HEARS = frozenset({"listening", "recording", "connected"})
"""Events after which keys and words are accepted."""

CALLER_ACTIONS = frozenset({"keys", "heard", "no_input"})
"""Events that record the caller's action at a question."""

SPEAKS = frozenset({"say", "play"})
"""Events after which a key is pressed while the hotline speaks."""

WAITS = HEARS | {"queued", "pause"}
"""Events after which a script may hang up or stay silent."""

EARLY = "early "
"""Prefix of a script line that is pressed while the hotline still speaks."""

TRAILING_SECONDS = 0.25
"""Delay before keys beyond the entry are pressed."""


def is_keys(line: str) -> bool:
    """True for a line of keys only."""
    return set(line) <= set("0123456789*#")


def is_input(line: str) -> bool:
    """True for a line that needs a listening hotline."""
    return is_keys(line) or line.startswith("say ")


def early_keys(line: str) -> str:
    """The keys of a line that is pressed while the hotline speaks; otherwise empty."""
    keys = line.removeprefix(EARLY).strip()
    return keys if line.startswith(EARLY) and is_keys(keys) else ""


def cues(line: str) -> frozenset[str]:
    """The events after which a line of a script is played."""
    return HEARS | SPEAKS if early_keys(line) else HEARS if is_input(line) else WAITS


def taken_keys(keys: str, asked: Mapping[str, Any]) -> str:
    """The keys that complete the input of a `listening` event; all of them where the event set no limit."""
    for position, key in enumerate(keys, 1):
        if position == asked.get("num_digits") or (key == asked.get("finish_on_key") and position > 1):
            return keys[:position]
    return keys
