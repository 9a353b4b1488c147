"""Routing rows that no caller can come to, because no flow has their intent."""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle
from ivr.engine.findings import Finding, near


def check(bundle: Bundle) -> Iterator[Finding]:
    """A finding for each row of `routing:` whose intent no flow names."""
    intents = {flow.intent for flow in bundle.flows.values() if flow.intent}
    for number, row in enumerate(bundle.routing, 1):
        if row.intent is not None and row.intent not in intents:
            problem = f"row {number} of routing: names the intent '{row.intent}', which no flow has"
            effect = f"No caller would come to '{row.queue}' by it"
            yield Finding(
                "config.yaml", 1, 1, "routing", f"routing.{number - 1}", problem, effect, near(row.intent, intents)
            )
