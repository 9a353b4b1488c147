"""The states of a queued call, a callback, an agent and an offer, as tables; drawn in docs/states.md."""

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

AGENT: TransitionTable[str, str] = {
    ("signed_out", "make_ready"): "ready",
    ("signed_out", "make_not_ready"): "not_ready",
    ("not_ready", "make_ready"): "ready",
    ("not_ready", "make_not_ready"): "not_ready",  # for another reason
    ("not_ready", "sign_out"): "signed_out",
    ("ready", "make_not_ready"): "not_ready",
    ("ready", "sign_out"): "signed_out",
    ("ready", "ring"): "ringing",
    ("ready", "lose_desk"): "unreachable",  # the desk has not answered for a while: nobody is offered to it
    ("ready", "take_up"): "talking",  # a call that the agent begins: a callback
    ("not_ready", "take_up"): "talking",
    ("ringing", "accept"): "talking",
    ("ringing", "withdraw"): "ready",  # the caller left, or was helped otherwise
    ("ringing", "miss"): "not_responding",  # refused or unanswered
    ("ringing", "lose_desk"): "unreachable",
    ("talking", "hold"): "on_hold",
    ("on_hold", "retrieve"): "talking",
    ("talking", "miss"): "not_responding",  # accepted, and the agent's line never came
    ("talking", "withdraw"): "ready",  # the caller left before the two were connected
    ("talking", "end_call"): "wrap_up",
    ("on_hold", "end_call"): "wrap_up",
    ("wrap_up", "make_ready"): "ready",
    ("wrap_up", "make_not_ready"): "not_ready",
    ("wrap_up", "sign_out"): "signed_out",
    ("wrap_up", "take_up"): "talking",
    ("not_responding", "make_ready"): "ready",
    ("not_responding", "make_not_ready"): "not_ready",
    ("not_responding", "sign_out"): "signed_out",
    ("unreachable", "make_ready"): "ready",
    ("unreachable", "make_not_ready"): "not_ready",
    ("unreachable", "sign_out"): "signed_out",
}

OFFER: TransitionTable[str, str] = {
    ("ringing", "accept"): "accepted",
    ("ringing", "refuse"): "refused",
    ("ringing", "miss"): "unanswered",
    ("ringing", "lose_desk"): "unreachable",
    ("ringing", "withdraw"): "withdrawn",
    ("accepted", "connect"): "answered",  # caller and agent hear each other
    ("accepted", "lose_desk"): "unreachable",  # the agent's line never came
    ("accepted", "withdraw"): "withdrawn",
}
