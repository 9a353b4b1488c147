"""Checks that the text message of a one-time code names what the code approves, in every language."""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle
from ivr.engine.checks import graph
from ivr.engine.findings import Finding
from ivr.foundation.messages import all_of, message

_BLIND = message("Customers would not know what the code approves, and could be talked into telling it")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Text messages of services that do not name the values that the contract requires."""
    asked = {
        contract.name: contract for step in graph.every_step(bundle) if (contract := graph.contract_of(bundle, step))
    }
    for name, contract in sorted(asked.items()):
        for key, wanted in contract.texts.items():
            for language in bundle.languages:
                prompts = bundle.prompts[language]
                prompt = prompts.prompts.get(key)
                said = {slot.path for slot in prompt.slots} if prompt is not None else set()
                missing = [f"{{{each}}}" for each in wanted if each not in said]
                if missing:
                    at = (prompt.line, prompt.column) if prompt is not None else (1, 1)
                    problem = message(
                        "the text that '{name}' sends does not name {words}", name=name, words=all_of(missing)
                    )
                    yield Finding(
                        prompts.file, *at, "code-text", key, problem, _BLIND,
                        message("add {missing} to the text", missing=missing[0]),
                    )  # fmt: skip
