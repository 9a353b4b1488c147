"""What live pages of desk and floor may listen to. Pure."""

from collections.abc import Mapping

from ivr.centre.staff.permissions import Permission

TOPICS: Mapping[str, Permission] = {
    "desk:{actor}": Permission.DESK,  # what an agent's own desk shows
    "queues": Permission.QUEUES_VIEW,  # who waits, and who serves
    "floor": Permission.QUEUES_VIEW,  # what the agents do
}
