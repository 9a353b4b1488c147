"""The Chinese translation of every message, by its English template; one module for each topic."""

from collections.abc import Mapping

from ivr.foundation.messages.zh_cn import agreement, checks, commands, conditions, files, flows, settings

_MODULES = (agreement, commands, conditions, files, flows, checks, settings)
TEXTS: Mapping[str, str] = {english: chinese for each in _MODULES for english, chinese in each.TEXTS.items()}
