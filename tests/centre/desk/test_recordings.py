"""The recording of a talk as the provider tells of it: paused while a secret is keyed, ready, and deleted in time."""

import json
from datetime import timedelta

from sqlalchemy import select

from ivr.centre.desk import recordings, tasks
from ivr.centre.desk.models import RecordingKept
from ivr.telephony.notifications import RecordingNotification
from tests.support.centre import Centre
from tests.support.hotline import QUERY, WANG


def kept(centre: Centre) -> RecordingKept:
    with centre.work() as db:
        found = db.scalars(select(RecordingKept)).one()
        db.expunge(found)
        return found


def states(centre: Centre) -> list[str]:
    with centre.work() as db:
        return list(db.scalars(select(RecordingKept.state).order_by(RecordingKept.id)))


def test_a_recording_is_paused_for_a_secret_ready_at_the_end_and_deleted_in_time(centre: Centre) -> None:
    agent = centre.agent()
    caller = centre.dial()
    number, _ = agent.talks()
    centre.until(lambda: states(centre), ["running"])
    asked = len(caller.events("listening"))
    agent.verify("query")
    centre.until(lambda: states(centre), ["paused"])
    centre.asked(caller, asked + 1)
    caller.press("1")
    centre.asked(caller, asked + 2)
    caller.press(QUERY[WANG])
    centre.until(lambda: states(centre), ["running"])
    [[begin, end]] = json.loads(kept(centre).pauses)
    assert begin <= end
    agent.hangs_up(number)
    centre.until(lambda: any("感谢您的来电" in said for said in caller.said()))
    centre.until(lambda: states(centre), ["ready"])
    recording = kept(centre)
    assert recording.interaction_id == number
    assert recording.recording_id is not None
    centre.step()
    assert states(centre) == ["ready"], "kept for its time"
    centre.means.recordings_kept = timedelta(0)
    centre.clock.forward(minutes=1)
    centre.until(lambda: states(centre), ["deleted"])
    assert centre.means.provider.recordings.find(recording.recording_id) is None
    for task in tasks.TASKS:
        task.act(centre.means)
    assert centre.one("select count(*) from provider_orders where kind = 'delete_recording'") == 1


def test_news_that_comes_twice_late_or_first_moves_a_recording_only_on(centre: Centre) -> None:
    agent = centre.agent()
    caller = centre.dial()
    number, _ = agent.talks()
    centre.until(lambda: states(centre), ["running"])
    tape = kept(centre).recording_id or ""
    with centre.work() as db:
        for status, seconds in (("ready", 9), ("processing", 0), ("running", 0), ("ready", 9), ("absent", 0)):
            news = RecordingNotification(tape, caller.sid, status, seconds)  # type: ignore[arg-type] # statuses all
            recordings.note(db, news, centre.clock())
        recordings.note(db, RecordingNotification("RE another", caller.sid, "ready", 4), centre.clock())
        recordings.note(db, RecordingNotification("RE nobody", "CA nobody", "ready", 4), centre.clock())
    assert (states(centre), kept_seconds(centre)) == (["ready", "ready"], [9, 4])
    assert agent.interaction(number).recording_id == tape


def kept_seconds(centre: Centre) -> list[int]:
    with centre.work() as db:
        return list(db.scalars(select(RecordingKept.seconds).order_by(RecordingKept.id)))
