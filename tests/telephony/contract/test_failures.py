"""A failing provider: every operation ends in time, and says whether it may have taken effect."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from ivr.foundation.errors import ProviderError, ProviderFault, WebhookRefused
from ivr.telephony.documents import ParticipantOptions
from ivr.telephony.provider import Provider, Ring
from tests.fakes.broken_server import Fault, closed_port, serve
from tests.telephony.contract.test_calls import says
from tests.telephony.contract.world import OTHER, World, eventually

AT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
CALL, ROOM, TAPE, LINE, TEXT = (kind + "0" * 32 for kind in ("CA", "CF", "RE", "QU", "SM"))
URL = "http://127.0.0.1:9/page"
DEEDS: Mapping[str, Callable[[Provider], object]] = {
    "place a call": lambda p: p.calls.place(Ring(OTHER), URL),
    "find placed calls": lambda p: p.calls.placed(OTHER, AT),
    "status of a call": lambda p: p.calls.status(CALL),
    "redirect a call": lambda p: p.calls.redirect(CALL, URL),
    "hang up": lambda p: p.calls.hang_up(CALL),
    "whereabouts": lambda p: p.calls.whereabouts(CALL, LINE),
    "find a conference": lambda p: p.conferences.find("talk"),
    "list participants": lambda p: p.conferences.participants(ROOM),
    "invite": lambda p: p.conferences.invite("talk", Ring(OTHER), ParticipantOptions()),
    "hold": lambda p: p.conferences.hold(ROOM, CALL, URL),
    "retrieve": lambda p: p.conferences.retrieve(ROOM, CALL),
    "mute": lambda p: p.conferences.mute(ROOM, CALL, muted=True),
    "coach": lambda p: p.conferences.coach(ROOM, CALL, CALL),
    "barge": lambda p: p.conferences.barge(ROOM, CALL),
    "remove": lambda p: p.conferences.remove(ROOM, CALL),
    "announce": lambda p: p.conferences.announce(ROOM, URL),
    "end a conference": lambda p: p.conferences.end(ROOM),
    "start a recording": lambda p: p.recordings.start(CALL),
    "recordings of a call": lambda p: p.recordings.of_call(CALL),
    "pause": lambda p: p.recordings.pause(CALL, TAPE),
    "find a recording": lambda p: p.recordings.find(TAPE),
    "fetch the sound": lambda p: p.recordings.media(TAPE),
    "fetch a part of it": lambda p: p.recordings.sound(TAPE, 100),
    "delete a recording": lambda p: p.recordings.delete(TAPE),
    "find a queue": lambda p: p.queues.find("general"),
    "list members": lambda p: p.queues.members(LINE),
    "take a member": lambda p: p.queues.take(LINE, CALL, URL),
    "send a text": lambda p: p.texts.send(OTHER, "您好"),
    "find a text": lambda p: p.texts.find(OTHER, "您好", AT),
    "status of a text": lambda p: p.texts.status(TEXT),
}


def kind_of(deed: Callable[[Provider], object], provider: Provider) -> ProviderFault:
    """The kind of an operation's failure."""
    with pytest.raises(ProviderError) as fault:
        deed(provider)
    return fault.value.kind


@pytest.mark.parametrize(
    ("fault", "kind"), [("refuses", "refused"), ("busy", "busy"), ("breaks", "unknown"), ("cut", "unknown")]
)
def test_every_deed_says_whether_it_may_have_been_done(world: World, fault: Fault, kind: ProviderFault) -> None:
    with serve(fault) as broken:
        provider = world.at(broken.address, 5.0)
        found = {name: kind_of(deed, provider) for name, deed in DEEDS.items()}
    assert found == dict.fromkeys(DEEDS, kind)
    assert broken.asked == len(DEEDS), "nothing is asked twice by itself"


def test_what_reaches_nobody_was_not_done(world: World) -> None:
    provider = world.at(closed_port(), 5.0)
    assert {name: kind_of(deed, provider) for name, deed in DEEDS.items()} == dict.fromkeys(DEEDS, "unreachable")


@pytest.mark.parametrize("fault", ["silent", "drips"])
def test_a_provider_that_never_comes_to_an_end_is_given_up(world: World, fault: Fault) -> None:
    with serve(fault) as broken:
        assert kind_of(DEEDS["send a text"], world.at(broken.address, 0.3)) == "unknown"
        if fault == "drips":
            assert broken.gave_up.wait(10), "its connection is cut"


def test_an_answer_that_is_none_leaves_the_outcome_open(world: World) -> None:
    with serve("garbage") as broken:
        assert kind_of(DEEDS["send a text"], world.at(broken.address, 5.0)) == "unknown"


def test_a_webhook_of_somebody_else_is_refused(world: World) -> None:
    """The same request with another URL, another body, or without its signature."""
    world.pages["/voice"] = says(world, "您好")
    telephone = world.dial()
    eventually(telephone.heard, ["您好"])
    url, body, environ = world.pages.last
    webhooks = world.provider.webhooks
    assert webhooks.read(url, body, environ).call == telephone.call
    bare = {name: value for name, value in environ.items() if "SIGNATURE" not in name and "SEAL" not in name}
    for forged in ((f"{url}x", body, environ), (url, body.replace(b"8613", b"8614"), environ), (url, body, bare)):
        with pytest.raises(WebhookRefused):
            webhooks.read(*forged)
