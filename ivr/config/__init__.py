"""config.yaml as frozen typed settings: the bank's numbers, hours, queues and limits."""

from ivr.config.files import read_settings, settings_from
from ivr.config.settings import QueueSettings, Settings, Transfer
from ivr.config.verification import CallerNumberRules, CallRules, CodeRules, Verification

__all__ = [
    "CallRules",
    "CallerNumberRules",
    "CodeRules",
    "QueueSettings",
    "Settings",
    "Transfer",
    "Verification",
    "read_settings",
    "settings_from",
]
