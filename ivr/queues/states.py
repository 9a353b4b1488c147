"""The states of a queued call and of a callback, as tables; illegal is an exception."""

from collections.abc import Mapping

from ivr.errors import IllegalTransition

QUEUED_CALL: Mapping[tuple[str, str], str] = {
    ("waiting", "answer"): "answered",
    ("waiting", "ask_callback"): "leaving",
    ("waiting", "time_out"): "timeout",
    ("waiting", "hang_up"): "abandoned",
    ("waiting", "fail"): "failed",
    ("leaving", "leave"): "callback",
    ("leaving", "hang_up"): "abandoned",
    ("leaving", "answer"): "answered",  # the agent was quicker than the key
}

CALLBACK: Mapping[tuple[str, str], str] = {
    ("requested", "assign"): "assigned",
    ("assigned", "release"): "requested",
    ("assigned", "complete"): "completed",
    ("requested", "cancel"): "cancelled",
}


def after(table: Mapping[tuple[str, str], str], state: str, event: str) -> str:
    """The state that follows; raises `IllegalTransition`."""
    try:
        return table[state, event]
    except KeyError:
        raise IllegalTransition(f"'{event}' does not happen in the state '{state}'") from None
