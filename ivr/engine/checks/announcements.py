"""Checks that the first menu of a call, and the main menu after a choice of language, announce key 0 for an agent."""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.key_mentions import mentions, spoken_text
from ivr.engine.checks.prompt_uses import at_prompt, prompt_uses
from ivr.engine.findings import Finding
from ivr.engine.introspection import StepId
from ivr.foundation.messages import message

_AGENT = "0"


def check(bundle: Bundle) -> Iterator[Finding]:
    """A finding for each language of such a menu that does not name the agent key."""
    entry = bundle.entry
    first = _questions(bundle, ((entry.flow, entry.step),)) if entry.step else []
    greetings = [step for step in first if step.node.question_languages()]
    behind = [way.step_id for step in greetings for way in step.node.exits() if way.step_id is not None]
    for step in {each.qualified_name: each for each in (*first, *_questions(bundle, tuple(behind)))}.values():
        if graph.chooses(step.node) and step.node.yes_target() is None:
            yield from _unnamed(bundle, step)


def _questions(bundle: Bundle, places: tuple[StepId, ...]) -> list[Step]:
    """The questions that are met from these steps before any other question."""
    met = (graph.step_at(bundle, place) for place in sorted(graph.reach(bundle, places, past=graph.asks)))
    return [step for step in met if step.node.asks]


def _unnamed(bundle: Bundle, step: Step) -> Iterator[Finding]:
    asked = [use for use in prompt_uses(bundle, step) if use.asked]
    for language in dict.fromkeys(each for use in asked for each in use.languages):
        prompts = [
            bundle.prompts[language].prompts[use.key] for use in asked if use.key in bundle.prompts[language].prompts
        ]
        named = {mention.key for prompt in prompts for mention in mentions(spoken_text(prompt))}
        if prompts and _AGENT not in named:
            last = prompts[-1]
            yield at_prompt(
                bundle, step, last, "agent-unnamed",
                message("'{prompt}' in {language} does not name 0 for an agent", prompt=last.key, language=language),
                message("Callers who need a person would not know how to reach one"),
                message("end it with  人工服务，请按0。 or  For an agent, press 0."),
            )  # fmt: skip
