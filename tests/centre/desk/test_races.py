"""Every race of a hand-over, with the exchange, on both databases: no caller lost, no agent stuck."""

import threading

import pytest
from sqlalchemy import select

from ivr.centre.desk import handover, tasks
from ivr.centre.desk.models import ProviderOrder
from ivr.centre.queues import offers
from ivr.centre.queues.offers import TakenAlready
from ivr.platform.actor import Actor
from ivr.telephony.notifications import CallNotification, ConferenceNotification
from tests.exchange.web_application import PhoneCall
from tests.support.centre import Centre, Seat, states
from tests.support.hotline import LI
from tests.support.shaky import REFUSED, UNKNOWN, UNKNOWN_BUT_DONE, UNREACHABLE, Shaky


def _shaken(centre: Centre) -> Shaky:
    shaky = Shaky()
    centre.means.provider = shaky.around(centre.means.provider)
    return shaky


def _asks_for_a_callback(centre: Centre, caller: PhoneCall) -> None:
    centre.until(lambda: any("如需回电" in said for said in caller.said()))
    centre.asked(caller, 3).press("1").silence()
    centre.asked(caller, 4)


def _is_free_again(centre: Centre, agent: Seat) -> None:
    centre.until(lambda: agent.state, "ready")
    assert centre.one("select count(*) from offers where state in ('ringing', 'accepted')") == 0
    assert centre.one("select count(*) from interactions where state <> 'ended'") == 0


def test_a_caller_who_hangs_up_while_it_rings_rings_no_more(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    offer = agent.offered()
    caller.hang_up()
    _is_free_again(centre, agent)
    assert centre.place(caller)[1] == "abandoned"
    with pytest.raises(TakenAlready) as lost:
        agent.accept(offer)
    assert lost.value.agent_id is None


def test_a_caller_who_hangs_up_after_the_acceptance_frees_the_agent(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    number = agent.accept()
    caller.hang_up()
    _is_free_again(centre, agent)
    assert agent.interaction(number).ended_by == "customer"
    assert centre.one("select count(*) from wrap_ups") == 0
    centre.until(lambda: centre.one("select count(*) from provider_orders where state = 'waiting'"), 0)


def test_a_caller_who_hangs_up_when_the_agent_is_on_the_line_frees_both(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    agent.accept()
    line = agent.picks_up()
    caller.hang_up()
    _is_free_again(centre, agent)
    centre.until(lambda: line.news()["state"], "completed")


def test_of_two_acceptances_at_once_one_wins_and_the_other_is_told_who_has_the_call(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    offer = agent.offered()
    start, outcomes = threading.Barrier(4), list[str]()

    def accept() -> None:
        start.wait()
        try:
            with centre.work() as db:
                handover.accept(db, centre.means.paths, agent.actor, offer, centre.clock())
            outcomes.append("won")
        except TakenAlready as taken:
            outcomes.append(str(taken.agent_id))

    threads = [threading.Thread(target=accept) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["agent1", "agent1", "agent1", "won"]
    with pytest.raises(TakenAlready) as lost, centre.work() as db:
        handover.accept(db, centre.means.paths, Actor("staff", "agent2"), offer, centre.clock())
    assert lost.value.agent_id == "agent1"
    agent.picks_up()
    centre.until(lambda: states(centre)["interactions"], ["talking"])
    assert centre.place(caller)[1] == "answered"


@pytest.mark.parametrize("is_late", [False, True])
def test_a_callback_that_is_booked_first_ends_the_offer_and_the_acceptance(centre: Centre, is_late: bool) -> None:
    """Key 1 against accept: whoever asks for the callback is looked at until they have chosen."""
    agent, caller = centre.agent(), centre.dial()
    offer = agent.offered()
    if is_late:
        agent.accept(offer)
    _asks_for_a_callback(centre, caller)
    assert centre.place(caller)[1] == "leaving"
    caller.press("1")
    centre.until(lambda: centre.place(caller)[1], "callback")
    _is_free_again(centre, agent)
    with pytest.raises(TakenAlready):
        agent.accept(offer)


def test_an_agent_who_is_there_first_talks_to_a_caller_who_looks_at_a_callback(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    offer = agent.offered()
    _asks_for_a_callback(centre, caller)
    number = agent.accept(offer)
    agent.picks_up()
    centre.until(lambda: agent.interaction(number).state, "talking")
    assert centre.place(caller)[1] == "answered"
    agent.hangs_up(number)
    centre.until(lambda: caller.news()["state"], "completed")
    assert centre.one("select count(*) from callbacks") == 0


@pytest.mark.parametrize("way", ["refused", "unanswered", "unreachable"])
def test_m2_who_is_not_answered_waits_at_their_place_and_the_agent_is_told_apart(centre: Centre, way: str) -> None:
    agent, caller = centre.agent(), centre.dial()
    before = centre.place(caller)
    offer = agent.offered()
    centre.clock.forward(seconds=14 if way == "unreachable" else 1)
    if way == "refused":
        agent.refuse(offer)
    elif way == "unanswered":
        centre.rings_nobody(15)
    else:
        centre.clock.forward(seconds=2)
        with centre.work() as db:  # the offer was made to ring for longer: the silence of the desk ends it
            offers.live_of_agent(db, "agent1").until = centre.clock().replace(year=2099)  # type: ignore[union-attr]
    centre.until(lambda: centre.one("select state from offers where id = :i", i=offer), way)
    assert agent.state == ("unreachable" if way == "unreachable" else "not_responding")
    assert centre.place(caller) == before
    second = centre.agent("agent2")
    _, line = second.talks()
    line.say("您好")
    centre.until(lambda: "您好" in caller.said())
    with pytest.raises(TakenAlready) as late:
        agent.refuse(offer)
    assert late.value.agent_id == "agent2"


def test_an_agent_whose_line_never_comes_is_not_responding_and_the_caller_waits_on(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    before = centre.place(caller)
    number = agent.accept()
    centre.until(lambda: len(agent._calls()), 1)
    centre.rings_nobody(10)
    centre.until(lambda: agent.interaction(number).state, "ended")
    assert (agent.state, agent.interaction(number).ended_by) == ("not_responding", "line_failed")
    assert centre.place(caller) == before
    PhoneCall(centre.office.api, agent._calls()[0]).over()
    agent.rung = 1
    agent.ready()
    agent.talks()


def test_a_customer_who_is_fetched_while_the_line_breaks_comes_back_to_their_place(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    before = centre.place(caller)
    shaky = _shaken(centre)
    number = agent.accept()
    line = agent.picks_up()
    found = agent.interaction(number)

    def breaks() -> None:
        with centre.work() as db:
            news = ConferenceNotification("", found.conference, "left", line.sid, "", 99)
            handover.note(db, centre.means.paths, news, centre.clock())

    shaky.meanwhile["take"] = breaks
    centre.until(lambda: agent.interaction(number).state, "ended")
    shaky.meanwhile.clear()
    centre.until(lambda: agent.state, "not_responding")
    centre.until(lambda: centre.one("select count(*) from provider_orders where state = 'waiting'"), 0)
    assert centre.place(caller) == before
    second = centre.agent("agent2")
    _, line = second.talks()
    line.say("让您久等了")
    centre.until(lambda: "让您久等了" in caller.said())
    assert states(centre)["interactions"] == ["ended", "talking"]


def test_news_that_comes_twice_late_and_in_any_order_changes_nothing(centre: Centre) -> None:
    agent, caller = centre.agent(), centre.dial()
    number, line = agent.talks()
    found = agent.interaction(number)
    room, name = found.conference_id or "", found.conference
    told: list[ConferenceNotification | CallNotification] = [
        ConferenceNotification(room, name, "left", line.sid, "", 0),
        ConferenceNotification(room, name, "left", caller.sid, f"customer{number}", 0),
        ConferenceNotification(room, name, "joined", line.sid, "", 1),
        ConferenceNotification(room, name, "joined", caller.sid, f"customer{number}", 1),
        CallNotification(line.sid, "ringing"),
    ]
    for news in [*told, *reversed(told)]:
        with centre.work() as db:
            handover.note(db, centre.means.paths, news, centre.clock())
    assert (agent.interaction(number).state, agent.state) == ("talking", "talking")
    line.say("听得到吗")
    centre.until(lambda: "听得到吗" in caller.said())


@pytest.mark.parametrize(
    ("deed", "faults"),
    [
        ("invite", [UNKNOWN_BUT_DONE]),
        ("invite", [UNKNOWN, UNREACHABLE]),
        ("take", [UNKNOWN_BUT_DONE]),
        ("take", [UNKNOWN]),
        ("start", [UNKNOWN_BUT_DONE]),
    ],
)
def test_what_times_out_or_is_done_twice_connects_them_once(centre: Centre, deed: str, faults: list[object]) -> None:
    shaky = _shaken(centre)
    shaky.fail(deed, *faults)  # type: ignore[arg-type]
    agent, caller = centre.agent(), centre.dial()
    number = agent.accept()
    centre.until_later(lambda: len(agent._calls()), 1)
    PhoneCall(centre.office.api, agent._calls()[0]).answer()
    centre.until_later(lambda: agent.interaction(number).state, "talking")
    centre.until_later(lambda: agent.interaction(number).recording_id is not None)
    assert len(agent._calls()) == 1, "the agent was rung twice"
    assert len(centre.means.provider.recordings.of_call(caller.sid)) == 1
    caller.hang_up()
    centre.until(lambda: agent.state, "wrap_up")


def test_a_refused_line_costs_the_caller_nothing(centre: Centre) -> None:
    shaky = _shaken(centre)
    shaky.fail("invite", REFUSED)
    agent, caller = centre.agent(), centre.dial()
    before = centre.place(caller)
    agent.accept()
    centre.until(lambda: agent.state, "not_responding")
    assert centre.place(caller) == before
    centre.agent("agent2").talks()


def test_an_order_whose_worker_was_killed_is_carried_out_by_the_next_and_only_while_it_is_wanted(
    centre: Centre,
) -> None:
    agent, caller = centre.agent(), centre.dial()
    before = centre.place(caller)
    agent.accept()
    with centre.work() as db:  # a worker took the order under its lease, and died before it asked
        row = db.scalars(select(ProviderOrder)).one()
        row.tries, row.lease_until = 1, centre.clock().replace(year=2099)
    centre.rings_nobody(11)
    assert agent.state == "not_responding"
    with centre.work() as db:
        db.scalars(select(ProviderOrder).where(ProviderOrder.kind == "invite")).one().lease_until = None
    centre.step()
    assert centre.one("select state from provider_orders where kind = 'invite'") == "done"
    assert agent._calls() == [], "nobody is rung for a hand-over that is over"
    assert centre.place(caller) == before


def test_a_restart_finds_calls_in_every_state_and_goes_on(centre: Centre) -> None:
    """Whatever a process knew is in the rows: another one, with tasks of its own, goes on with each."""
    first, second = centre.agent(), centre.agent("agent2")
    talking = centre.dial()
    number, line = first.talks()
    ringing = centre.dial(LI)
    offer = second.offered()
    waiting = centre.dial("+8615012340001")
    centre.means = type(centre.means)(
        centre.means.database, centre.means.keyring, centre.means.provider, centre.means.paths, centre.clock
    )
    second.accept(offer)
    second.picks_up()
    centre.until(lambda: states(centre)["interactions"], ["talking", "talking"])
    line.say("还在吗")
    centre.until(lambda: "还在吗" in talking.said())
    first.hangs_up(number)
    first.wraps_up(number)
    centre.until(lambda: first.state, "ringing")
    assert centre.place(waiting)[1] == "waiting"
    for call in (ringing, waiting):
        call.hang_up()
    centre.until(lambda: (first.state, second.state), ("ready", "wrap_up"))


def test_a_wish_made_while_it_rings_comes_true_after_it_and_none_comes_true_later(centre: Centre) -> None:
    """M1, B3."""
    agent, caller = centre.agent(), centre.dial()
    agent.offered()
    agent.wish("ready")
    caller.hang_up()
    _is_free_again(centre, agent)
    caller = centre.dial(LI)
    centre.clock.forward(seconds=1)
    agent.ready()
    offer = agent.offered()
    agent.wish("not_ready", "meal")
    agent.refuse(offer)
    assert centre.one("select state || ' ' || reason from agents where id = 'agent1'") == "not_ready meal"
    agent.ready()
    assert centre.one("select wish from agents where id = 'agent1'") is None


def test_one_row_that_cannot_be_settled_holds_up_no_other(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    agent, _ = centre.agent(), centre.dial()
    offer = agent.offered()
    settle = offers.expire

    def broken(*_: object) -> None:
        monkeypatch.setattr(offers, "expire", settle)
        raise RuntimeError("a row that cannot be settled")

    monkeypatch.setattr(offers, "expire", broken)
    centre.clock.forward(seconds=16)
    tasks.sweep(centre.means)
    tasks.sweep(centre.means)
    assert centre.one("select state from offers where id = :i", i=offer) in ("unanswered", "unreachable")
