"""A service centre for tests: the hotline behind the embedded exchange, telephones, agents, and a worker in steps."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from exchange import Exchange, ExchangeSettings
from ivr.calls.publishing.staffing import PublishedStaffing
from ivr.centre.desk import handover, legs, talk, tasks, wrap_ups
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.desk.paths import Paths
from ivr.centre.queues import offers, presence
from ivr.centre.queues.distribution import Staffing
from ivr.centre.queues.models import Agent, Offer
from ivr.db import Database, work
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.environment import Environment
from ivr.platform.actor import Actor
from ivr.platform.keyring import carry
from ivr.telephony import twilio
from ivr.telephony.provider import Provider
from tests.exchange.web_application import PhoneCall, RunningExchange, WebApplication, serving
from tests.support.hotline import ACCOUNT, TOKEN, WANG, Clock, Hotline, open_hotline
from tests.support.serving import Served

HOTLINE = "+862160195588"
PATIENCE_SECONDS = 10.0
AGENTS = {"agent1": (("general", 4),), "agent2": (("general", 3), ("english", 5))}


@dataclass
class Means:
    """What the tasks of the desk need, with the test's clock."""

    database: Database
    keyring: Keyring
    provider: Provider
    paths: Paths
    clock: Clock
    recordings_kept: timedelta = timedelta(days=180)
    published: PublishedStaffing = field(default_factory=PublishedStaffing)

    def staffing(self) -> Staffing:
        """Of the published bundle."""
        return self.published.read(self.database)

    def now(self) -> datetime:
        """The test's time."""
        return self.clock()


@dataclass
class Centre:
    """A running service centre. Nothing happens in the background but what the exchange does: `step` is the worker."""

    hotline: Hotline
    office: RunningExchange
    means: Means

    @property
    def clock(self) -> Clock:
        """The time, which stands still until a test moves it."""
        return self.means.clock

    @contextmanager
    def work(self) -> Iterator[Session]:
        """A unit of work."""
        with work(self.means.database) as db:
            carry(db, self.means.keyring)
            yield db

    def step(self) -> None:
        """What a worker does in a round."""
        tasks.sweep(self.means)
        for task in tasks.TASKS:
            task.act(self.means)

    def until(self, told: Callable[[], object], wanted: object = True) -> None:
        """Let the worker go round until something is so; fails with what it is instead."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (found := told()) != wanted:
            assert time.monotonic() < end, f"{found!r}, not {wanted!r}"
            self.step()
            time.sleep(0.02)  # the exchange and its webhooks work meanwhile

    def until_later(self, told: Callable[[], object], wanted: object = True) -> None:
        """As `until`, while the clock goes on: what failed is tried again after a while."""

        def told_later() -> object:
            self.clock.forward(seconds=0.1)
            return told()

        self.until(told_later, wanted)

    def dial(self, number: str = WANG, keys: str = "1 0") -> PhoneCall:
        """A caller who asks for a person, and waits; what is keyed at each question, with spaces between."""
        call = self.office.call(number)
        for place, key in enumerate(keys.split(), 1):
            call.hear("listening", place)
            call.press(key)
        self.until(lambda: self.one("select state from queued_calls where call = :c", c=call.sid), "waiting")
        return call

    def asked(self, call: PhoneCall, count: int) -> PhoneCall:
        """A telephone, once it was asked something so many times."""
        self.until(lambda: len(call.events("listening")) >= count)
        return call

    def place(self, call: PhoneCall) -> tuple[Any, ...]:
        """Where a caller stands: queue, state, since when, and rank, of their newest stay."""
        newest = "select queue, state, entered_at, rank_at from queued_calls where call = :c order by id desc limit 1"
        return self.hotline.ask(newest, c=call.sid)[0]

    def rings_nobody(self, seconds: float) -> None:
        """So much time goes by while every desk that answers goes on answering."""
        for _ in range(int(seconds)):
            self.clock.forward(seconds=1)
            with self.work() as db:
                for agent_id in db.scalars(select(Agent.id).order_by(Agent.id)).all():
                    presence.prove(db, agent_id, self.clock())
            self.step()

    def one(self, statement: str, **values: object) -> Any:
        """The single value of an SQL statement, None where there is no row."""
        rows = self.hotline.ask(statement, **values)
        return rows[0][0] if rows else None

    def agent(self, name: str = "agent1", *, ready: bool = True) -> "Seat":
        """An agent at work, whose browser's telephone is there."""
        seat = Seat(self, name)
        self.office.register(seat.line)
        with self.work() as db:
            presence.wish(db, seat.actor, name, "not_ready", "", self.clock())
            presence.set_skills(db, name, AGENTS[name])
        if ready:
            seat.ready()
        return seat


@dataclass
class Seat:
    """One agent: what their desk does."""

    centre: Centre
    name: str
    rung: int = 0

    @property
    def actor(self) -> Actor:
        """This agent."""
        return Actor("staff", self.name, frozenset({"agent"}))

    @property
    def line(self) -> str:
        """Their browser's telephone."""
        return f"client:agent_{self.name}"

    @property
    def state(self) -> str:
        """What they do."""
        return str(self.centre.one("select state from agents where id = :i", i=self.name))

    def ready(self) -> None:
        """Ready, and the desk runs."""
        with self.centre.work() as db:
            presence.wish(db, self.actor, self.name, "ready", "", self.centre.clock())
            presence.prove(db, self.name, self.centre.clock())

    def wish(self, state: str, reason: str = "") -> None:
        """Another state, now or later."""
        with self.centre.work() as db:
            presence.wish(db, self.actor, self.name, state, reason, self.centre.clock())

    def offered(self) -> int:
        """The offer before them, once it comes."""
        self.centre.until(lambda: self.state, "ringing")
        with self.centre.work() as db:
            offer = offers.live_of_agent(db, self.name)
            assert offer is not None
            return offer.id

    def accept(self, offer_id: int | None = None) -> int:
        """Take the call; the number of the interaction."""
        offer_id = offer_id or self.offered()
        with self.centre.work() as db:
            return handover.accept(db, self.centre.means.paths, self.actor, offer_id, self.centre.clock()).id

    def refuse(self, offer_id: int) -> None:
        """Do not take it."""
        with self.centre.work() as db:
            offers.refuse(db, self.actor, offer_id, self.centre.clock())

    def picks_up(self) -> PhoneCall:
        """The browser's telephone rings, and answers."""
        self.rung += 1
        self.centre.until(lambda: len(self._calls()) >= self.rung)
        return PhoneCall(self.centre.office.api, self._calls()[self.rung - 1]).answer()

    def _calls(self) -> list[str]:
        return [each["call"] for each in self.centre.office.inbox(self.line) if each["type"] == "incoming_call"]

    def talks(self) -> tuple[int, PhoneCall]:
        """Take what is offered and be connected; the interaction, and the agent's line."""
        number = self.accept()
        line = self.picks_up()
        self.centre.until(lambda: self.interaction(number).state, "talking")
        return number, line

    def interaction(self, number: int) -> Interaction:
        """A row of an interaction."""
        with self.centre.work() as db:
            return db.scalars(select(Interaction).where(Interaction.id == number)).one()

    def loses_the_line(self, line: PhoneCall) -> None:
        """The browser goes away in a talk: its line ends without a deed."""
        line.hang_up()

    def hangs_up(self, number: int) -> None:
        """End the talk."""
        with self.centre.work() as db:
            interaction = legs.locked(db, number)
            assert interaction is not None
            handover.end(db, self.centre.means.paths, interaction, "agent", self.centre.clock())

    def verify(self, level: str) -> None:
        """Send the customer to key a password."""
        with self.centre.work() as db:
            talk.verify(db, self.centre.means.paths, self.actor, level, self.centre.clock())

    def sends_back(self) -> None:
        """Send the customer back to what failed."""
        with self.centre.work() as db:
            talk.resume(db, self.centre.means.paths, self.actor, self.centre.clock())

    def holds(self) -> None:
        """Music for the customer."""
        with self.centre.work() as db:
            talk.hold(db, self.centre.means.paths, self.actor, self.centre.clock())

    def retrieves(self) -> None:
        """The customer is back."""
        with self.centre.work() as db:
            talk.retrieve(db, self.actor, self.centre.clock())

    def does(self, deed: Callable[..., object], *more: object, paths: bool = False) -> None:
        """A deed of this agent: `deed(db, [paths,] actor, *more, now)`."""
        with self.centre.work() as db:
            first = (self.centre.means.paths,) if paths else ()
            deed(db, *first, self.actor, *more, self.centre.clock())

    def wraps_up(self, number: int, after: str = "ready", **fields: str) -> None:
        """Write it up."""
        chosen = {"category": "transfer", "product": "phone_banking", "disposition": "solved", **fields}
        with self.centre.work() as db:
            sheet = db.get_one(WrapUp, number)
            wrap_ups.save(db, sheet, chosen, self.centre.clock())
            wrap_ups.submit(db, self.actor, sheet, after, "", self.centre.clock())


def states(centre: Centre) -> dict[str, list[str]]:
    """The states of everything, for looking at."""
    with centre.work() as db:
        return {
            "agents": [f"{each.id} {each.state}" for each in db.scalars(select(Agent).order_by(Agent.id))],
            "offers": [each.state for each in db.scalars(select(Offer).order_by(Offer.id))],
            "interactions": [each.state for each in db.scalars(select(Interaction).order_by(Interaction.id))],
        }


@contextmanager
def open_centre(database: Database, settings: Settings, keyring: Keyring, clock: Clock) -> Iterator[Centre]:
    """A service centre on a seeded database, served until it is over."""
    inner: list[Any] = []
    door = Served(lambda environ, start: inner[0](environ, start))  # type: ignore[arg-type] # its port is sealed
    public = f"http://127.0.0.1:{door.port}"
    chosen = ExchangeSettings(
        ACCOUNT, TOKEN, HOTLINE, f"{public}/voice", f"{public}/voice/status", f"{public}/voice/fallback", pace="stepped"
    )
    exchange = Exchange(chosen)
    app = Flask("exchange")
    app.register_blueprint(exchange.blueprint())
    with serving(app) as address:
        environment = Environment(
            public_url=public, database_url="", hotline_number=HOTLINE, account_sid=ACCOUNT, auth_token=TOKEN,
            api_url=address,
        )  # fmt: skip
        provider = twilio.connect(environment, settings)
        hotline = open_hotline(database, settings, keyring, clock, public_url=public, provider=provider)
        hotline.do("update agents set state = 'signed_out'")  # who serves is whom the test lets come to work
        inner.append(hotline.app)
        office = RunningExchange(address, WebApplication(), exchange)
        yield Centre(hotline, office, Means(database, keyring, provider, Paths(public), clock))
        exchange.close()
        hotline.close()
        door.close()
