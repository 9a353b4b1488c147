"""The Chinese of every message, by its English template; one module for each room that says something."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {}
