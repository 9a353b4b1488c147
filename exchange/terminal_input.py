"""What a line that is typed, or stands in a script, means to the terminal phone. Pure."""

from collections.abc import Mapping
from typing import Any

HEARS = frozenset({"listening", "recording", "connected"})
"""Events after which keys and words are heard."""

CALLER_ACTIONS = frozenset({"keys", "heard", "no_input"})
"""Events that tell what the caller did at a question."""

SPEAKS = frozenset({"say", "play"})
"""Events after which a key is pressed while the hotline speaks."""

WAITS = HEARS | {"queued", "pause"}
"""Events after which a phone may hang up or stay silent."""

EARLY = "early "
"""Begins a line of a script that is pressed while the hotline still speaks."""

TRAILING_SECONDS = 0.25
"""So soon after the last key of an entry a key follows that is one too many."""


def is_keys(line: str) -> bool:
    """True for a line of nothing but keys."""
    return set(line) <= set("0123456789*#")


def is_input(line: str) -> bool:
    """True for a line that waits until keys or words are heard."""
    return is_keys(line) or line.startswith("say ")


def early_keys(line: str) -> str:
    """The keys of a line that is pressed while the hotline speaks; nothing where it is none."""
    keys = line.removeprefix(EARLY).strip()
    return keys if line.startswith(EARLY) and is_keys(keys) else ""


def cues(line: str) -> frozenset[str]:
    """The events after which a line of a script is played."""
    return HEARS | SPEAKS if early_keys(line) else HEARS if is_input(line) else WAITS


def taken_keys(keys: str, asked: Mapping[str, Any]) -> str:
    """Of these keys, those that end what a `listening` event told of; all of them where it told of nothing."""
    for position, key in enumerate(keys, 1):
        if position == asked.get("num_digits") or (key == asked.get("finish_on_key") and position > 1):
            return keys[:position]
    return keys
