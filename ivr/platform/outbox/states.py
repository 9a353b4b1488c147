"""The states of a text on its way out; drawn in docs/states.md."""

from typing import Literal

from ivr.db.states import Table

TextState = Literal["waiting", "sending", "sent", "expired", "failed"]
TextEvent = Literal["claim", "taken", "put_back", "give_up", "expire"]

TRANSITIONS: Table[TextState, TextEvent] = {
    ("waiting", "claim"): "sending",
    ("sending", "claim"): "sending",  # the lease of a worker that died has ended
    ("sending", "taken"): "sent",
    ("sending", "put_back"): "waiting",
    ("sending", "give_up"): "failed",
    ("waiting", "expire"): "expired",
    ("sending", "expire"): "expired",
}
"""`expire` is done to all rows at once, see `ivr/platform/outbox/texts.py`."""
