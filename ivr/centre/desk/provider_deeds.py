"""How each kind of order is carried out at the provider, so that carrying it out twice does no more than once."""

from collections.abc import Mapping
from datetime import timedelta

from ivr.centre.desk.orders import Deed, Order
from ivr.telephony.documents import ParticipantOptions
from ivr.telephony.provider import Provider, Ring, Softphone

SLACK = timedelta(seconds=5)  # between the provider's clock and ours
GONE, LATE = "gone", "late"


def _whom(order: Order) -> str | Softphone:
    return Softphone(order.details["desk"]) if "desk" in order.details else str(order.details["number"])


def invite(provider: Provider, order: Order) -> str:
    """Ring somebody into the conference; the outcome is their call. Too late, it only finds who rings already."""
    details, to = order.details, _whom(order)
    if order.is_repeat:  # the answer to an earlier try may have been lost
        rung = [call for call in provider.calls.placed(to, order.created_at - SLACK) if call not in details["known"]]
        if rung:
            return rung[-1]
    if order.is_late:
        return GONE
    options = ParticipantOptions(details["label"], muted=details.get("muted", False), coaches=details.get("coaches"))
    ring = Ring(to, details["seconds"], details["notify_url"])
    return provider.conferences.invite(details["conference"], ring, options, details["notify_url"])


def take_customer(provider: Provider, order: Order) -> str:
    """The customer leaves the queue for the conference; one who is elsewhere on the line is fetched from there."""
    details = order.details
    if order.is_late:
        return LATE
    queue_id = details["queue_id"] or provider.queues.find(details["queue"])
    if queue_id is not None and provider.queues.take(queue_id, details["call"], details["url"]) != GONE:
        return "done"
    if provider.calls.is_over(details["call"]):
        return GONE
    if order.is_repeat or _is_there(provider, order):
        return "done"  # it was done before
    return provider.calls.redirect(details["call"], details["url"])


def _is_there(provider: Provider, order: Order) -> bool:
    """Whether the customer is in the conference already."""
    found = _conference(provider, order)
    there = provider.conferences.participants(found) if found is not None else ()
    return any(each.call == order.details["call"] for each in there)


def send_back(provider: Provider, order: Order) -> str:
    """The customer waits on at their place; who stands in the provider's queue still stays there."""
    details = order.details
    if details["queue_id"] and provider.calls.whereabouts(details["call"], details["queue_id"]) == "waiting":
        return "done"
    return provider.calls.redirect(details["call"], details["url"])


def redirect(provider: Provider, order: Order) -> str:
    """A call goes on with another document."""
    return provider.calls.redirect(order.details["call"], order.details["url"])


def hang_up(provider: Provider, order: Order) -> str:
    """A call ends."""
    return provider.calls.hang_up(order.details["call"])


def hold(provider: Provider, order: Order) -> str:
    """The customer hears music."""
    found = _conference(provider, order)
    return GONE if found is None else provider.conferences.hold(found, order.details["call"], order.details["url"])


def retrieve(provider: Provider, order: Order) -> str:
    """The customer is back."""
    found = _conference(provider, order)
    return GONE if found is None else provider.conferences.retrieve(found, order.details["call"])


def _conference(provider: Provider, order: Order) -> str | None:
    """The provider's id, as it was told, else as it is found by the name."""
    return order.details.get("conference_id") or provider.conferences.find(order.details["conference"])


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
    found = _conference(provider, order)
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
    "send_back": send_back,
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
