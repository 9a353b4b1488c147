"""Checks that prompts exist in every language, are used, speak the same slots, and that every slot has a value."""

from collections.abc import Collection, Iterator, Mapping

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.parts import Parts, known_parts, spoken_variable
from ivr.engine.checks.prompt_uses import PromptUse, missing_languages, prompt_uses, remedy_for
from ivr.engine.expressions import BUILT_IN
from ivr.engine.findings import Finding, suggestion
from ivr.engine.speech.prompts import Prompt, Slot
from ivr.foundation.messages import Message, any_of, message

SERVICE_PROMPTS = ("texts.", "names.")  # used by services, which build the key at run time
SlotFault = tuple[Message, Message]  # the problem, the remedy
_NOTHING = message("Callers would hear nothing here")
_BREAKS = message("The call would break here and go to an agent")
# formats for text messages only
_WRITTEN: Mapping[str, str] = {"money": "yuan", "whole": "yuan", "date": "stamp", "text": "stamp"}
_WORDS = frozenset({"text", "digits", "last4", "phone", "date", "day", "time", "datetime"})
_FORMATS: Mapping[str, frozenset[str]] = {
    "money": frozenset({"money"}),
    "number": frozenset({"number", "count", "minutes"}),
    "digits": frozenset({"digits", "last4", "phone"}),
    "text": _WORDS,
    "date": frozenset({"date", "day", "time", "datetime"}),
    "flag": frozenset(),
    "choice": frozenset(),
    "list": frozenset(),
    "whole": frozenset({"money", "number", "count", "minutes"}),  # a constant: yuan or a count, as the prompt says
}  # variable type -> the formats that can speak it
_UNSPOKEN = {
    "flag": message("branch on it, and speak a prompt for each"),
    "list": message("speak it item by item with each:"),
}


def check(bundle: Bundle, known: frozenset[str]) -> Iterator[Finding]:
    """All findings about prompts. `known` are the keys that code speaks."""
    reported: set[tuple[str, int, int]] = set()
    for step in graph.every_step(bundle):
        for use in prompt_uses(bundle, step):
            yield from _missing(bundle, step, use, reported)
    slots = dict.fromkeys(slot_faults(bundle))
    yield from (found for _, found in slots)
    yield from _unused(bundle, known)
    yield from _everywhere(bundle, known)
    yield from _translations(bundle, {key for key, _ in slots})


def _missing(bundle: Bundle, step: Step, use: PromptUse, reported: set[tuple[str, int, int]]) -> Iterator[Finding]:
    """A missing prompt that many steps inherit is reported once, where it is written."""
    at = (use.file, use.key.line, use.key.column)
    if at in reported:
        return
    reported.add(at)
    table = {language: bundle.prompts[language].prompts for language in use.languages}
    if missing := missing_languages(use.key, table):
        problem = message("the prompt '{key}' is missing in {missing}", key=use.key, missing=missing)
        yield Finding(*at, "missing", step.qualified_name, problem, _NOTHING, remedy_for(bundle, use.key, table))


# --- slots ---------------------------------------------------------------------------------------------------------


def slot_faults(bundle: Bundle) -> Iterator[tuple[str, Finding]]:
    """Slots that a step cannot fill: (prompt key, finding), reported at the step, or at the one text that is wrong."""
    parts = known_parts(bundle)
    for step in graph.every_step(bundle):
        for use in prompt_uses(bundle, step):
            for slot, wrong_languages in _by_slot(bundle, use).items():
                variable = spoken_variable(step, slot.path.partition(".")[0])
                where = step.qualified_name if wrong_languages else message("this step")
                fault = _slot_fault(bundle, step, use, slot, parts.get((step.flow, str(variable))), where)
                if fault is not None:
                    yield from (
                        (str(use.key), each) for each in _slot_findings(bundle, step, use, wrong_languages, fault)
                    )


def _by_slot(bundle: Bundle, use: PromptUse) -> Mapping[Slot, list[str]]:
    """Each slot, without its nouns, with the languages that speak it where others do not (empty: all do)."""
    spoken = {each: prompt for each in bundle.languages if (prompt := bundle.prompts[each].prompts.get(use.key))}
    slots = {each: {Slot(slot.path, slot.format) for slot in prompt.slots} for each, prompt in spoken.items()}
    every = dict.fromkeys(Slot(slot.path, slot.format) for slot in use.slots(bundle))
    having = {slot: [each for each, known in slots.items() if slot in known] for slot in every}
    return {slot: languages if len(languages) < len(spoken) else [] for slot, languages in having.items()}


def _slot_findings(
    bundle: Bundle, step: Step, use: PromptUse, wrong_languages: list[str], fault: tuple[Message, Message]
) -> Iterator[Finding]:
    problem, remedy = fault
    if not wrong_languages:
        yield Finding(use.file, use.key.line, use.key.column, "slot", step.qualified_name, problem, _BREAKS, remedy)
    for language in wrong_languages:
        prompt = bundle.prompts[language].prompts[use.key]
        at = (bundle.prompts[language].file, prompt.line, prompt.column)
        yield Finding(*at, "slot", prompt.key, problem, _BREAKS, remedy)


def _slot_fault(
    bundle: Bundle, step: Step, use: PromptUse, slot: Slot, parts: Parts | None, where: str
) -> SlotFault | None:
    """Problem and remedy of a slot at this step. `where` names the step."""
    head, _, tail = slot.path.partition(".")
    names = {*bundle.flows[step.flow].variables, *bundle.constants, *BUILT_IN}
    if head not in names | use.offers:
        problem = message(
            "the prompt '{key}' speaks {{{path}}}, which {where} does not have", key=use.key, path=slot.path,
            where=where,
        )  # fmt: skip
        return problem, suggestion(head, {*names, *use.offers})
    kind = "" if head in use.offers else _kind(bundle, step, head)
    if not tail:
        return _format_fault(use, slot, kind)
    if kind not in ("choice", ""):
        return (
            message(
                "the prompt '{key}' speaks {{{path}}}, but '{head}' is {kind} and has no parts",
                key=use.key,
                path=slot.path,
                head=head,
                kind=kind,
            ),
            message("write {{{head}}}", head=head),
        )
    if parts is None:
        return None
    if tail not in parts:
        return message(
            "the prompt '{key}' speaks {{{path}}}, but '{head}' has no such part",
            key=use.key,
            path=slot.path,
            head=head,
        ), suggestion(tail, parts)
    return _format_fault(use, slot, parts[tail])


def _format_fault(use: PromptUse, slot: Slot, kind: str) -> SlotFault | None:
    """Problem and remedy of a value that cannot be spoken or written in the slot's format."""
    if kind not in _FORMATS or slot.format in _FORMATS[kind]:
        return None
    if use.written and slot.format in (_WRITTEN.get(kind), "figures", "text"):
        return None
    problem = message(
        "the prompt '{key}' speaks {{{path}|{format}}}, but '{path}' is a {kind}", key=use.key, path=slot.path,
        format=slot.format, kind=kind,
    )  # fmt: skip
    known = [f"{{{slot.path}|{name}}}" for name in sorted(_FORMATS[kind])]
    remedy = (
        message("write {known}", known=any_of(known))
        if known
        else _UNSPOKEN.get(kind, message("name a part of it, such as {{{path}.name}}", path=slot.path))
    )
    return problem, remedy


def _kind(bundle: Bundle, step: Step, name: str) -> str:
    """The type of a name; a constant with one text for each language is text."""
    variable = bundle.flows[step.flow].variables.get(name)
    if variable is not None or name in BUILT_IN:
        return variable.type if variable is not None else BUILT_IN[name]
    value = bundle.constants[name]
    if isinstance(value, Mapping):
        return "text" if bundle.languages[0] in value else "choice"
    return {str: "text", bool: "flag", int: "whole"}.get(type(value), "")


# --- whole files ---------------------------------------------------------------------------------------------------


def _unused(bundle: Bundle, known: frozenset[str]) -> Iterator[Finding]:
    steps = list(graph.every_step(bundle))
    used = {str(use.key) for step in steps for use in prompt_uses(bundle, step)}
    used |= (
        {str(key) for step in steps for key in step.node.option_words().values()}
        | set(bundle.key_words.values())
        | known
    )
    for prompts in bundle.prompts.values():
        for key, (line, column) in prompts.places.items():
            if key not in used and not key.startswith(SERVICE_PROMPTS):
                yield Finding(
                    prompts.file, line, column, "unused", key,
                    message("no step and no part of the program speaks this prompt"),
                    message("Callers would never hear it"), message("take it out, or name it in a step"),
                )  # fmt: skip


def _everywhere(bundle: Bundle, known: frozenset[str]) -> Iterator[Finding]:
    """Prompts that code speaks must exist in every language."""
    kept = {key for prompts in bundle.prompts.values() for key in prompts.prompts if key.startswith(SERVICE_PROMPTS)}
    intents = {f"names.intent_{flow.intent}" for flow in bundle.flows.values() if flow.intent}  # spoken by callbacks
    for prompts in bundle.prompts.values():
        for key in sorted((known | kept | intents) - prompts.prompts.keys()):
            problem = message(
                "the prompt '{key}', which the program speaks, is missing in {language}", key=key,
                language=prompts.language,
            )  # fmt: skip
            yield Finding(
                prompts.file, 1, 1, "missing", key, problem, _NOTHING,
                message("add {key} to {file}", key=key, file=prompts.file),
            )  # fmt: skip


def _translations(bundle: Bundle, reported: Collection[str]) -> Iterator[Finding]:
    """Texts that speak other values than the first language's, unless a slot fault is the cause."""
    first, *others = (bundle.prompts[language] for language in bundle.languages)
    for other in others:
        for key, prompt in other.prompts.items():
            original = first.prompts.get(key)
            if original is not None and key not in reported and _paths(original) != _paths(prompt):
                difference = ", ".join(f"{{{path}}}" for path in sorted(_paths(original) ^ _paths(prompt)))
                yield Finding(
                    other.file,
                    prompt.line,
                    prompt.column,
                    "translation",
                    key,
                    message(
                        "{language} and {language2} do not speak the same values: {difference}",
                        language=first.language,
                        language2=other.language,
                        difference=difference,
                    ),
                    message("Callers would hear less in one language than in the other"),
                    message("bring the two texts together"),
                )


def _paths(prompt: Prompt) -> frozenset[str]:
    return frozenset(slot.path for slot in prompt.slots)
