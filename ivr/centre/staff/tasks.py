"""Retention: sessions and sign-in attempts are deleted after ninety days, accounts never.

The audit log keeps every sign-in.
"""

from ivr.centre.staff.models import SignInAttempt, StaffSession
from ivr.platform.jobs.retention import TRACES, DeleteAfter, Retention

RETENTION: tuple[Retention, ...] = (
    DeleteAfter(TRACES, StaffSession.id, StaffSession.started_at),
    DeleteAfter(TRACES, SignInAttempt.id, SignInAttempt.at),
)
