"""Decisions as they are stored: why this agent, with enough of the moment to decide again. Pure."""

import json
from dataclasses import asdict

from ivr.centre.queues.matching import Decision, FreeAgent, Line, Requirement, Snapshot, WaitingCall, match


def explained(decision: Decision, snapshot: Snapshot) -> str:
    """Why this agent, as JSON: the caller, the agents considered, the rule, and what it was decided on."""
    shown = {decision.agent.id, *(each.agent for each in decision.behind)}
    preferred = decision.call.preferred or ""
    return json.dumps(
        {
            "queue": decision.queue,
            "rule": decision.rule,
            "met": asdict(decision.met),
            "requirements": [asdict(each) for each in decision.line.requirements],
            "preferred_seconds": decision.line.preferred_seconds,
            "now": snapshot.now,
            "call": asdict(decision.call),
            "agents": [{**asdict(each), "skills": dict(each.skills)} for each in snapshot.agents if each.id in shown],
            "behind": [asdict(each) for each in decision.behind],
            "preferred": {preferred: dict(snapshot.signed_in[preferred])} if preferred in snapshot.signed_in else {},
            "free": len(snapshot.agents),
        },
        separators=(",", ":"),
    )


def replayed(why: str) -> Decision | None:
    """Decide again on what was stored: the same agent, by the same rule, with the same ones behind."""
    stored = json.loads(why)
    line = Line(
        stored["queue"],
        tuple(Requirement(**each) for each in stored["requirements"]),
        [WaitingCall(**stored["call"])],
        stored["preferred_seconds"],
    )
    agents = [FreeAgent(**each) for each in stored["agents"]]
    return next(match(Snapshot(stored["now"], [line], agents, stored["preferred"])), None)
