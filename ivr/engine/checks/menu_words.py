"""Checks that word lists exist in every language and that no word chooses two options of a menu."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.checks.prompt_uses import SHARED_FILE, missing_languages, remedy_for
from ivr.engine.findings import Finding
from ivr.engine.references import PromptKey
from ivr.engine.speech.recognition.rules import folded
from ivr.foundation.messages import all_of, message

_DEAF = message("Callers who say it would not be understood")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Missing word lists, and words shared by two options of one menu."""
    words = {language: bundle.prompts[language].words for language in bundle.languages}
    for step in graph.every_step(bundle):
        for key in step.node.option_words().values():
            if missing := missing_languages(key, words):
                problem = message("the list of words '{key}' is missing in {missing}", key=key, missing=missing)
                yield finding(bundle, step, "missing", problem, _DEAF, remedy_for(bundle, key, words), word=key)
        yield from _shared(bundle, step)
    for shared in sorted(set(bundle.key_words.values())):
        if missing := missing_languages(shared, words):
            problem = message("the list of words '{shared}' is missing in {missing}", shared=shared, missing=missing)
            yield Finding(SHARED_FILE, 1, 1, "missing", "defaults", problem, _DEAF, remedy_for(bundle, shared, words))


def _shared(bundle: Bundle, step: Step) -> Iterator[Finding]:
    options = step.node.option_words()
    for language in bundle.languages:
        for word, keys in _chosen(options, bundle.prompts[language].words).items():
            if len(keys) > 1:
                yield finding(
                    bundle, step, "same-word",
                    message("in {language} '{word}' chooses {words}", language=language, word=word, words=all_of(keys)),
                    message("Callers who say it would be taken to the first of them, or not be understood"),
                    message("leave the word to one of the two"), word=options[keys[1]],
                )  # fmt: skip


def _chosen(options: Mapping[str, PromptKey], words: Mapping[str, tuple[str, ...]]) -> Mapping[str, list[str]]:
    """Word -> the keys of the options that it chooses."""
    chosen: dict[str, list[str]] = defaultdict(list)
    for key, name in options.items():
        for word in dict.fromkeys(folded(each) for each in words.get(name, ())):
            chosen[word].append(key)
    return chosen
