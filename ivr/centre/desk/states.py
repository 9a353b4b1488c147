"""The states of an interaction and of a wrap-up, as tables; drawn in docs/states.md."""

from ivr.db.states import TransitionTable

INTERACTION: TransitionTable[str, str] = {
    ("connecting", "agent_joins"): "joining",  # the agent's line is there; the customer is fetched from the queue
    ("connecting", "end"): "ended",
    ("joining", "customer_joins"): "talking",
    ("joining", "end"): "ended",
    ("talking", "hold"): "on_hold",
    ("on_hold", "retrieve"): "talking",
    ("talking", "verify"): "verifying",  # the customer keys a password in the self-service, and comes back
    ("on_hold", "verify"): "verifying",
    ("verifying", "customer_joins"): "talking",
    ("talking", "lose_agent"): "reconnecting",  # the agent's line broke; it is tried again for a while
    ("on_hold", "lose_agent"): "reconnecting",
    ("reconnecting", "agent_joins"): "talking",
    ("talking", "end"): "ended",
    ("on_hold", "end"): "ended",
    ("verifying", "end"): "ended",
    ("reconnecting", "end"): "ended",
}

WRAP_UP: TransitionTable[str, str] = {
    ("open", "submit"): "submitted",
    ("open", "time_out"): "timed_out",  # nobody wrote it up in time: it comes back to the agent as a task
    ("timed_out", "submit"): "submitted",
}
