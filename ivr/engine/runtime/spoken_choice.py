"""Matches what a caller said at a question to one of its own keys or a global key."""

from ivr.engine.question import Question
from ivr.engine.runtime.run import Run
from ivr.engine.speech import matching
from ivr.engine.speech.labels import spoken_labels

OWN = "own "  # prefix of the question's own keys


def choice(run: Run, text: str) -> str | None:
    """The key that the words choose at the current question: "own 1" for its own key, "0" for a global key.

    None where nothing matches, or two keys match equally well.
    """
    node = run.step.node
    if not isinstance(node, Question):
        return None
    for language in dict.fromkeys((run.session.language, *node.question_languages())):
        own = {f"{OWN}{key}": words for key, words in node.words(run, language).items()}
        key = matching.match(text, {**own, **_everywhere(run, node, language)}, language)
        if key is not None:
            return key
    return None


def _everywhere(run: Run, node: Question, language: str) -> dict[str, tuple[str, ...]]:
    """The words of the global keys, with the labels under which this question announces them."""
    prompts, keys = run.bundle.prompts[language], run.step.keys
    words = {key: prompts.words.get(name, ()) for key, name in run.bundle.key_words.items() if key in keys}
    labels = spoken_labels(prompts, node.announcing_prompts(), run.scope())
    return {
        key: (*words.get(key, ()), *(labels.get(key, ()) if not node.is_own_key(key) else ()))
        for key in dict.fromkeys((*words, *(key for key in labels if key in keys and not node.is_own_key(key))))
    }
