"""What live pages of staff may listen to. Pure."""

from collections.abc import Mapping

from ivr.centre.staff.permissions import Permission

STAFF = "staff"  # the accounts, as the list of staff shows them
TOPICS: Mapping[str, Permission] = {STAFF: Permission.STAFF_VIEW}
