"""Checks that a confirm step speaks its facts before it names its keys."""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.checks.key_mentions import named_keys
from ivr.engine.findings import Finding
from ivr.foundation.messages import message


def check(bundle: Bundle) -> Iterator[Finding]:
    """A last prompt that speaks a value, and earlier prompts that name a key."""
    for step in graph.every_step(bundle):
        if not step.node.key_prompts():
            continue
        [last] = step.node.key_prompts()
        for language in bundle.languages:
            texts = bundle.prompts[language].prompts
            if last in texts and texts[last].slots:
                slots = ", ".join(f"{{{slot.path}}}" for slot in texts[last].slots)
                yield finding(
                    bundle,
                    step,
                    "confirm",
                    message(
                        "'{last}' in {language} speaks {slots} where keys are taken already",
                        last=last,
                        language=language,
                        slots=slots,
                    ),
                    message("Callers could agree to it before they heard it"),
                    message("move it into a prompt before the last"),
                    word=last,
                )
            for key in (each for each in step.node.read_back_prompts() if each in texts and named_keys(texts[each])):
                yield finding(
                    bundle, step, "confirm",
                    message("'{key}' in {language} names a key before keys are taken", key=key, language=language),
                    message("Callers would press it and not be heard"), message("name the keys in '{last}'", last=last),
                    word=key,
                )  # fmt: skip
