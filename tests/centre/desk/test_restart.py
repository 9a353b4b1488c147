"""After a restart no earlier call stays open; and a talk whose end nobody told is found by asking the provider."""

from dataclasses import dataclass, field
from datetime import datetime

from ivr.calls import stale_talks
from ivr.calls.restart import end_earlier_calls
from ivr.centre.desk.paths import Paths
from ivr.db import Database
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ProviderError
from ivr.telephony.provider import Whereabouts
from tests.support.centre import Centre, Means, states
from tests.support.hotline import CHEN, LI, WANG, ZHANG


def states_of(centre: Centre, table: str, column: str = "state") -> list[str]:
    return sorted(str(row[0]) for row in centre.hotline.ask(f"select {column} from {table}"))  # noqa: S608 - names of ours


def restart(centre: Centre) -> int:
    means = centre.means
    return end_earlier_calls(means.database, means.keyring, means.paths, centre.clock())


def test_calls_in_every_state_are_over_after_a_restart(centre: Centre) -> None:
    talking, rung = centre.agent(), centre.agent("agent2", ready=False)
    centre.dial(WANG)
    number, _ = talking.talks()
    centre.dial(LI)
    rung.ready()
    rung.offered()
    centre.dial(CHEN)  # waits, as nobody is free
    centre.office.call(ZHANG).hear("listening")  # in the self-service
    assert restart(centre) == 4
    assert states_of(centre, "calls", "ending") == ["restart"] * 4
    assert centre.one("select count(*) from calls where ended_at is null") == 0
    assert states_of(centre, "queued_calls") == ["answered", "failed", "failed"]
    assert set(states_of(centre, "offers")) == {"answered", "withdrawn"}
    assert states_of(centre, "interactions") == ["ended"]
    assert centre.one("select ended_by from interactions") == "restart"
    assert set(states_of(centre, "interaction_legs")) == {"left"}
    assert "waiting" not in states_of(centre, "provider_orders")
    assert (talking.state, rung.state) == ("wrap_up", "not_ready")
    assert centre.one("select cause from agent_changes where agent_id = 'agent2' order by id desc limit 1") == "restart"
    talking.wraps_up(number)
    assert restart(centre) == 0, "once is enough"


def test_an_agent_who_writes_up_when_it_restarts_is_not_ready_afterwards(quick_centre: Centre) -> None:
    agent = quick_centre.agent()
    quick_centre.dial()
    agent.talks()
    restart(quick_centre)
    quick_centre.clock.forward(minutes=2)
    quick_centre.step()
    assert agent.state == "not_ready"
    assert states(quick_centre)["offers"] == ["answered"]


@dataclass
class Telephones:
    """A provider that knows which calls are over; it cannot be asked about those of `silent`."""

    over: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def is_over(self, call: str) -> bool:
        """Whether a call is over."""
        self.asked.append(call)
        if call in self.silent:
            raise ProviderError("no answer", "unknown")
        return call in self.over

    def whereabouts(self, call: str, queue: str) -> Whereabouts:  # noqa: ARG002 - as the port has it
        """Nobody asks here."""
        return "elsewhere"


@dataclass
class Asking:
    """What the sweep needs."""

    means: Means
    calls: Telephones

    @property
    def database(self) -> Database:
        return self.means.database

    @property
    def keyring(self) -> Keyring:
        return self.means.keyring

    @property
    def paths(self) -> Paths:
        return self.means.paths

    def now(self) -> datetime:
        return self.means.now()


def test_a_customer_who_hung_up_unheard_is_found_within_a_minute(centre: Centre) -> None:
    agent = centre.agent()
    caller = centre.dial()
    number, _ = agent.talks()
    asking = Asking(centre.means, Telephones(over={caller.sid}))
    assert stale_talks.sweep(asking) == 0, "too early to ask"
    centre.clock.forward(seconds=61)
    asking.calls.silent = {caller.sid}
    assert stale_talks.sweep(asking) == 0, "the provider could not be asked"
    asking.calls.silent = set()
    assert stale_talks.sweep(asking) == 0, "asked a moment ago"
    centre.clock.forward(seconds=61)
    assert stale_talks.sweep(asking) == 1
    assert (agent.interaction(number).state, agent.state) == ("ended", "wrap_up")
    assert centre.one("select ending from calls") == "hung_up"


def test_a_talk_that_goes_on_is_left_alone(quick_centre: Centre) -> None:
    agent = quick_centre.agent()
    quick_centre.dial()
    number, _ = agent.talks()
    quick_centre.clock.forward(seconds=61)
    asking = Asking(quick_centre.means, Telephones())
    assert stale_talks.sweep(asking) == 0
    assert len(asking.calls.asked) == 2
    assert agent.interaction(number).state == "talking"
