"""Messages to authors and operators in English and Chinese: the problem, its effect on callers, the remedy.

The English template is the key of its translation in `zh_cn/`. A test reads every call of `message` in the program and
fails where a translation is missing.
"""

from ivr.foundation.messages.language import ENGLISH, LANGUAGES, language_of
from ivr.foundation.messages.message import (
    Message,
    all_of,
    any_of,
    comma_list,
    each_of,
    in_language,
    message,
    sentences,
)

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "Message",
    "all_of",
    "any_of",
    "comma_list",
    "each_of",
    "in_language",
    "language_of",
    "message",
    "sentences",
]  # fmt: skip
