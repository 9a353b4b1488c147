"""Queues, conferences and recordings through the port."""

import io
import wave

import pytest

from ivr.engine.actions import Utterance
from ivr.foundation.errors import ProviderError
from ivr.telephony.documents import Links, ParticipantOptions
from ivr.telephony.notifications import ConferenceNotification, RecordingNotification
from ivr.telephony.provider import Participant, Ring, Softphone
from tests.telephony.contract.test_calls import says, told
from tests.telephony.contract.world import NUMBER, OTHER, THIRD, Telephone, World, eventually


def zh(text: str) -> tuple[Utterance, ...]:
    """Said in Mandarin."""
    return (Utterance(text, "zh-CN"),)


def waits(world: World, number: str) -> Telephone:
    """A caller in the queue `general`, who has heard its first round."""
    documents, pages = world.provider.documents, world.pages
    pages["/voice"] = documents.last_resort(zh("请稍候"), "general", pages.url("/voice/wait/1"), zh("再见"))
    pages["/voice/wait/1"] = documents.wait_round(zh("请等候"), Links(pages.base, 1), 1, "", 20)
    telephone = world.dial(number)
    eventually(lambda: telephone.heard()[:2], ["请稍候", "请等候"])
    return telephone


def test_who_waits_is_listed_in_order_and_taken_out(world: World) -> None:
    queues, calls = world.provider.queues, world.provider.calls
    assert queues.find("nobody") is None
    first, second = waits(world, NUMBER), waits(world, OTHER)
    queue = queues.find("general")
    assert queue is not None
    assert [(each.call, each.position) for each in queues.members(queue)] == [(first.call, 1), (second.call, 2)]
    assert {form.queue_id for form in world.pages.forms("/voice/wait/1")} == {queue}
    world.pages["/desk"] = says(world, "坐席为您服务")
    assert queues.take(queue, second.call, world.pages.url("/desk")) == "done"
    eventually(lambda: second.heard()[-1], "坐席为您服务")
    assert queues.take(queue, second.call, world.pages.url("/desk")) == "gone"
    assert [each.call for each in queues.members(queue)] == [first.call]
    assert (calls.whereabouts(first.call, queue), calls.whereabouts(second.call, queue)) == ("waiting", "elsewhere")
    first.hang_up()
    eventually(lambda: calls.whereabouts(first.call, queue), "over")


@pytest.mark.parametrize(("way", "queue_exit"), [("take", "answered"), ("leave", "left"), ("hang up", "hung_up")])
def test_how_a_wait_ended_is_told_to_the_turn_that_follows_it(world: World, way: str, queue_exit: str) -> None:
    from ivr.engine.actions import Enqueue

    documents, pages = world.provider.documents, world.pages
    pages["/voice"] = documents.render((Enqueue("general", "zh-CN"),), Links(pages.base, 1))
    pages["/voice/wait/1"] = documents.wait_round(zh("请等候"), Links(pages.base, 1), 2, "", 20)
    pages["/voice/wait/1/2"] = documents.leave_queue()
    telephone = world.dial()
    eventually(telephone.heard, ["请等候"])
    if way == "take":
        [form] = world.pages.forms("/voice/wait/1")
        assert world.provider.queues.take(form.queue_id, telephone.call, pages.url("/desk")) == "done"
    elif way == "leave":
        telephone.press("1")
    else:
        telephone.hang_up()
    eventually(lambda: [each.queue_exit for each in pages.forms("/voice/turn/1")], [queue_exit])
    [left] = pages.forms("/voice/turn/1")
    assert left.call == telephone.call
    assert left.queue_seconds is not None


def sits(world: World, number: str, options: ParticipantOptions | None = None) -> Telephone:
    """A caller in the conference `talk`, who hears a goodbye after it."""
    world.pages["/voice"] = world.provider.documents.confer(
        "talk", options or ParticipantOptions(), world.pages.url("/after"), notify_url=world.pages.url("/news")
    )
    world.pages["/after"] = says(world, "通话结束", asks=False)
    telephone = world.dial(number)
    eventually(lambda: telephone.call in [each.call for each in present(world)])
    return telephone


def present(world: World) -> list[Participant]:
    """Who takes part in `talk`."""
    conference = world.provider.conferences.find("talk")
    return [] if conference is None else list(world.provider.conferences.participants(conference))


def ready(world: World) -> list[tuple[str, str]]:
    """Recordings that were told to be ready, and their calls."""
    news = (each for each in world.pages.news if isinstance(each, RecordingNotification))
    return [(each.recording, each.call) for each in news if each.status == "ready"]


def room_of(world: World) -> str:
    """The conference `talk`."""
    conference = world.provider.conferences.find("talk")
    assert conference is not None
    return conference


def test_a_participant_is_held_retrieved_and_muted(world: World) -> None:
    conferences = world.provider.conferences
    customer, agent = sits(world, NUMBER), sits(world, OTHER, ParticipantOptions(label="agent"))
    room = room_of(world)
    assert {each.label for each in present(world)} == {"", "agent"}
    world.pages["/hold"] = world.provider.documents.pause(zh("请稍候"), 60)
    for _ in range(2):
        assert conferences.hold(room, customer.call, world.pages.url("/hold")) == "done"
    eventually(lambda: "请稍候" in customer.heard())
    agent.say("客户听不到")
    customer.say("座席也听不到")
    assert [each.is_held for each in present(world) if each.call == customer.call] == [True]
    assert conferences.retrieve(room, customer.call) == "done"
    assert conferences.mute(room, agent.call, muted=True) == "done"
    agent.say("静音")
    assert conferences.mute(room, agent.call, muted=False) == "done"
    agent.say("让您久等了")
    eventually(lambda: customer.heard()[-1], "让您久等了")
    assert {"客户听不到", "静音"}.isdisjoint(customer.heard())
    assert agent.heard() == []


def test_a_leader_whispers_to_the_agent_and_then_speaks_to_both(world: World) -> None:
    conferences = world.provider.conferences
    customer, agent = sits(world, NUMBER), sits(world, OTHER)
    leader = sits(world, THIRD, ParticipantOptions(label="leader", muted=True))
    room = room_of(world)
    leader.say("没人听见")
    assert conferences.coach(room, leader.call, agent.call) == "done"
    assert [each.coaches for each in present(world) if each.call == leader.call] == [agent.call]
    leader.say("先道歉")
    eventually(agent.heard, ["先道歉"])
    assert conferences.barge(room, leader.call) == "done"
    leader.say("我是主管")
    eventually(agent.heard, ["先道歉", "我是主管"])
    eventually(customer.heard, ["我是主管"])


def test_somebody_is_called_in_told_something_and_sent_out(world: World) -> None:
    conferences = world.provider.conferences
    customer = sits(world, NUMBER)
    world.holds("desk:agent_7")
    call = conferences.invite("talk", Ring(Softphone("agent_7")), ParticipantOptions(label="agent"))
    agent = world.picks_up("desk:agent_7")
    eventually(lambda: {each.call for each in present(world)}, {customer.call, call})
    room = room_of(world)
    world.pages["/notice"] = world.provider.documents.pause(zh("本次通话将被录音"), 0)
    assert conferences.announce(room, world.pages.url("/notice")) == "done"
    for telephone in (customer, agent):
        eventually(telephone.heard, ["本次通话将被录音"])
    assert conferences.announce(room, world.pages.url("/notice"), agent.call) == "done"
    eventually(agent.heard, ["本次通话将被录音"] * 2)
    assert conferences.remove(room, customer.call) == "done"
    eventually(customer.heard, ["本次通话将被录音", "通话结束"])
    eventually(lambda: conferences.remove(room, customer.call), "gone")
    assert conferences.hold(room, customer.call, world.pages.url("/notice")) == "gone"
    assert conferences.coach(room, agent.call, customer.call) == "gone"


def test_who_is_called_in_first_brings_the_news_of_the_conference(world: World) -> None:
    world.holds("desk:agent_7")
    ring = Ring(Softphone("agent_7"))
    call = world.provider.conferences.invite(
        "talk", ring, ParticipantOptions(label="agent"), world.pages.url("/news/conference")
    )
    world.picks_up("desk:agent_7")
    customer = sits(world, NUMBER, ParticipantOptions(label="customer"))

    def joined() -> list[tuple[str, str]]:
        news = [
            each for each in world.pages.news if isinstance(each, ConferenceNotification) and each.event == "joined"
        ]
        return sorted((each.label, each.call) for each in news)

    eventually(joined, [("agent", call), ("customer", customer.call)])


def test_a_conference_ends_for_everybody_and_is_gone(world: World) -> None:
    conferences = world.provider.conferences
    first, second = sits(world, NUMBER), sits(world, OTHER, ParticipantOptions(label="agent"))
    room = room_of(world)
    assert conferences.end(room) == "done"
    for telephone in (first, second):
        eventually(telephone.heard, ["通话结束"])
    eventually(lambda: conferences.find("talk"), None)
    whom = ((first.call, ""), (second.call, "agent"))
    news = {ConferenceNotification(room, "talk", event, *who) for event in ("joined", "left") for who in whom}
    eventually(lambda: news | {ConferenceNotification(room, "talk", "ended")} <= told(world))
    assert list(conferences.participants(room)) == []
    assert (conferences.end(room), conferences.announce(room, world.pages.url("/after"))) == ("gone", "gone")


def test_a_call_is_recorded_on_two_channels_but_for_its_secrets(world: World) -> None:
    recordings = world.provider.recordings
    world.pages["/voice"] = says(world, "请按键")
    telephone = world.dial()
    eventually(telephone.heard, ["请按键"])
    recording = recordings.start(telephone.call, world.pages.url("/news/recording"))
    assert recording is not None
    assert [recordings.pause(telephone.call, recording) for _ in range(2)] == ["done", "done"]
    assert [(each.id, each.status) for each in recordings.of_call(telephone.call)] == [(recording, "paused")]
    assert recordings.resume(telephone.call, recording) == "done"
    assert recordings.media(recording) is None
    with pytest.raises(ProviderError) as fault:
        recordings.delete(recording)
    assert fault.value.kind == "refused"
    assert recordings.stop(telephone.call, recording) == "done"
    eventually(lambda: getattr(recordings.find(recording), "status", None), "ready")
    eventually(lambda: (recording, telephone.call) in ready(world))
    media = recordings.media(recording) or b""
    with wave.open(io.BytesIO(media)) as sound:
        assert sound.getnchannels() == 2
    for first, last in ((0, None), (0, 3), (40, None), (8, 15)):
        part = recordings.sound(recording, first, last)
        assert part is not None
        assert (b"".join(part.pieces), part.whole) == (media[first : None if last is None else last + 1], len(media))
    assert (recordings.pause(telephone.call, recording), recordings.delete(recording)) == ("gone", "done")
    assert (recordings.delete(recording), recordings.find(recording)) == ("gone", None)
    assert (recordings.media(recording), recordings.sound(recording)) == (None, None)
    telephone.hang_up()
    eventually(lambda: world.provider.calls.is_over(telephone.call))
    assert recordings.start(telephone.call) is None
