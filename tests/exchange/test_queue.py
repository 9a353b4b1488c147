"""Enqueue: the wait loop, and every way out of a queue."""

import pytest
from flask import Response
from twilio.base.exceptions import TwilioRestException

from exchange import media
from tests.exchange.waiting import queued
from tests.exchange.web_application import OTHER, RunningExchange


def test_the_wait_url_is_told_the_queue_and_asked_again_when_its_twiml_runs_out(running: RunningExchange) -> None:
    running.app["/wait"] = "<Say>请稍候</Say>"
    call = queued(running)
    call.silence().silence()
    hits = running.app.await_hits("/wait", 3)
    form = hits[0].form
    assert (form["QueuePosition"], form["CurrentQueueSize"], form["MaxQueueSize"]) == ("1", "1", "1000")
    assert form["QueueSid"].startswith("QU")
    assert (form["QueueTime"], form["AvgQueueTime"]) == ("0", "0")
    call.hang_up()


def test_positions_follow_the_order_of_arrival(running: RunningExchange) -> None:
    first, second = queued(running), queued(running, OTHER)
    second.silence()
    positions = [hit.form["QueuePosition"] for hit in running.app.asked("/wait") if hit.form["From"] == OTHER]
    assert positions[0] == "2"
    first.hang_up().over()
    running.app.await_hits("/left")
    second.silence().silence()
    assert running.app.asked("/wait")[-1].form["QueuePosition"] == "1"
    second.hang_up()


def test_leave_goes_to_the_action_at_once(running: RunningExchange) -> None:
    running.app["/wait"] = "<Leave/>"
    running.app["/left"] = "<Say>left</Say>"
    call = queued(running)
    call.over()
    form = running.app.asked("/left")[0].form
    assert (form["QueueResult"], form["QueueTime"], form["QueueSid"][:2]) == ("leave", "0", "QU")
    assert (call.said(), call.events("left_queue")[0]["result"]) == (["left"], "leave")


def test_leave_without_an_action_continues_after_the_enqueue(running: RunningExchange) -> None:
    running.app["/wait"] = "<Leave/>"
    call = queued(running, twiml='<Enqueue waitUrl="/wait">a</Enqueue><Say>after</Say>')
    call.over()
    assert call.said() == ["after"]


def test_a_key_heard_while_waiting_leads_out_of_the_queue(running: RunningExchange) -> None:
    running.app["/wait"] = '<Gather action="/wait/key" numDigits="1" finishOnKey=""><Say>按 1 留言</Say></Gather>'
    running.app["/wait/key"] = lambda form: "<Leave/>" if form["Digits"] == "1" else ""
    call = queued(running)
    call.press("5")
    running.app.await_hits("/wait", 2)
    call.press("1").over()
    assert [hit.form["QueueResult"] for hit in running.app.asked("/left")] == ["leave"]


def test_an_empty_wait_url_is_silence(running: RunningExchange) -> None:
    call = queued(running, twiml='<Enqueue action="/left" waitUrl="">a</Enqueue>')
    call.silence().silence().hang_up().over()
    assert [hit.path for hit in running.app.hits if hit.path not in ("/voice", "/left")] == []


def test_a_caller_who_hangs_up_in_the_queue_is_reported_and_the_answer_has_no_effect(running: RunningExchange) -> None:
    running.app["/left"] = "<Redirect>/never</Redirect>"
    call = queued(running)
    call.hang_up().over()
    [hit] = running.app.await_hits("/left")
    assert (hit.form["QueueResult"], hit.form["CallStatus"]) == ("hangup", "completed")
    assert running.client().queues.list()[0].current_size == 0
    assert running.app.asked("/never") == []


def test_a_full_queue_is_queue_full_without_sid_or_time(running: RunningExchange) -> None:
    first = queued(running, twiml='<Enqueue maxQueueSize="1" waitUrl="">a</Enqueue>')
    running.app["/voice"] = '<Enqueue action="/left">a</Enqueue>'
    running.call(OTHER).over()
    form = running.app.asked("/left")[0].form
    assert (form["QueueResult"], "QueueSid" in form, "QueueTime" in form) == ("queue-full", False, False)
    first.hang_up()


@pytest.mark.parametrize("verb", ["<Dial>+8613912345678</Dial>", "<Record/>", "<Enqueue>b</Enqueue>", "<Reject/>"])
def test_the_waiting_room_allows_no_verb_that_connects_or_records(running: RunningExchange, verb: str) -> None:
    running.app["/wait"] = f"{verb}<Leave/>"
    call = queued(running)
    call.over()
    assert (call.warned(), running.app.asked("/left")[0].form["QueueResult"]) == ([12200], "leave")


def test_leave_outside_a_queue_is_ignored_with_a_warning(running: RunningExchange) -> None:
    running.app["/voice"] = "<Leave/><Say>on</Say>"
    call = running.call()
    call.over()
    assert (call.warned(), call.said()) == ([12200], ["on"])


def test_rest_lists_queues_and_members_and_dequeues_the_front(running: RunningExchange) -> None:
    first, second = queued(running), queued(running, OTHER)
    client = running.client()
    [queue] = client.queues.list()
    assert (queue.friendly_name, queue.current_size, queue.max_size) == ("人工服务", 2, 1000)
    members = client.queues(queue.sid).members.list()
    assert [(m.call_sid, m.position) for m in members] == [(first.sid, 1), (second.sid, 2)]
    running.app["/taken"] = "<Say>taken</Say>"
    front = client.queues(queue.sid).members("Front")
    assert front.fetch().call_sid == first.sid
    front.update(url=f"{running.app.base}/taken")
    first.over()
    assert first.said() == ["taken"]
    assert running.app.asked("/left")[0].form["QueueResult"] == "redirected"
    assert client.queues(queue.sid).members(second.sid).fetch().position == 1
    assert client.queues(queue.sid).fetch().current_size == 1
    second.hang_up()


def test_a_queue_with_waiting_callers_is_not_deleted_and_a_name_is_taken_once(running: RunningExchange) -> None:
    client = running.client()
    made = client.queues.create(friendly_name="人工服务", max_size=1)
    with pytest.raises(TwilioRestException) as taken:
        client.queues.create(friendly_name="人工服务")
    call = queued(running)
    with pytest.raises(TwilioRestException) as busy:
        client.queues(made.sid).delete()
    assert (taken.value.code, busy.value.code) == (22003, 22001)
    assert client.queues(made.sid).update(max_size=5).max_size == 5
    call.hang_up().over()
    assert client.queues(made.sid).delete()


def test_a_wait_url_may_be_a_sound_file(running: RunningExchange) -> None:
    running.app["/wait"] = lambda _: Response(media.silence(2, 1), content_type="audio/wav")
    call = queued(running)
    assert (call.hear("play")["seconds"], call.warned()) == (2.0, [])
    call.hang_up()
