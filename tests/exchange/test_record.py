"""Record, and recordings by REST."""

import io
import wave

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.exchange.web_application import SID, TOKEN, PhoneCall, RunningExchange, run_exchange

RECORD = '<Record action="/recorded" recordingStatusCallback="/rec"/><Say>never</Say>'


def records(running: RunningExchange, twiml: str = RECORD) -> PhoneCall:
    running.app["/voice"] = twiml
    call = running.call()
    call.hear("recording")
    return call


def test_a_key_ends_the_message_and_is_told_to_the_action(running: RunningExchange) -> None:
    call = records(running)
    call.say("我要投诉，请尽快回复").press("#").over()
    form = running.app.asked("/recorded")[0].form
    assert (form["Digits"], form["RecordingDuration"]) == ("#", "2")
    assert form["RecordingUrl"] == f"{running.base}/2010-04-01/Accounts/{SID}/Recordings/{form['RecordingSid']}"
    assert call.said() == []


@pytest.mark.parametrize(
    ("attributes", "keys", "digits"), [("", "5", "5"), (' finishOnKey="19"', "29", "9"), (' finishOnKey=""', "29", "")]
)
def test_finish_on_key_may_be_several_keys(running: RunningExchange, attributes: str, keys: str, digits: str) -> None:
    call = records(running, f'<Record action="/recorded"{attributes}/>').press(keys)
    if not digits:
        call.silence()
    call.over()
    assert running.app.asked("/recorded")[0].form["Digits"] == digits


def test_a_caller_who_hangs_up_is_told_as_hangup(running: RunningExchange) -> None:
    call = records(running).say("喂").hang_up()
    call.over()
    form = running.app.await_hits("/recorded")[0].form
    assert (form["Digits"], form["CallStatus"]) == ("hangup", "completed")


def test_record_without_action_posts_back_to_the_current_document(running: RunningExchange) -> None:
    running.app["/voice"] = lambda form: "<Hangup/>" if "RecordingSid" in form else "<Record/>"
    call = running.call()
    call.silence().over()
    assert len(running.app.asked("/voice")) == 2


def test_max_length_ends_a_long_message(running: RunningExchange) -> None:
    call = records(running, '<Record action="/recorded" maxLength="3"/>')
    call.say("字" * 40).over()
    assert running.app.asked("/recorded")[0].form["RecordingDuration"] == "3"


@pytest.mark.parametrize(
    ("trim", "words", "seconds"), [("", "", "0"), ("", "您好请讲", "1"), (' trim="do-not-trim"', "您好请讲", None)]
)
def test_silence_around_the_words_is_trimmed_unless_told_otherwise(trim: str, words: str, seconds: str | None) -> None:
    with run_exchange(pace="real") as running:
        call = records(running, f'<Record playBeep="false" timeout="2" recordingStatusCallback="/rec"{trim}/>')
        running.app["/voice"] = "<Hangup/>"
        if words:  # one second of them, then two seconds of silence
            call.say(words)
        call.over()
        told = running.app.await_hits("/rec")[0].form["RecordingDuration"]
        assert told == seconds if seconds else int(told) >= 2
        assert [recording.duration for recording in running.client().recordings.list()] == [told]


def test_silent_recordings_are_kept_and_completed_is_reported(running: RunningExchange) -> None:
    call = records(running)
    call.silence().over()
    [hit] = running.app.await_hits("/rec")
    assert (hit.form["RecordingStatus"], hit.form["RecordingSource"]) == ("completed", "RecordVerb")
    assert (hit.form["CallSid"], hit.form["RecordingDuration"]) == (call.sid, "0")
    assert len(running.client().recordings.list()) == 1


def test_a_recordings_file_is_a_wav_of_its_length_for_the_account_alone(running: RunningExchange) -> None:
    records(running).say("我要投诉，请尽快回复").press("1").over()
    url = running.app.asked("/recorded")[0].form["RecordingUrl"]
    assert requests.get(f"{url}.wav", timeout=30).status_code == 401
    for address in (url, f"{url}.wav"):
        answer = requests.get(address, auth=(SID, TOKEN), timeout=30)
        with wave.open(io.BytesIO(answer.content)) as sound:
            assert (sound.getframerate(), sound.getnframes(), sound.getnchannels()) == (8000, 16000, 1)


def test_recordings_are_listed_fetched_and_deleted(running: RunningExchange) -> None:
    call = records(running)
    call.silence().over()
    client = running.client()
    [recording] = client.recordings.list(call_sid=call.sid)
    assert client.calls(call.sid).recordings.list()[0].sid == recording.sid
    assert client.recordings(recording.sid).fetch().status == "completed"
    assert client.recordings(recording.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        client.recordings(recording.sid).fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)
    assert client.recordings.list() == []


def test_a_live_call_is_recorded_paused_around_a_password_and_stopped(running: RunningExchange) -> None:
    running.app["/voice"] = "<Gather/>"
    call = running.call()
    call.hear("listening")
    recordings = running.client().calls(call.sid).recordings
    started = recordings.create(recording_channels="dual", recording_status_callback=f"{running.app.base}/rec")
    assert (started.status, started.channels, started.source) == ("in-progress", 2, "StartCallRecordingAPI")
    current = recordings("Twilio.CURRENT")
    assert current.update(status="paused", pause_behavior="skip").status == "paused"
    assert current.update(status="in-progress").status == "in-progress"
    assert recordings(started.sid).update(status="stopped").status == "completed"
    with pytest.raises(TwilioRestException) as refused:
        recordings(started.sid).update(status="paused")
    assert refused.value.code == 16114
    running.app.await_hits("/rec")
    call.hang_up()


def test_a_recording_ends_with_its_call(running: RunningExchange) -> None:
    running.app["/voice"] = "<Gather/>"
    call = running.call()
    call.hear("listening")
    running.client().calls(call.sid).recordings.create(recording_status_callback=f"{running.app.base}/rec")
    call.hang_up()
    assert running.app.await_hits("/rec")[0].form["RecordingStatus"] == "completed"
