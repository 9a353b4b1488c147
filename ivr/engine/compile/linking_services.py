"""Checks service steps against the contracts of their services: inputs, types, facts, literal words."""

import re
from collections.abc import Collection, Iterator, Mapping

from ivr.engine.compile.flowfile import Draft
from ivr.engine.contracts import Catalogue, ServiceContract
from ivr.engine.findings import Finding, suggestion
from ivr.engine.node import Node
from ivr.engine.references import ServiceName, VariableName
from ivr.foundation.messages import Message, message
from ivr.foundation.strictyaml import OptionalMessage

LOST = message("A caller who comes here would be passed to the exit")
_UNKNOWN = message("The bank would not know what callers chose here")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def service_faults(draft: Draft, node: Node, place: str, service: ServiceName, known: Catalogue) -> Iterator[Finding]:
    """Faults of a step that calls a service by name."""
    contract, inputs = known.get(service), node.service_inputs()

    def found(code: str, problem: Message, remedy: OptionalMessage, word: VariableName | None = None) -> Finding:
        at = service if word is None else word
        return Finding(draft.file, at.line, at.column, code, place, problem, LOST, remedy)

    if contract is None:
        problem = message("there is no service '{service_name}'", service_name=service)
        yield found("service", problem, suggestion(service, known))
        return
    for name in contract.inputs.keys() - inputs.keys():
        problem = message("the service needs the input '{name}'", name=name)
        yield found("input", problem, message("add {name} to with:", name=name))
    for name in inputs.keys() - contract.inputs.keys():
        problem = message("the service takes no input '{name}'", name=name)
        yield found("input", problem, suggestion(name, contract.inputs))
    for given, variable in inputs.items():
        declared, wanted = draft.head.variables.get(variable), contract.inputs.get(given)
        if declared is not None and wanted is not None and declared.type != wanted:
            problem = message(
                "'{variable}' is {type}, the service wants {wanted}",
                variable=variable, type=declared.type, wanted=wanted,
            )  # fmt: skip
            yield found("type", problem, message("give it a variable of that type"), variable)
    for fact, kind in _facts(contract):
        declared = draft.head.variables.get(fact)
        if declared is None:
            remedy = message("add {fact}: {{type: {kind}}} to variables:", fact=fact, kind=kind)
            yield found("variable", message("the service sets '{fact}', which is not declared", fact=fact), remedy)
        elif declared.type != kind:
            problem = message(
                "the service sets '{fact}' as {kind}, declared as {type}", fact=fact, kind=kind, type=declared.type
            )
            yield found("type", problem, message("declare it as {kind}", kind=kind))


def word_faults(
    draft: Draft, node: Node, contract: ServiceContract | None, config: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    """A literal that a flow passes to a service must be a word that config.yaml defines."""
    inputs = node.service_inputs()
    for given, section in contract.words.items() if contract is not None else ():
        known = config.get(section)
        if known is None or given not in inputs:  # an old bundle without this section, or already reported
            continue
        for name, word in _written(draft, inputs[given]):
            if word not in known:
                problem = message("config.yaml has no '{word}' under {section}:", word=word, section=section)
                place = f"{draft.head.flow}.{name}"
                yield Finding(
                    draft.file, *draft.places[name], section, place, problem, _UNKNOWN, suggestion(word, known)
                )


def _written(draft: Draft, variable: VariableName) -> Iterator[tuple[str, str]]:
    """(step, word) wherever a flow assigns a literal to a variable."""
    for name, node in draft.nodes.items():
        source = dict(node.conditions()).get(variable, "").strip() if variable in node.writes() else ""
        if _QUOTED.fullmatch(source):
            yield name, source[1:-1]


def _facts(contract: ServiceContract) -> Iterator[tuple[str, str]]:
    for fact in sorted({f for facts in contract.outcomes.values() for f in facts}):
        yield fact, contract.outputs.get(fact, "text")
