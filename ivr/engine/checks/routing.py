"""Finds routing rows that match no caller, because no flow has their intent."""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle
from ivr.engine.findings import Finding, suggestion
from ivr.foundation.messages import message


def check(bundle: Bundle) -> Iterator[Finding]:
    """A finding for each row of `routing:` with an intent that no flow has."""
    intents = {flow.intent for flow in bundle.flows.values() if flow.intent}
    for number, row in enumerate(bundle.routing, 1):
        if row.intent is not None and row.intent not in intents:
            problem = message(
                "row {number} of routing: names the intent '{intent}', which no flow has", number=number,
                intent=row.intent,
            )  # fmt: skip
            effect = message("No caller would reach '{queue}' by it", queue=row.queue)
            yield Finding(
                "config.yaml",
                1,
                1,
                "routing",
                f"routing.{number - 1}",
                problem,
                effect,
                suggestion(row.intent, intents),
            )
