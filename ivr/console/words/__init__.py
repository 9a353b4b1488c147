"""Translations of the staff pages: Chinese text is written in the pages and is the key of the English in `english/`."""

from flask import g, has_request_context
from markupsafe import Markup, escape

from ivr.console.words.english import ENGLISH

CHINESE, EN = "zh-CN", "en"
LANGUAGES = (CHINESE, EN)


def language() -> str:
    """The language of this page."""
    return str(g.get("language", CHINESE)) if has_request_context() else CHINESE


def say(words: str, **facts: object) -> str:
    """Translate a text into the page's language and fill in the facts.

    Where two English words are one in Chinese, a note behind a bar tells them apart: "保持|状态" is 保持 in Chinese.
    """
    text = words.partition("|")[0] if language() == CHINESE else ENGLISH.get(words, words)
    return text.format(**facts) if facts else text


def own_words(text: str) -> Markup:
    """A user's own text, untranslated; on an English page Chinese text is marked with lang="zh-CN"."""
    if language() == CHINESE or text.isascii():
        return escape(text)
    return Markup('<span lang="zh-CN">{}</span>').format(text)
