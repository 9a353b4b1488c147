"""Checks texts as they are heard: no placeholders, no signs that a voice skips, one language, not too long."""

import re
from collections.abc import Iterator, Mapping

from ivr.engine.bundle import Bundle
from ivr.engine.checks import graph
from ivr.engine.checks.key_mentions import spoken_text
from ivr.engine.findings import Finding
from ivr.engine.speech.prompts import Prompt, Prompts
from ivr.engine.speech.timing import timed_prompt
from ivr.foundation.messages import Message, message

MAX_PROMPT_SECONDS = 40  # of one prompt; the main menu takes half as long
_SENT = "texts."  # read, not heard
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_LEFTOVER = re.compile(r"TODO|FIXME|XXX+|TBD|\blorem\b|待定|待补|待填|占位", re.IGNORECASE)
_KEY_SIGN = re.compile(r"[０-９*#＊＃]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_SAID: Mapping[str, Message] = {
    "*": message("星号键 / the star key"),
    "＊": message("星号键 / the star key"),
    "#": message("井号键 / the pound key"),
    "＃": message("井号键 / the pound key"),
}


def check(bundle: Bundle) -> Iterator[Finding]:
    """All findings about the texts themselves, each at its line."""
    for language in bundle.languages:
        prompts = bundle.prompts[language]
        names = _names_of_languages(bundle)
        for prompt in prompts.prompts.values():
            text = spoken_text(prompt)
            yield from _leftover(prompts, prompt, text)
            yield from _foreign(prompts, prompt, text, names)
            if not prompt.key.startswith(_SENT):
                yield from _signs(prompts, prompt, text)
                yield from _long(bundle, prompts, prompt)


def _find(prompts: Prompts, prompt: Prompt, code: str, problem: Message, effect: Message, remedy: Message) -> Finding:
    return Finding(prompts.file, prompt.line, prompt.column, code, prompt.key, problem, effect, remedy)


def _leftover(prompts: Prompts, prompt: Prompt, text: str) -> Iterator[Finding]:
    found = _LEFTOVER.search(text)
    if found is not None:
        problem = message("the text is not finished: it says '{word}'", word=found[0])
        effect = message("Callers would hear a note of the author's")
        yield _find(prompts, prompt, "unfinished-text", problem, effect, message("write what callers are to hear"))


def _signs(prompts: Prompts, prompt: Prompt, text: str) -> Iterator[Finding]:
    for sign in dict.fromkeys(_KEY_SIGN.findall(text)):
        said = _SAID.get(sign) or message("{digit}", digit=str(int(sign)))
        yield _find(
            prompts, prompt, "key-sign", message("the sign {sign} stands in a text that is spoken", sign=sign),
            message("A voice may pass over it, or call it by another name"), message("write {said}", said=said),
        )  # fmt: skip


def _foreign(prompts: Prompts, prompt: Prompt, text: str, names: frozenset[str]) -> Iterator[Finding]:
    """Chinese in an English text or the other way round; names and abbreviations are allowed."""
    foreign: str | None = None
    if prompts.language.startswith("zh"):
        words = _WORD.findall(text)
        plain = [word for word in words if word[0].islower()]
        foreign = next(iter(plain), None) or (" ".join(words) if words and not _HAN.search(text) else None)
    elif prompts.language.startswith("en"):
        foreign = next((run for run in _HAN.findall(text) if run not in names), None)
    if foreign is not None and foreign.lower() not in names:
        yield _find(
            prompts, prompt, "other-language",
            message("'{foreign}' is not in the language of {language}", foreign=foreign, language=prompts.language),
            message("Callers would hear words that they do not understand, in a voice that cannot say them"),
            message("translate it"),
        )  # fmt: skip


def _names_of_languages(bundle: Bundle) -> frozenset[str]:
    """The names of languages where one is chosen: 中文 may stand in an English greeting."""
    menus = [step for step in graph.every_step(bundle) if step.node.question_languages()]
    keys = {str(key) for step in menus for key in step.node.option_words().values()}
    lists = (bundle.prompts[language].words.get(key, ()) for language in bundle.languages for key in keys)
    return frozenset(word.lower() for words in lists for word in words)


def _long(bundle: Bundle, prompts: Prompts, prompt: Prompt) -> Iterator[Finding]:
    seconds = timed_prompt(prompts, prompt.key, bundle.constants).seconds
    if seconds > MAX_PROMPT_SECONDS:
        yield _find(
            prompts, prompt, "too-long",
            message("this takes {seconds} s to say, of {most} s", seconds=round(seconds), most=MAX_PROMPT_SECONDS),
            message("Callers would forget the beginning, press something, or hang up"),
            message("say less, or divide it between two menus"),
        )  # fmt: skip
