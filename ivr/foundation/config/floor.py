"""What the floor calls too much: from when a figure is amber (care) and from when it is an alarm, for each queue."""

from typing import Annotated

from pydantic import Field

from ivr.foundation.config.sections import Section

Figure = Annotated[int, Field(ge=0, le=10_000)]


class Threshold(Section):
    """`care` is amber, `alarm` is red and tells the leader; one that is left out is never reached."""

    care: Figure | None = None
    alarm: Figure | None = None


class Thresholds(Section):
    """The figures that are watched. Of `service_level_percent` and `agents_free` little is bad, of the others much.

    `still_there_seconds`: from then on a customer on hold hears again and again that they are not forgotten.
    """

    waiting: Threshold | None = None
    longest_wait_seconds: Threshold | None = None
    service_level_percent: Threshold | None = None
    hold_seconds: Threshold | None = None
    agents_free: Threshold | None = None
    still_there_seconds: Figure | None = None


class FloorSettings(Section):
    """The floor of team leaders: `within_seconds` is the T of the service level; `queues` have their own thresholds."""

    within_seconds: Annotated[int, Field(ge=1, le=600)] = 20
    target_percent: Annotated[int, Field(ge=1, le=100)] = 80
    thresholds: Thresholds = Thresholds(
        waiting=Threshold(care=5, alarm=10),
        longest_wait_seconds=Threshold(care=60, alarm=120),
        service_level_percent=Threshold(care=80, alarm=60),
        hold_seconds=Threshold(care=45, alarm=180),
        still_there_seconds=90,
    )
    queues: dict[str, Thresholds] = Field(default_factory=dict)

    def of(self, queue: str, figure: str) -> Threshold:
        """The threshold of a figure in a queue: its own where it has one."""
        own = getattr(self.queues.get(queue, Thresholds()), figure)
        general = getattr(self.thresholds, figure)
        found: Threshold = own or general or Threshold()
        return found

    def still_there(self, queue: str) -> int:
        """From how many seconds on a customer of a queue who is on hold hears that they are not forgotten."""
        own = self.queues.get(queue, Thresholds()).still_there_seconds
        return next((each for each in (own, self.thresholds.still_there_seconds) if each is not None), 90)
