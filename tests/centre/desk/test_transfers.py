"""M6: consult, warm and cold transfer, three-way, help; real voice of the exchange."""

import pytest

from ivr.centre.desk import gauges, thirds, transfers, wrap_ups
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.desk.queries import talk_targets
from ivr.foundation.errors import Refused
from ivr.platform.jobs.gauges import Scrape
from tests.exchange.web_application import PhoneCall
from tests.support.centre import Centre, Seat

Talk = tuple[Seat, PhoneCall, int, PhoneCall]


def _talk(centre: Centre) -> Talk:
    """agent1 talks to a caller, agent2 is ready."""
    first = centre.agent()
    caller = centre.dial()
    number, line = first.talks()
    centre.agent("agent2")
    return first, caller, number, line


def _settled(centre: Centre) -> None:
    centre.until(lambda: centre.one("select count(*) from provider_orders where state = 'waiting'"), 0)


def _stuck(centre: Centre) -> int:
    with centre.means.database.begin() as connection:
        scrape = Scrape(connection, centre.clock().replace(year=2099))
        return sum(connection.scalar(each) or 0 for what, each in gauges.stuck(scrape).items() if what != "order")


def _consults(centre: Centre, first: Seat, rung: int = 0) -> tuple[Seat, PhoneCall]:
    second = Seat(centre, "agent2", rung)
    first.does(transfers.consult, "agent:agent2", paths=True)
    second.accept()
    line = second.picks_up()
    newest = "select state from interaction_legs where role = 'consulted' order by id desc limit 1"
    centre.until(lambda: centre.one(newest), "in")
    _settled(centre)
    return second, line


def _hear(centre: Centre, speaker: PhoneCall, text: str, *hearers: PhoneCall, deaf: PhoneCall | None = None) -> None:
    speaker.say(text)
    for hearer in hearers:
        centre.until(lambda hearer=hearer: text in hearer.said())  # type: ignore[misc]
    assert deaf is None or text not in deaf.said()


def test_a_warm_transfer_gives_the_customer_to_whom_was_consulted_with_the_notes(centre: Centre) -> None:
    first, caller, number, line = _talk(centre)
    with centre.work() as db:
        wrap_ups.save(db, db.get_one(WrapUp, number), {"notes": "客户急需用款"}, centre.clock())
    second, other = _consults(centre, first)
    _hear(centre, line, "请你接一下", other, deaf=caller)
    assert (first.state, second.state) == ("on_hold", "talking")
    first.does(transfers.complete, paths=True)
    made = centre.one("select max(id) from interactions")
    _settled(centre)
    centre.until(lambda: line.news()["state"], "completed")
    _hear(centre, other, "您好，我来帮您", caller)
    _hear(centre, caller, "谢谢", other)
    assert (first.state, second.state) == ("wrap_up", "talking")
    found = second.interaction(made)
    assert (found.kind, found.agent_id, found.state) == ("transfer", "agent2", "talking")
    assert first.interaction(number).ended_by == "transfer"
    with centre.work() as db:
        assert wrap_ups.notes_of(db, db.get_one(WrapUp, made)) == "客户急需用款"
    second.does(transfers.hang_up, paths=True)
    centre.until(lambda: any("感谢您的来电" in said for said in caller.said()))
    centre.until(lambda: other.news()["state"], "completed")
    assert second.state == "wrap_up"
    legs = "select role, account_id, state from interaction_legs where interaction_id = :i order by id"
    assert centre.hotline.ask(legs, i=number) == [
        ("customer", None, "left"), ("agent", "agent1", "left"), ("consulted", "agent2", "left"),
    ]  # fmt: skip
    centre.until(lambda: centre.hotline.ask(legs, i=made), [("customer", None, "left"), ("agent", "agent2", "left")])


def test_a_consultation_that_is_cancelled_gives_the_customer_back(centre: Centre) -> None:
    first, caller, number, line = _talk(centre)
    second, other = _consults(centre, first)
    first.does(transfers.cancel)
    _settled(centre)
    centre.until(lambda: other.news()["state"], "completed")
    _hear(centre, line, "让您久等了", caller)
    assert (first.state, second.state, first.interaction(number).state) == ("talking", "ready", "talking")
    centre.clock.forward(seconds=1)
    first.does(transfers.consult, "agent:agent2", paths=True)  # and again, before it was taken
    first.does(transfers.cancel)
    assert second.state == "ready"
    assert centre.hotline.ask("select state from offers order by id desc limit 1") == [("withdrawn",)]


def test_three_talk_and_whoever_leaves_leaves_two(centre: Centre) -> None:
    first, caller, number, line = _talk(centre)
    second, other = _consults(centre, first)
    first.does(transfers.conference)
    _settled(centre)
    _hear(centre, caller, "大家好", line, other)
    second.does(transfers.hang_up, paths=True)
    centre.until(lambda: other.news()["state"], "completed")
    _hear(centre, line, "只剩我们了", caller)
    assert (first.state, second.state) == ("talking", "ready")
    centre.clock.forward(seconds=1)
    second.ready()
    second, other = _consults(centre, first, second.rung)
    first.does(transfers.hang_up, paths=True)
    _settled(centre)
    _hear(centre, other, "我来接着办", caller)
    assert (first.state, second.state) == ("wrap_up", "talking")
    assert _stuck(centre) == 1, "the wrap-up alone has a deadline"
    caller.hang_up()
    centre.until(lambda: second.state, "wrap_up")
    assert first.interaction(number).ended_by == "transfer"


def test_leaving_while_the_third_rings_keeps_the_two_others(centre: Centre) -> None:
    first, caller, _, line = _talk(centre)
    second = Seat(centre, "agent2")
    before = centre.place(caller)
    first.does(transfers.consult, "agent:agent2", paths=True)
    offer = second.offered()
    first.does(transfers.hang_up, paths=True)
    assert second.offered() == offer, "it rings on"
    assert (centre.place(caller)[1], centre.place(caller)[3]) == ("waiting", before[3])
    centre.until(lambda: line.news()["state"], "completed")
    _, other = second.talks()
    _hear(centre, other, "您好", caller)
    assert centre.hotline.ask("select kind, state from interactions order by id") == [
        ("inbound", "ended"), ("transfer", "talking"),
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["refused", "unanswered", "line"])
def test_who_is_consulted_in_vain_is_told_in_words_and_the_customer_is_kept(quick_centre: Centre, way: str) -> None:
    centre = quick_centre
    first, caller, number, line = _talk(centre)
    second = Seat(centre, "agent2")
    first.does(transfers.consult, "agent:agent2", paths=True)
    offer = second.offered()
    if way == "refused":
        second.refuse(offer)
    elif way == "unanswered":
        centre.rings_nobody(16)
    else:
        second.accept(offer)
        centre.rings_nobody(11)
    assert second.state == "not_responding"
    with centre.work() as db:
        third = thirds.of(db, db.get_one(Interaction, number))
        assert third is not None
        assert third.state == {"refused": "refused", "unanswered": "unanswered", "line": "unreachable"}[way]
    first.retrieves()
    _settled(centre)
    _hear(centre, line, "同事不在", caller)


def test_a_cold_transfer_keeps_the_place_of_the_first_wait_and_costs_nothing_if_nobody_answers(centre: Centre) -> None:
    first, caller, number, line = _talk(centre)
    before = centre.place(caller)
    centre.clock.forward(seconds=30)
    second = Seat(centre, "agent2")
    second.ready()
    first.does(transfers.transfer, "queue:english", paths=True)
    centre.until(lambda: line.news()["state"], "completed")
    assert first.interaction(number).ended_by == "transfer"
    queue, state, _, rank = centre.place(caller)
    assert (queue, state, rank) == ("english", "waiting", before[3])
    second.refuse(second.offered())
    assert (centre.place(caller)[1], centre.place(caller)[3]) == ("waiting", rank)
    second.ready()
    number, other = second.talks()
    _hear(centre, other, "Hello", caller)
    first.wraps_up(1)
    first.ready()
    second.does(transfers.transfer, "agent:agent1", paths=True)
    first.rung = 1
    _, line = first.talks()
    _hear(centre, line, "又是我", caller)
    assert second.interaction(number).kind == "transfer"


def test_nobody_is_passed_on_to_whom_nobody_serves(quick_centre: Centre) -> None:
    centre = quick_centre
    first, _, number, _ = _talk(centre)
    with centre.work() as db:
        targets = talk_targets(db, first.actor, centre.clock())
    assert [(each.to, each.is_free) for each in targets] == [
        ("agent:agent2", True), ("queue:english", True), ("queue:general", True),
    ]  # fmt: skip
    refusals = {"queue:payments": "queue_closed", "agent:agent1": "agent_busy", "agent:nobody": "agent_busy"}
    for to, rule in refusals.items():
        with pytest.raises(Refused) as refused:
            first.does(transfers.transfer, to, paths=True)
        assert refused.value.rule == rule
    with pytest.raises(Refused) as refused:
        Seat(centre, "agent2").does(transfers.consult, "agent:agent1", paths=True)
    assert refused.value.rule == "no_talk"
    first.does(transfers.ask_for_help)
    assert first.interaction(number).help_asked_at is not None
    assert centre.one("select count(*) from audit_entries where deed = 'help_asked'") == 1
