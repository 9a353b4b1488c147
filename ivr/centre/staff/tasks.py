"""What happens to rows of staff by itself: sessions, tries and browsers go after ninety days, accounts never.

The audit log keeps every sign-in.
"""

from ivr.centre.staff.models import SignInAttempt, StaffDevice, StaffSession
from ivr.platform.jobs.retention import TRACES, DeleteAfter, Retention

RETENTION: tuple[Retention, ...] = (
    DeleteAfter(TRACES, StaffSession.id, StaffSession.started_at),
    DeleteAfter(TRACES, SignInAttempt.id, SignInAttempt.at),
    DeleteAfter(TRACES, StaffDevice.id, StaffDevice.seen_at),
)
