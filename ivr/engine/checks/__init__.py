"""What is shown of a bundle before it runs: shape, prompts, gates, secrets, and that nobody is trapped."""

from collections.abc import Callable, Iterable, Mapping

from ivr.engine.bundle import Bundle
from ivr.engine.checks import (
    announcements,
    billers,
    budgets,
    code_texts,
    confirms,
    effects,
    gates,
    heard_labels,
    loops,
    menu_words,
    private,
    prompts,
    refusals,
    routing,
    secrets,
    shape,
    spoken_keys,
    spoken_text,
    traps,
    variables,
    wanted,
)
from ivr.engine.checks.causes import causes
from ivr.engine.findings import Finding

CODE_KEYS = frozenset({
    "ask.too_early", "common.system_down", "common.time_over", "common.too_long",
        "names.intent_general",
    "agent.recorded", "agent.held", "agent.lost",
    "queue.position", "queue.next", "queue.wait", "queue.callback_key", "queue.still",
})  # fmt: skip
"""Prompts that the code itself speaks; each must be there in every language."""


Progress = Callable[[str], None]
_PROOFS: Mapping[str, Callable[[Bundle], Iterable[Finding]]] = {
    "shape": shape.check,
    "loops": loops.check,
    "refusals": refusals.check,
    "variables": variables.check,
    "words": menu_words.check,
    "what is heard": heard_labels.check,
    "spoken keys": spoken_keys.check,
    "texts": spoken_text.check,
    "announcements": announcements.check,
    "billers": billers.check,
    "confirms": confirms.check,
    "effects": effects.check,
    "routing": routing.check,
    "budgets": budgets.check,
    "gates": gates.check,
    "what is wanted": wanted.check,
    "secrets": secrets.check,
    "texts to the caller": private.check,
    "texts with codes": code_texts.check,
    "that nobody is trapped": traps.check,
}


def check(bundle: Bundle, known: frozenset[str] = CODE_KEYS, progress: Progress = lambda _: None) -> list[Finding]:
    """Everything that is wrong with a bundle, each cause once, by file and line; empty when it may be published.

    `known` are the prompt keys that code speaks beside the flows. `progress` is told what is being proven, and ""
    at the end.
    """
    progress("prompts")
    findings = list(prompts.check(bundle, known))
    for what, prove in _PROOFS.items():
        progress(what)
        findings += prove(bundle)
    progress("")
    return causes(bundle, findings)
