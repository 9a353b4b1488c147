"""The Chinese translation of every message, by its English template; one module for each topic."""

from collections.abc import Mapping

from ivr.foundation.messages.zh_cn import agreement, commands, conditions, files, flows, proofs, settings

_MODULES = (agreement, commands, conditions, files, flows, proofs, settings)
TEXTS: Mapping[str, str] = {english: chinese for each in _MODULES for english, chinese in each.TEXTS.items()}
