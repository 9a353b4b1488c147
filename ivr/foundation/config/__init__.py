"""config.yaml as frozen, typed settings: the bank's numbers, opening hours, queues and limits."""

from ivr.foundation.config.faults import PlacedFault, SettingsFaults
from ivr.foundation.config.files import ParsedConfig, read_config, read_settings, settings_from
from ivr.foundation.config.settings import QueueSettings, Settings, Transfer
from ivr.foundation.config.verification import CallerNumberRules, CallRules, CodeRules, Verification

__all__ = [
    "CallRules",
    "CallerNumberRules",
    "CodeRules",
    "ParsedConfig",
    "PlacedFault",
    "QueueSettings",
    "Settings",
    "SettingsFaults",
    "Transfer",
    "Verification",
    "read_config",
    "read_settings",
    "settings_from",
]
