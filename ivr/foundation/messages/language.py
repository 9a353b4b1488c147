"""The languages of messages, and the choice of one by the POSIX locale."""

from collections.abc import Mapping

ENGLISH = "en"
CHINESE = "zh-CN"
LANGUAGES = (ENGLISH, CHINESE)


def language_of(environment: Mapping[str, str]) -> str:
    """The language of a POSIX locale: the first of LC_ALL, LC_MESSAGES and LANG that is set; English otherwise."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    return CHINESE if locale.startswith("zh") else ENGLISH
