"""The states of a queue entry and of a callback, as tables; drawn in docs/states.md."""

from ivr.db.states import TransitionTable

QUEUED_CALL: TransitionTable[str, str] = {
    ("waiting", "answer"): "answered",
    ("waiting", "ask_callback"): "leaving",
    ("waiting", "time_out"): "timeout",
    ("waiting", "hang_up"): "abandoned",
    ("waiting", "fail"): "failed",
    ("leaving", "return"): "waiting",  # heard the callback offer and waits on at the same position
    ("leaving", "book"): "callback",
    ("leaving", "hang_up"): "abandoned",
    ("leaving", "answer"): "answered",  # an agent answered before the caller chose
    ("leaving", "fail"): "failed",
    ("timeout", "answer"): "answered",  # an agent answered before the caller left the queue
    ("answered", "wait_on"): "waiting",  # the provider requests a wait round: no agent had answered
    ("answered", "hang_up"): "abandoned",  # the provider says that the caller hung up in the queue
    ("abandoned", "answer"): "answered",  # the end of the call was reported before the queue result
}

CALLBACK: TransitionTable[str, str] = {
    ("requested", "assign"): "assigned",
    ("assigned", "release"): "requested",
    ("assigned", "complete"): "completed",
    ("requested", "cancel"): "cancelled",
}
