"""recent_movements: what went in and out of an account of late."""

from typing import Any

from ivr.engine.contracts import ServiceContract
from ivr.services.context import Context
from ivr.services.registry import Answer, service

SPOKEN = 5


@service(
    ServiceContract(
        "recent_movements",
        inputs={"account": "choice"},
        outcomes={"found": ("movements",), "none": (), "unavailable": ()},
        outputs={"movements": "list"},
        parts={"movements": {"date": "date", "amount": "money", "way": "text", "what": "text"}},
        effects=frozenset({"reveals_data"}),
        needs=frozenset({"identity", "query"}),
    )
)
def recent_movements(context: Context, account: dict[str, Any]) -> Answer:
    """The newest first, each as {"date", "amount", "way", "what"}; way and what are names of prompts."""
    movements = context.bank.movements(context.known, account["id"], SPOKEN)
    if not movements:
        return Answer("none")
    listed = [
        {
            "date": context.local(m.at)[:10],
            "amount": abs(m.amount_fen),
            "way": _names(context, "out" if m.amount_fen < 0 else "in"),
            "what": _names(context, m.what),
        }
        for m in movements
    ]
    return Answer("found", {"movements": listed})


def _names(context: Context, word: str) -> dict[str, str]:
    """The word in every language, since a call may change its language between two turns."""
    return {each: context.render(f"names.{word}", {}, each) for each in context.bundle.languages}
