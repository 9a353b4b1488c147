"""The keys of a telephone: as flows write them, and as a telephone sends them."""

from collections.abc import Mapping

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "star", "hash")
"""As flows write them."""
SENT = "1234567890*#"
"""As a telephone sends them, in the order of the keypad."""
SIGNS: Mapping[str, str] = {"star": "*", "hash": "#"}
NAMES: Mapping[str, str] = {sign: name for name, sign in SIGNS.items()}
PAGE = 8
"""So many items of a list have keys of their own; with more of them this key leads to the next ones."""
