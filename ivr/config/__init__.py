"""config.yaml as frozen typed settings: the bank's numbers, hours, queues and limits."""

from ivr.config.faults import PlacedFault, SettingsFaults
from ivr.config.files import Reading, read_config, read_settings, settings_from
from ivr.config.settings import QueueSettings, Settings, Transfer
from ivr.config.verification import CallerNumberRules, CallRules, CodeRules, Verification

__all__ = [
    "CallRules",
    "CallerNumberRules",
    "CodeRules",
    "PlacedFault",
    "QueueSettings",
    "Reading",
    "Settings",
    "SettingsFaults",
    "Transfer",
    "Verification",
    "read_config",
    "read_settings",
    "settings_from",
]
