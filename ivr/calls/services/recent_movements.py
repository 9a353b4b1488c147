"""recent_movements: the latest movements of an account."""

from datetime import datetime
from typing import Any

from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, service
from ivr.engine.contracts import ServiceContract

SPOKEN_AT_MOST = 5


@service(
    ServiceContract(
        "recent_movements",
        inputs={"account": "choice"},
        outcomes={"found": ("movements",), "none": (), "unavailable": ()},
        outputs={"movements": "list"},
        parts={"movements": {"day": "text", "amount": "money", "way": "text", "what": "text"}},
        effects=frozenset({"reveals_data"}),
        needs=frozenset({"identity", "query"}),
    )
)
def recent_movements(context: Context, account: dict[str, Any]) -> ServiceAnswer:
    """The newest first, each as {"day", "amount", "way", "what"}: texts in every language, and fen."""
    movements = context.bank.movements(context.known, account["id"], SPOKEN_AT_MOST)
    if not movements:
        return ServiceAnswer("none")
    listed = [
        {
            "day": _day(context, m.at),
            "amount": abs(m.amount_fen),
            "way": _names(context, "out" if m.amount_fen < 0 else "in"),
            "what": _names(context, m.what),
        }
        for m in movements
    ]
    return ServiceAnswer("found", {"movements": listed})


def _day(context: Context, moment: datetime) -> dict[str, str]:
    """The day in every language; the year is spoken only if it is not the current one."""
    at, today = context.local(moment), context.local(context.now)
    name = "names.day" if at[:4] == today[:4] else "names.day_of_year"
    return {each: context.render(name, {"at": at}, each) for each in context.settings.languages}


def _names(context: Context, word: str) -> dict[str, str]:
    """The word in every language, since the call's language may change between two turns."""
    return {each: context.render(f"names.{word}", {}, each) for each in context.bundle.languages}
