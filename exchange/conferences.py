"""Conferences: participants, who hears whom, and their status callbacks."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from exchange import clock
from exchange.callback_sender import CallbackSender
from exchange.channel import WebhookTarget
from exchange.leg import CallbackPlan, Leg
from exchange.sids import new_sid

CONFERENCES_REMEMBERED = 1000
MAX_PARTICIPANTS = 250
BEEPS = {"true": (True, True), "false": (False, False), "onEnter": (True, False), "onExit": (False, True)}
"""Value of `beep` -> beep on entering, beep on leaving; the default first."""

Form = tuple[tuple[str, str], ...]


@dataclass(eq=False)
class Participant:
    """One leg in a conference. `coaches` is the CallSid of the only listener; `removed` is why the leg must leave.

    beeps_on_enter, beeps_on_exit: a beep tells the others when this participant joins or leaves.
    """

    leg: Leg
    label: str | None = None
    muted: bool = False
    starts: bool = True
    ends: bool = False
    coaches: str | None = None
    beeps_on_enter: bool = True
    beeps_on_exit: bool = True
    hold: bool = False
    hold_source: WebhookTarget | None = None
    announcements: deque[WebhookTarget] = field(default_factory=deque)
    removed: str | None = None
    joined_at: datetime = field(default_factory=clock.now)
    updated_at: datetime = field(default_factory=clock.now)


@dataclass(eq=False)
class Conference:
    """status: init → in-progress → completed. A later conference of the same name is a new one."""

    sid: str
    name: str
    status: str = "init"
    plan: CallbackPlan | None = None
    members: list[Participant] = field(default_factory=list)
    reports: int = 0
    ended_because: str | None = None
    ended_by: Participant | None = None
    created_at: datetime = field(default_factory=clock.now)
    updated_at: datetime = field(default_factory=clock.now)

    def listeners(self, speaker: Leg) -> Sequence[Leg]:
        """Everybody not on hold, unless the speaker is muted, on hold, or coaches one participant only."""
        who = next((each for each in self.members if each.leg is speaker), None)
        if who is None or who.muted or who.hold or self.status != "in-progress":
            return ()
        others = [each.leg for each in self.members if each is not who and not each.hold]
        return others if who.coaches is None else [leg for leg in others if leg.sid == who.coaches]

    def participant(self, key: str) -> Participant | None:
        """The participant with this CallSid or label."""
        return next((each for each in self.members if key in (each.leg.sid, each.label)), None)

    def beep(self, about: Participant) -> None:
        """Plays a beep to the others who are not on hold, while the conference runs."""
        if self.status == "in-progress":
            for each in self.members:
                if each is not about and not each.hold:
                    each.leg.tell("beep")

    def ready(self) -> bool:
        return len(self.members) >= 2 and any(each.starts for each in self.members)


class Conferences:
    """The newest 1000 conferences, oldest first. Every change is made under the exchange's lock."""

    def __init__(self, lock: threading.RLock, callback_sender: CallbackSender, account_sid: str) -> None:
        self._lock = lock
        self._callback_sender = callback_sender
        self._account_sid = account_sid
        self._conferences: dict[str, Conference] = {}

    def get(self, sid: str) -> Conference | None:
        with self._lock:
            return self._conferences.get(sid)

    def running(self, name: str) -> Conference | None:
        """The running conference of this name."""
        return next(iter(self.find(lambda each: each.name == name and each.status != "completed")), None)

    def find(self, chosen: Callable[[Conference], bool]) -> list[Conference]:
        """Newest first."""
        with self._lock:
            return [each for each in reversed(self._conferences.values()) if chosen(each)]

    def join(self, name: str, who: Participant, most: int, plan: CallbackPlan | None) -> Conference | None:
        """Adds a participant, opening the conference if none runs; only the first participant's `plan` is used. None
        when it is full.
        """
        with self._lock:
            conference = self.running(name) or self._open(name, plan)
            if len(conference.members) >= most:
                return None
            conference.members.append(who)
            who.leg.conversation = conference
            self.report(conference, "join", "participant-join", who)
            if conference.status == "init" and conference.ready():
                conference.status, conference.updated_at = "in-progress", clock.now()
                self.report(conference, "start", "conference-start")
                for each in conference.members:
                    each.leg.channel.notify_room_change()
            if who.beeps_on_enter:
                conference.beep(who)
            return conference

    def leave(self, conference: Conference, who: Participant) -> None:
        """Removes a participant. The conference ends with the last one, or with one whose leaving ends it."""
        with self._lock:
            if who not in conference.members:
                return
            conference.members.remove(who)
            who.leg.conversation = None
            self._report_leaving(conference, who)
            if conference.status == "completed":
                return
            kicked = who.removed == "participant_updated_via_api"
            if who.ends:
                word = "kicked" if kicked else "left"
                because = f"participant-with-end-conference-on-exit-{word}"
                self.end(conference, because, "moderator_ended_conference", who)
            elif not conference.members:
                self.end(conference, "last-participant-kicked" if kicked else "last-participant-left", "", who)
            elif who.beeps_on_exit:
                conference.beep(who)

    def end(self, conference: Conference, because: str, leaving: str, by: Participant | None = None) -> None:
        """Removes everybody; `leaving` is the reason reported for each."""
        with self._lock:
            if conference.status == "completed":
                return
            conference.status, conference.updated_at = "completed", clock.now()
            conference.ended_because, conference.ended_by = because, by
            for each in conference.members:
                self.remove(each, leaving)
            extra: list[tuple[str, str]] = [("ReasonConferenceEnded", because), ("Reason", because)]
            if by is not None:
                extra += [("CallSidEndingConference", by.leg.sid), ("ParticipantLabelEndingConference", by.label or "")]
            self.report(conference, "end", "conference-end", None, tuple(extra))

    def remove(self, who: Participant, because: str) -> None:
        with self._lock:
            who.removed = because
            who.leg.channel.notify_room_change()

    def report(
        self, conference: Conference, word: str, event: str, who: Participant | None = None, extra: Form = ()
    ) -> None:
        """word: the subscribed event (join, leave, ...); event: the delivered name (participant-join, ...)."""
        plan = conference.plan
        if plan is None or word not in plan.events:
            return
        form = [
            ("ConferenceSid", conference.sid),
            ("FriendlyName", conference.name),
            ("AccountSid", self._account_sid),
            ("SequenceNumber", str(conference.reports)),
            ("Timestamp", clock.rfc2822(clock.now()) or ""),
            ("StatusCallbackEvent", event),
            *(_describe(who) if who is not None else ()),
            *extra,
        ]
        conference.reports += 1
        self._callback_sender.post(conference.sid, plan.url, plan.method, form)

    def _open(self, name: str, plan: CallbackPlan | None) -> Conference:
        conference = Conference(new_sid("CF"), name, plan=plan)
        self._conferences[conference.sid] = conference
        if len(self._conferences) > CONFERENCES_REMEMBERED:
            for sid in [sid for sid, each in self._conferences.items() if each.status == "completed"][:1]:
                del self._conferences[sid]
        return conference

    def _report_leaving(self, conference: Conference, who: Participant) -> None:
        because = who.removed or "participant_hung_up"
        extra = (("ParticipantCallStatus", who.leg.status), ("ReasonParticipantLeft", because))
        self.report(conference, "leave", "participant-leave", who, extra)


def _describe(who: Participant) -> Form:
    def word(value: bool) -> str:
        return "true" if value else "false"

    return (
        ("CallSid", who.leg.sid),
        ("Muted", word(who.muted)),
        ("Hold", word(who.hold)),
        ("Coaching", word(who.coaches is not None)),
        ("EndConferenceOnExit", word(who.ends)),
        ("StartConferenceOnEnter", word(who.starts)),
        ("ParticipantLabel", who.label or ""),
    )
