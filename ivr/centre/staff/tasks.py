"""What happens to rows of staff by itself: sessions and tries to sign in go after ninety days, accounts never."""

from datetime import timedelta

from ivr.centre.staff.models import SignInAttempt, StaffSession

KEPT = timedelta(days=90)  # long enough to look into a complaint; who signed in when stands in the audit log for good
PRUNED = ((StaffSession.id, StaffSession.started_at, KEPT), (SignInAttempt.id, SignInAttempt.at, KEPT))
