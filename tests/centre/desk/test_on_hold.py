"""Nobody is forgotten on hold (B22): the caller hears so, the agent's desk and the leader are told."""

import pytest

from ivr.calls.conference_room import words_on_hold
from ivr.centre.floor import alarms
from ivr.centre.floor.board import FloorRules
from ivr.centre.floor.tasks import watch_alarms
from ivr.platform import live
from tests.support.centre import Centre
from tests.support.hotline import ZONE


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (0, ("agent.held",)),
        (19, ("agent.held",)),
        (20, ()),
        (89, ()),
        (90, ("agent.still_there",)),
        (300, ("agent.still_there",)),
    ],
)
def test_music_begins_with_a_word_at_first_and_again_after_a_while(held: float, said: tuple[str, ...]) -> None:
    assert words_on_hold(held, 90) == said


class Means:
    """What the task of alarms needs."""

    def __init__(self, centre: Centre) -> None:
        self.database, self.now = centre.means.database, centre.clock
        settings = centre.hotline.settings
        self.floor_rules = FloorRules(ZONE, settings.floor, settings.queues)


def alarm(centre: Centre) -> list[tuple[str, str]]:
    watch_alarms(Means(centre))
    with centre.work() as db:
        return [(each.subject, each.level) for each in alarms.live(db) if each.kind == "hold_seconds"]


def test_b22_nobody_is_forgotten_on_hold(centre: Centre) -> None:
    agent = centre.agent()
    caller = centre.dial()
    agent.talks()
    agent.holds()
    centre.until(lambda: any("请稍候，不要挂机" in said for said in caller.said()))
    centre.clock.forward(seconds=44)
    assert alarm(centre) == []
    centre.clock.forward(seconds=1)
    with centre.work() as db:
        told = live.versions(db)["desk:agent1"]
    assert alarm(centre) == [("agent1", "care")]
    with centre.work() as db:
        assert live.versions(db)["desk:agent1"] > told, "their desk shows it in amber"
    centre.clock.forward(seconds=45)
    caller.silence()  # the round of music is over
    centre.until(lambda: any("让您久等了" in said for said in caller.said()))
    centre.clock.forward(seconds=90)
    assert alarm(centre) == [("agent1", "alarm")]
    agent.retrieves()
    assert alarm(centre) == []
