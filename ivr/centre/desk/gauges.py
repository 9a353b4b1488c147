"""Figures of the desk: what is stuck. Anything but zero is a fault of ours that somebody waits for."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Exists, Select, and_, func, or_, select

from ivr.centre.desk.models import Interaction, Leg, ProviderOrder, WrapUp
from ivr.centre.queues.models import Agent, Offer
from ivr.platform.jobs.gauges import GaugeCollector, GaugeValue, Scrape

LATE = timedelta(seconds=10)  # behind a deadline; the sweep comes each second
UNDONE = timedelta(minutes=3)  # an order of the provider that is still asked for
MEANING = "Rows of the desk that are past their deadline, or that nothing will move on: 0 when all is well"


def stuck(scrape: Scrape) -> dict[str, Select[int]]:
    """What is stuck, by its kind: a count each."""
    before = scrape.now - LATE
    agent = select(func.count()).select_from(Agent).where(Agent.since < before)
    return {
        "offer": select(func.count()).select_from(Offer).where(Offer.state == "ringing", Offer.until < before),
        "interaction": select(func.count())
        .select_from(Interaction)
        .where(Interaction.state != "ended", Interaction.until < before),
        "ringing": agent.where(Agent.state == "ringing", ~_rings()),
        "talking": agent.where(Agent.state.in_(("talking", "on_hold")), ~_talks()),
        "wrap_up": agent.where(
            Agent.state == "wrap_up", or_(Agent.wrap_up_until.is_(None), Agent.wrap_up_until < before)
        ),
        "order": select(func.count())
        .select_from(ProviderOrder)
        .where(ProviderOrder.state == "waiting", ProviderOrder.created_at < scrape.now - UNDONE),
    }


def _rings() -> Exists:
    return select(Offer.id).where(Offer.agent_id == Agent.id, Offer.state == "ringing").exists()


def _talks() -> Exists:
    """An agent has a talk of their own, or is consulted in another's."""
    consulted = and_(Leg.account_id == Agent.id, Leg.role == "consulted", Leg.state.in_(("ordered", "ringing", "in")))
    legs = select(Leg.id).where(Leg.interaction_id == Interaction.id, consulted).correlate(Interaction, Agent).exists()
    own = or_(Interaction.agent_id == Agent.id, legs)
    return select(Interaction.id).where(Interaction.state != "ended", own).exists()


def _gauge_values(scrape: Scrape) -> Iterator[GaugeValue]:
    for what, counted in stuck(scrape).items():
        yield GaugeValue("ivr_centre_stuck", MEANING, {"what": what}, scrape.connection.scalar(counted) or 0)
    owed = scrape.connection.scalar(select(func.count()).select_from(WrapUp).where(WrapUp.state == "timed_out"))
    yield GaugeValue("ivr_wrap_ups_owed", "Wrap-ups that nobody wrote in time", {}, owed or 0)


GAUGES: tuple[GaugeCollector, ...] = (_gauge_values,)
