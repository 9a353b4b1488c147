"""Sends call status callbacks."""

from collections.abc import Iterable

from exchange import clock
from exchange.callback_sender import CallbackSender
from exchange.leg import CallbackPlan, Leg
from exchange.parameters import standard

WORDS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}
"""The CallStatus sent for an event, whatever happened to the call since; only callbacks use `initiated`."""


class Callbacks:
    """Reports the progress of legs to their status callback URLs."""

    def __init__(self, callback_sender: CallbackSender, account_sid: str) -> None:
        self._callback_sender = callback_sender
        self._account_sid = account_sid

    def report(self, leg: Leg, event: str) -> None:
        """event: initiated, ringing, answered or completed; completed covers every final status."""
        plan = leg.callback
        if plan is None or event not in plan.events:
            return
        with leg.channel.changed:
            form = [*standard(leg, self._account_sid), *self._progress(leg, event)]
            said = WORDS.get(event, leg.status)
            form = [(name, said if name == "CallStatus" else value) for name, value in form]
            leg.reports += 1
        self._callback_sender.post(leg.sid, plan.url, plan.method, form)

    def _progress(self, leg: Leg, event: str) -> list[tuple[str, str]]:
        progress = [
            ("Timestamp", clock.rfc2822(clock.now()) or ""),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", str(leg.reports)),
        ]
        if event == "completed":
            progress += [("CallDuration", str(leg.seconds)), ("SipResponseCode", leg.sip_code)]
            if leg.answered_by is not None:
                progress.append(("AnsweredBy", leg.answered_by))
            if leg.status == "completed":
                progress.append(("Duration", str(-(-leg.seconds // 60))))
        return progress


def status_callback_plan(url: str | None, method: str = "POST", events: Iterable[str] = ()) -> CallbackPlan | None:
    """The plan for a `statusCallback` and its events; only `completed` when no event is named."""
    if not url:
        return None
    return CallbackPlan(url, method.upper(), frozenset(events) or frozenset({"completed"}))
