"""The words of the staff pages. Chinese stands in the pages and is the key; English stands in `english/`, by page."""

from flask import g, has_request_context
from markupsafe import Markup, escape

from ivr.console.words.english import ENGLISH

CHINESE, EN = "zh-CN", "en"
LANGUAGES = (CHINESE, EN)


def language() -> str:
    """The language of this page."""
    return str(g.get("language", CHINESE)) if has_request_context() else CHINESE


def say(words: str, **facts: object) -> str:
    """These words in the language of this page, with the facts in their places.

    A word that English tells apart says so behind a bar: "保持|状态" is 保持 in Chinese.
    """
    text = words.partition("|")[0] if language() == CHINESE else ENGLISH.get(words, words)
    return text.format(**facts) if facts else text


def own_words(text: str) -> Markup:
    """What people wrote stays as written; on an English page Chinese says that it is Chinese."""
    if language() == CHINESE or text.isascii():
        return escape(text)
    return Markup('<span lang="zh-CN">{}</span>').format(text)
