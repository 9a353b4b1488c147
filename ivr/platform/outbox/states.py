"""The states of an outgoing text; drawn in docs/states.md."""

from typing import Literal

from ivr.db.states import TransitionTable

TextState = Literal["waiting", "sending", "sent", "expired", "failed"]
TextEvent = Literal["claim", "taken", "put_back", "give_up", "expire"]

TRANSITIONS: TransitionTable[TextState, TextEvent] = {
    ("waiting", "claim"): "sending",
    ("sending", "claim"): "sending",  # the lease of a crashed worker has ended
    ("sending", "taken"): "sent",
    ("sending", "put_back"): "waiting",
    ("sending", "give_up"): "failed",
    ("waiting", "expire"): "expired",
    ("sending", "expire"): "expired",
}
"""`expire` is applied to many rows in one UPDATE, see `ivr/platform/outbox/texts.py`."""
