"""The states of a queued call and of a callback, as tables; drawn in docs/states.md."""

from ivr.db.states import Table

QUEUED_CALL: Table[str, str] = {
    ("waiting", "answer"): "answered",
    ("waiting", "ask_callback"): "leaving",
    ("waiting", "time_out"): "timeout",
    ("waiting", "hang_up"): "abandoned",
    ("waiting", "fail"): "failed",
    ("leaving", "return"): "waiting",  # looked at the offer of a callback, and waits on at the same place
    ("leaving", "book"): "callback",
    ("leaving", "hang_up"): "abandoned",
    ("leaving", "answer"): "answered",  # the agent was quicker than the caller's choice
    ("leaving", "fail"): "failed",
    ("timeout", "answer"): "answered",  # the agent was quicker than the way out
    ("answered", "wait_on"): "waiting",  # the provider asks for a round of company: nobody had answered
    ("answered", "hang_up"): "abandoned",  # the provider says that the caller hung up in the queue
    ("abandoned", "answer"): "answered",  # the call's end overtook the news of its talk
}

CALLBACK: Table[str, str] = {
    ("requested", "assign"): "assigned",
    ("assigned", "release"): "requested",
    ("assigned", "complete"): "completed",
    ("requested", "cancel"): "cancelled",
}
