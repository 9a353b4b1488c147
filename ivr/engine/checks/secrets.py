"""Checks that a password or a code reaches only services that accept it."""

import re
from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import asked_secrets, graph
from ivr.engine.checks.asked_secrets import SHOWN
from ivr.engine.checks.graph import finding
from ivr.engine.checks.prompt_uses import prompt_uses
from ivr.engine.checks.variables import reads
from ivr.engine.contracts import ServiceContract
from ivr.engine.findings import Finding
from ivr.engine.references import ServiceName, words_of
from ivr.foundation.messages import Message, message

_TOLD = message("The secret would be spoken, or kept where people read it")
_NAMED = re.compile(r"(?:^|_)(?:pin|password|passcode|passwd|otp|cvv|cvc|code)(?:_|$)|密码|验证码")


def check(bundle: Bundle) -> Iterator[Finding]:
    """All findings about secrets."""
    for flow in bundle.flows.values():
        first = flow.steps[flow.start]
        for name, variable in flow.variables.items():
            if not variable.secret and variable.type in ("digits", "text") and _NAMED.search(name):
                yield finding(
                    bundle,
                    first,
                    "undeclared-secret",
                    message("'{name}' sounds like a secret and is not declared one", name=name),
                    SHOWN,
                    message(
                        "write {name}: {{type: {type}, secret: true}}, or give it another name",
                        name=name,
                        type=variable.type,
                    ),
                )
    yield from (found for _, found in spoken_secrets(bundle))
    for step in graph.every_step(bundle):
        secret = {name for name, variable in bundle.flows[step.flow].variables.items() if variable.secret}
        yield from _taken(bundle, step, secret)
        for into in step.node.writes() if step.node.asks and not step.node.takes_data else ():
            if into not in secret:
                continue
            problem = message("a menu keeps its answer in the secret '{into}'", into=into)
            yield finding(
                bundle, step, "secret", problem, _TOLD, message("collect it with digits:, which hears keys alone")
            )
    yield from asked_secrets.check(bundle)


def spoken_secrets(bundle: Bundle) -> Iterator[tuple[str, Finding]]:
    """Prompts that speak a secret: (prompt key, finding)."""
    for step in graph.every_step(bundle):
        secret = {name for name, variable in bundle.flows[step.flow].variables.items() if variable.secret}
        for use in prompt_uses(bundle, step):
            for name in sorted({slot.path.partition(".")[0] for slot in use.slots(bundle)} & secret - use.offers):
                at = (use.file, use.key.line, use.key.column)
                problem = message("the prompt '{key}' speaks the secret '{name}'", key=use.key, name=name)
                remedy = message("take {{{name}}} out of the prompt", name=name)
                yield str(use.key), Finding(*at, "secret", step.qualified_name, problem, _TOLD, remedy)


def _taken(bundle: Bundle, step: Step, secret: set[str]) -> Iterator[Finding]:
    node, contract = step.node, graph.contract_of(bundle, step)
    flow = node.subflow(bundle.authenticate)
    if contract is not None and words_of(node, ServiceName):
        yield from _to_service(bundle, step, contract, secret)
    elif flow is not None:
        yield from _to_flow(bundle, step, flow, secret)
    else:
        for name in sorted(reads(step) & secret):
            problem = message("{verb}: takes the secret '{name}'", verb=node.verb, name=name)
            yield finding(bundle, step, "secret", problem, _TOLD, message("give '{name}' to a service only", name=name))


def _to_service(bundle: Bundle, step: Step, contract: ServiceContract, secret: set[str]) -> Iterator[Finding]:
    for given, variable in step.node.service_inputs().items():
        if variable not in secret and given in contract.secrets:
            problem = message(
                "'{variable}' is given to '{name}' as its secret '{given}', and is not declared secret",
                variable=variable, name=contract.name, given=given,
            )  # fmt: skip
            yield finding(bundle, step, "undeclared-secret", problem, SHOWN, _declare(variable), word=variable)
        elif variable in secret and given not in contract.secrets:
            yield finding(
                bundle,
                step,
                "secret",
                message(
                    "the secret '{variable}' goes to '{name}', whose '{given}' takes none",
                    variable=variable,
                    name=contract.name,
                    given=given,
                ),
                _TOLD,
                message("let the contract name '{given}' among its secrets, or give it another", given=given),
                word=variable,
            )


def _to_flow(bundle: Bundle, step: Step, flow: str, secret: set[str]) -> Iterator[Finding]:
    """A secret passed into a subflow, or copied back from it, must be declared secret on both sides."""
    theirs = bundle.flows[flow].variables
    for given, variable in step.node.subflow_inputs().items():
        if variable not in secret and given in theirs and theirs[given].secret:
            problem = message(
                "'{variable}' becomes the secret '{given}' of '{call}', and is not declared secret", variable=variable,
                given=given, call=flow,
            )  # fmt: skip
            yield finding(bundle, step, "undeclared-secret", problem, SHOWN, _declare(variable), word=variable)
        elif variable in secret and not (given in theirs and theirs[given].secret):
            problem = message(
                "the secret '{variable}' becomes '{given}' of '{call}', which is not declared secret",
                variable=variable, given=given, call=flow,
            )  # fmt: skip
            remedy = message("declare {given} there with secret: true", given=given)
            yield finding(bundle, step, "secret", problem, _TOLD, remedy, word=variable)
    for name in step.node.subflow_outputs():
        if name in theirs and theirs[name].secret and name not in secret:
            problem = message(
                "the secret '{name}' of '{call}' comes back into a variable that is not declared secret", name=name,
                call=flow,
            )  # fmt: skip
            remedy = message("declare {name} with secret: true", name=name)
            yield finding(bundle, step, "secret", problem, _TOLD, remedy, word=name)
        elif name in theirs and not theirs[name].secret and name in secret:
            problem = message(
                "'{name}' of '{call}' comes back into a secret, and is not declared one there", name=name,
                call=flow,
            )  # fmt: skip
            yield finding(
                bundle, step, "undeclared-secret", problem, SHOWN, message("declare {name} there", name=name), word=name
            )


def _declare(name: str) -> Message:
    return message("write {name}: {{type: digits, secret: true}}", name=name)
