"""The states of an alarm of the floor, as a table; drawn in docs/states.md."""

from ivr.db.states import TransitionTable

FLOOR_ALARM: TransitionTable[str, str] = {
    ("open", "acknowledge"): "acknowledged",
    ("acknowledged", "worsen"): "open",  # amber was seen, and is red by now
    ("open", "end"): "ended",
    ("acknowledged", "end"): "ended",
}
