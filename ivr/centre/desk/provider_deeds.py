"""How each kind of order is carried out at the provider, so that carrying it out twice does no more than once."""

from collections.abc import Mapping
from datetime import timedelta

from ivr.centre.desk.orders import Deed, Order
from ivr.telephony.documents import ParticipantOptions
from ivr.telephony.provider import Provider, Ring, Softphone

SLACK = timedelta(seconds=5)  # between the provider's clock and ours
GONE = "gone"


def _whom(order: Order) -> str | Softphone:
    return Softphone(order.details["desk"]) if "desk" in order.details else str(order.details["number"])


def invite(provider: Provider, order: Order) -> str:
    """Ring somebody into the conference; the outcome is their call."""
    details, to = order.details, _whom(order)
    if order.is_repeat:  # the answer to an earlier try may have been lost
        rung = [call for call in provider.calls.placed(to, order.created_at - SLACK) if call not in details["known"]]
        if rung:
            return rung[-1]
    options = ParticipantOptions(details["label"], muted=details.get("muted", False), coaches=details.get("coaches"))
    ring = Ring(to, details["seconds"], details["notify_url"])
    return provider.conferences.invite(details["conference"], ring, options, details["notify_url"])


def take_customer(provider: Provider, order: Order) -> str:
    """The customer leaves the queue for the conference."""
    details = order.details
    queue_id = details["queue_id"] or provider.queues.find(details["queue"])
    if queue_id is None:
        return GONE
    done = provider.queues.take(queue_id, details["call"], details["url"])
    if done == GONE and order.is_repeat and not provider.calls.is_over(details["call"]):
        return "done"  # it was done before
    return done


def redirect(provider: Provider, order: Order) -> str:
    """A call goes on with another document."""
    return provider.calls.redirect(order.details["call"], order.details["url"])


def hang_up(provider: Provider, order: Order) -> str:
    """A call ends."""
    return provider.calls.hang_up(order.details["call"])


def hold(provider: Provider, order: Order) -> str:
    """The customer hears music."""
    return provider.conferences.hold(order.details["conference"], order.details["call"], order.details["url"])


def retrieve(provider: Provider, order: Order) -> str:
    """The customer is back."""
    return provider.conferences.retrieve(order.details["conference"], order.details["call"])


def mute(provider: Provider, order: Order) -> str:
    """Nobody hears the leader."""
    return provider.conferences.mute(order.details["conference"], order.details["call"], muted=True)


def coach(provider: Provider, order: Order) -> str:
    """The agent alone hears the leader."""
    return provider.conferences.coach(order.details["conference"], order.details["call"], order.details["whom"])


def barge(provider: Provider, order: Order) -> str:
    """Both hear the leader."""
    return provider.conferences.barge(order.details["conference"], order.details["call"])


def end_conference(provider: Provider, order: Order) -> str:
    """Out with everybody: the customer goes on behind the conference, an agent's line ends."""
    found = order.details["conference_id"] or provider.conferences.find(order.details["conference"])
    return GONE if found is None else provider.conferences.end(found)


def start_recording(provider: Provider, order: Order) -> str:
    """Record both sides; the outcome is the recording."""
    if order.is_repeat and (known := provider.recordings.of_call(order.details["call"])):
        return known[0].id
    return provider.recordings.start(order.details["call"], order.details["notify_url"]) or GONE


def pause_recording(provider: Provider, order: Order) -> str:
    """Silence in the recording, while a secret is keyed."""
    return provider.recordings.pause(order.details["call"], order.details["recording"])


def resume_recording(provider: Provider, order: Order) -> str:
    """The recording goes on."""
    return provider.recordings.resume(order.details["call"], order.details["recording"])


def delete_recording(provider: Provider, order: Order) -> str:
    """The sound is erased for good."""
    return provider.recordings.delete(order.details["recording"])


DEEDS: Mapping[str, Deed] = {
    "invite": invite,
    "take_customer": take_customer,
    "redirect": redirect,
    "hang_up": hang_up,
    "hold": hold,
    "retrieve": retrieve,
    "mute": mute,
    "coach": coach,
    "barge": barge,
    "end_conference": end_conference,
    "start_recording": start_recording,
    "pause_recording": pause_recording,
    "resume_recording": resume_recording,
    "delete_recording": delete_recording,
}
