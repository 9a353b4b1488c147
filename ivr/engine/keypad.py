"""The keys of a telephone: as flows write them, and as a telephone sends them."""

from collections.abc import Mapping

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "star", "hash")
"""Keys as flows write them."""
SENT = "1234567890*#"
"""Keys as a telephone sends them, in keypad order."""
SIGNS: Mapping[str, str] = {"star": "*", "hash": "#"}
NAMES: Mapping[str, str] = {sign: name for name, sign in SIGNS.items()}
PAGE = 8
"""Maximum number of list items on one page; with more items, this key opens the next page."""
