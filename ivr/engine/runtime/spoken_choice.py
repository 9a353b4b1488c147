"""What a caller said at a question: one of its own keys, a key that holds everywhere, or nothing sure enough."""

from ivr.engine.question import Question
from ivr.engine.runtime.run import Run
from ivr.engine.speech import matching
from ivr.engine.speech.labels import spoken_labels

OWN = "own "  # before a key of the question itself


def choice(run: Run, text: str) -> str | None:
    """The key that these words choose at the present question: "own 1" for its own, "0" for one that holds everywhere.

    None where nothing fits, or two keys fit equally well.
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
    """The words of the keys that hold in every menu, and what this question announces them as."""
    prompts, keys = run.bundle.prompts[language], run.step.keys
    words = {key: prompts.words.get(name, ()) for key, name in run.bundle.key_words.items() if key in keys}
    labels = spoken_labels(prompts, node.announcing_prompts(), run.scope())
    return {
        key: (*words.get(key, ()), *(labels.get(key, ()) if not node.is_own_key(key) else ()))
        for key in dict.fromkeys((*words, *(key for key in labels if key in keys and not node.is_own_key(key))))
    }
