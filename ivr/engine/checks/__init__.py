"""The checks that run on a bundle before it may be published: reachability, prompts, gates, secrets, traps."""

from collections.abc import Callable, Iterable, Mapping

from ivr.engine.bundle import Bundle
from ivr.engine.checks import (
    announcements,
    billers,
    budgets,
    code_texts,
    confirm_prompts,
    effects,
    gates,
    heard_labels,
    loops,
    menu_words,
    private,
    prompts,
    reachability,
    refusals,
    routing,
    secrets,
    spoken_keys,
    spoken_text,
    traps,
    unasked_changes,
    variables,
)
from ivr.engine.checks.finding_causes import root_causes
from ivr.engine.findings import Finding

CODE_KEYS = frozenset({
    "ask.too_early", "common.system_down", "common.time_over", "common.too_long",
        "names.intent_general",
    "agent.recorded", "agent.held", "agent.still_there", "agent.lost",
    "queue.position", "queue.next", "queue.wait", "queue.callback_key", "queue.still",
    "queue.closed_busy", "queue.closed_fault", "queue.closed_drill",
})  # fmt: skip
"""Prompts that code speaks; they must exist in every language."""


Progress = Callable[[str], None]
_CHECKS: Mapping[str, Callable[[Bundle], Iterable[Finding]]] = {
    "reachability": reachability.check,
    "loops": loops.check,
    "refusals": refusals.check,
    "variables": variables.check,
    "menu words": menu_words.check,
    "speech labels": heard_labels.check,
    "spoken keys": spoken_keys.check,
    "texts": spoken_text.check,
    "announcements": announcements.check,
    "billers": billers.check,
    "confirms": confirm_prompts.check,
    "effects": effects.check,
    "routing": routing.check,
    "budgets": budgets.check,
    "gates": gates.check,
    "unasked changes": unasked_changes.check,
    "secrets": secrets.check,
    "texts to the caller": private.check,
    "texts with codes": code_texts.check,
    "traps": traps.check,
}


def check(bundle: Bundle, known: frozenset[str] = CODE_KEYS, progress: Progress = lambda _: None) -> list[Finding]:
    """All findings of a bundle, each cause once, sorted by position; empty when it may be published.

    `known` are the prompt keys that code speaks, beside those of the flows. `progress` is called with the name of each
    check, and with "" at the end.
    """
    progress("prompts")
    findings = list(prompts.check(bundle, known))
    for what, run in _CHECKS.items():
        progress(what)
        findings += run(bundle)
    progress("")
    return root_causes(bundle, findings)
