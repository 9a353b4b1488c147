"""The URLs that the telephone provider asks for on behalf of an interaction."""

from dataclasses import dataclass
from datetime import timedelta

from ivr.centre.desk.wrap_ups import PAUSE


@dataclass(frozen=True, slots=True)
class Paths:
    """The URLs of interactions, below the product's public URL, `base`.

    `pause`: how long an agent has to write a talk up.
    """

    base: str
    pause: timedelta = PAUSE

    def of(self, interaction_id: int, what: str) -> str:
        """The URL of one document or piece of news of an interaction."""
        return f"{self.base}/voice/desk/{interaction_id}/{what}"

    @property
    def back(self) -> str:
        """Where a caller goes on who comes from an agent: to the agent who waits, else to the queue, else behind it."""
        return f"{self.base}/voice/desk/back"

    @property
    def notifications(self) -> str:
        """Where the provider tells what happens in conferences and to calls."""
        return f"{self.base}/voice/desk/news"
