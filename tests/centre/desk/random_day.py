"""A day at the desk by chance: whatever can happen happens in any order, to the real deeds; then it is quiet."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls import queueing
from ivr.calls.conference_room import ConferenceRoom
from ivr.centre.desk import handover, orders, talk, tasks, transfers, wrap_ups
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.desk.paths import Paths
from ivr.centre.desk.provider_deeds import DEEDS
from ivr.centre.queues import offers, presence, waiting
from ivr.centre.queues.distribution import QueueStaffing, Staffing
from ivr.centre.queues.matching import Requirement
from ivr.centre.queues.models import Agent, Offer
from ivr.centre.queues.offers import TakenAlready
from ivr.db import Database, work
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import IllegalTransition, LostRace, Refused
from ivr.platform.actor import Actor
from ivr.platform.jobs.leases import take
from ivr.platform.keyring import carry
from ivr.telephony.provider import Provider
from ivr.telephony.webhooks import Webhook
from tests.fakes.provider_in_memory import PretendProvider
from tests.support.hotline import START, Clock

NAMES = ("agent1", "agent2", "agent3")
QUEUE = "general"
EXPECTED = (TakenAlready, Refused, IllegalTransition, LostRace)
MOST_CALLERS = 5
TURN = 3


class Documents:
    """Writes what the provider does next as one word and its details."""

    def confer(self, conference: str, seat: Any, after_url: str, *_: object) -> str:
        return f"confer {conference} {seat.label} {after_url}"

    def render(self, *_: object) -> str:
        return "enqueue"

    def goodbye(self, *_: object) -> str:
        return "goodbye"


class Conversation:
    """What follows an agent is a goodbye, and what an agent sends to is the self-service."""

    paths = Paths("")

    def after_agent(self, *_: object) -> str:
        return "goodbye"

    def sent_by_agent(self, *_: object) -> str:
        return "self_service"


@dataclass
class Day:
    """Agents, callers, a provider, and a worker in steps; also the context of the desk's tasks."""

    database: Database
    settings: Settings
    keyring: Keyring
    seed: int
    clock: Clock = field(default_factory=lambda: Clock(START))
    paths: Paths = field(default_factory=lambda: Paths(""))
    chance: random.Random = field(init=False)
    world: PretendProvider = field(init=False)
    room: ConferenceRoom = field(init=False)
    wishes: dict[str, str] = field(default_factory=dict)
    asleep: set[str] = field(default_factory=set)
    deliveries: list[Callable[[], object]] = field(default_factory=list)
    callers: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.world = PretendProvider(self.chance, self.now, self._news, self._fetch)
        documents, conversation = cast("Any", Documents()), cast("Any", Conversation())
        bundles = cast("Any", None)  # nothing is said
        self.room = ConferenceRoom(self.database, self.keyring, bundles, documents, conversation, self.now)
        with self.work() as db:
            for name in NAMES:
                presence.wish(db, Actor("staff", name), name, "not_ready", "", self.now())
                presence.set_skills(db, name, [(QUEUE, 3)])
                self.wishes[name] = "not_ready"

    # the context of the tasks

    @property
    def provider(self) -> Provider:
        return self.world.provider()

    def staffing(self) -> Staffing:
        return {QUEUE: QueueStaffing((Requirement(0.0, QUEUE, 1),))}

    def now(self) -> datetime:
        return self.clock()

    def work(self) -> Any:
        return _carrying(self.database, self.keyring)

    # what is told and fetched comes in any order, some of it twice

    def _news(self, news: Any) -> None:
        self._deliver(lambda: self.room.note(news), twice=True)

    def _fetch(self, call: str, url: str) -> None:
        self._deliver(lambda: self._next(call, url), twice=False)

    def _deliver(self, act: Callable[[], object], *, twice: bool) -> None:
        for _ in range(2 if twice and self.chance.random() < 0.2 else 1):
            self.deliveries.insert(self.chance.randint(0, len(self.deliveries)), act)

    def _next(self, call: str, url: str) -> None:
        """A caller's line gets its next document, and carries it out."""
        line = self.world.lines[call]
        if line.place != "fetching":
            return
        word, _, rest = self._document(call, url).partition(" ")
        if word == "confer":
            line.label = rest.split()[1]
            self.world.joins(line, rest.split()[0])
            line.label = ""
        elif word == "enqueue":
            line.place = "queue"
        elif word == "self_service":
            line.place = "self_service"
        else:
            self.over(call)

    def _document(self, call: str, url: str) -> str:
        webhook = Webhook(call)
        if url.startswith("after:"):
            with self.work() as db:
                found = db.scalar(
                    select(Interaction.id)
                    .where(Interaction.call_id == call, Interaction.conference == url.removeprefix("after:"))
                    .order_by(Interaction.id.desc())
                )
            return self.room.after(webhook, found or 0)
        if url.endswith("/back"):
            return self.room.back(webhook)
        number, what = url.removeprefix("/voice/desk/").split("/", 1)
        if what == "join":
            return self.room.join(webhook, int(number))
        if what.startswith("verify"):
            return self.room.verify(webhook, int(number), TURN, "query")
        raise AssertionError(url)

    def over(self, call: str) -> None:
        """A caller's call ends, and the provider says so later."""
        self.world.ends(call)
        self._deliver(lambda: self._status(call), twice=True)

    def _status(self, call: str) -> None:
        with self.database.begin() as connection:
            queueing.call_over(connection, call, self.now())
        with self.work() as db:
            handover.customer_gone(db, self.paths, call, self.now())

    # what people do

    def arrive(self) -> None:
        live = [call for call in self.callers if self.world.lines[call].place != "over"]
        if len(live) >= MOST_CALLERS:
            return
        call = f"CA{len(self.callers):032}"
        rules = self.settings.queues[QUEUE]
        with self.work() as db:
            told = waiting.Caller(call, "zh-CN", "none", "", (), None)
            waiting.join(db, QUEUE, rules, 1, told, self.now())
            entry = waiting.latest(db, call)
            assert entry is not None
            entry.turn, entry.queue_sid = TURN, "QU1"
        self.callers.append(call)
        self.world.arrives(call)

    def caller_hangs_up(self) -> None:
        call = self._a_caller()
        if call is not None:
            self.over(call)

    def caller_chooses(self) -> None:
        """Key 1 in the queue, and then a callback, or on with the wait."""
        call = self._a_caller("queue")
        if call is None:
            return
        with self.work() as db:
            entry = waiting.latest(db, call)
            if entry is None:
                return
            options = {"waiting": ["ask_callback"], "leaving": ["return", "book"]}.get(entry.state, [])
            if options:
                event = self.chance.choice(options)
                waiting.move(db, entry, event, self.now())
                if event == "book":
                    self.over(call)

    def caller_comes_back(self) -> None:
        """The password was keyed: back to the agent."""
        call = self._a_caller("self_service")
        if call is not None:
            self.world.lines[call].place = "fetching"
            self._fetch(call, "/voice/desk/back")

    def _a_caller(self, place: str = "") -> str | None:
        found = [
            call
            for call in self.callers
            if (where := self.world.lines[call].place) != "over" and (not place or where == place)
        ]
        return self.chance.choice(found) if found else None

    def wish(self) -> None:
        name, target = (
            self.chance.choice(NAMES),
            self.chance.choice(["ready", "ready", "ready", "not_ready", "signed_out"]),
        )
        with self.work() as db:
            agent = db.get_one(Agent, name)
            if (agent.state, target) == ("signed_out", "signed_out"):
                return
            presence.wish(db, Actor("staff", name), name, target, "", self.now())
            if target == "ready":
                presence.prove(db, name, self.now())
        self.wishes[name] = target

    def sleep_or_wake(self) -> None:
        name = self.chance.choice(NAMES)
        self.asleep ^= {name}

    def answer_offer(self) -> None:
        with self.work() as db:
            found = db.execute(select(Offer.id, Offer.agent_id).where(Offer.state == "ringing")).all()
        if not found:
            return
        offer_id, agent_id = self.chance.choice(found)
        if self.chance.random() < 0.1:
            agent_id = self.chance.choice(NAMES)
        with self.work() as db:
            actor = Actor("staff", agent_id)
            if self.chance.random() < 0.8:
                handover.accept(db, self.paths, actor, offer_id, self.now())
            else:
                offers.refuse(db, actor, offer_id, self.now())

    def agents_line(self) -> None:
        """A line that rings is answered or not; one that talks breaks, seldom."""
        lines = [each for each in self.world.lines.values() if each.to and each.place != "over"]
        lines = [each for each in lines if each.place == "ringing"] or lines
        if not lines:
            return
        line = self.chance.choice(lines)
        if line.place == "ringing" and self.chance.random() < 0.9:
            self.world.answers(line.sid)
        elif line.place == "ringing" or self.chance.random() < 0.08:
            self.world.ends(line.sid, "no_answer" if line.place == "ringing" else "ended")

    def deed(self) -> None:
        """An agent, one who talks if there is any, does something of a talk, possible or not."""
        with self.work() as db:
            busy = db.scalars(select(Agent.id).where(Agent.state.in_(("talking", "on_hold", "wrap_up")))).all()
            ready = db.scalars(select(Agent.id).where(Agent.state == "ready")).all()
        name = self.chance.choice(busy or NAMES)
        actor, other = Actor("staff", name), f"agent:{self.chance.choice(ready or NAMES)}"
        with_paths = self.paths
        deeds: list[Callable[[Session], object]] = [
            lambda db: talk.hold(db, with_paths, actor, self.now()),
            lambda db: talk.retrieve(db, actor, self.now()),
            lambda db: talk.verify(db, with_paths, actor, "query", self.now()),
            lambda db: transfers.hang_up(db, with_paths, actor, self.now()),
            *[lambda db: transfers.consult(db, with_paths, actor, other, self.now())] * 6,
            lambda db: transfers.complete(db, with_paths, actor, self.now()),
            lambda db: transfers.conference(db, actor, self.now()),
            lambda db: transfers.cancel(db, actor, self.now()),
            lambda db: transfers.transfer(db, with_paths, actor, other, self.now()),
            lambda db: transfers.transfer(db, with_paths, actor, f"queue:{QUEUE}", self.now()),
            *[lambda db: self._wrap_up(db, actor)] * 4,
        ]
        with self.work() as db:
            self.chance.choice(deeds)(db)

    def _wrap_up(self, db: Session, actor: Actor) -> None:
        open_sheet = (
            select(WrapUp).where(WrapUp.agent_id == actor.id, WrapUp.state == "open").order_by(WrapUp.interaction_id)
        )
        sheet = db.scalar(open_sheet.limit(1))
        if sheet is None:
            return
        wrap_ups.save(db, sheet, {"category": "other", "product": "none", "disposition": "solved"}, self.now())
        agent = db.get_one(Agent, actor.id)
        was_writing, wished = agent.state == "wrap_up", agent.wish
        wrap_ups.submit(db, actor, sheet, "ready", "", self.now())
        if was_writing and not wished:
            self.wishes[actor.id] = "ready"

    # the worker

    def time_passes(self) -> None:
        self.clock.forward(seconds=self.chance.choice([0.2, 0.3, 0.5, 0.5, 1, 1, 2, 4, 9]))
        for name in NAMES:
            if name not in self.asleep:
                with self.work() as db:
                    presence.prove(db, name, self.now())

    def worker(self) -> None:
        often = {"distribution": 2, "provider orders": 5, "desk sweep": 2}
        due = [task for task in tasks.TASKS if task.name in often]
        self.chance.choices(due, [often[task.name] for task in due])[0].act(cast("Any", self))

    def killed_worker(self) -> None:
        """It took an order, and died."""
        job = orders.work_of(self.database, self.provider, DEEDS, partial(_nothing), self.now)
        take(self.database, job, self.now())

    def delivery(self) -> None:
        if self.deliveries:
            self.deliveries.pop(0)()

    # the course of a day

    def live(self, steps: int) -> None:
        """So many things happen."""
        weights: list[tuple[Callable[[], None], int]] = [
            (self.arrive, 5), (self.caller_hangs_up, 2), (self.caller_chooses, 2), (self.caller_comes_back, 2),
            (self.wish, 6), (self.sleep_or_wake, 1), (self.answer_offer, 8), (self.agents_line, 8), (self.deed, 10),
            (self.time_passes, 5), (self.worker, 26), (self.killed_worker, 1), (self.delivery, 26),
        ]  # fmt: skip
        for name in NAMES[:2]:
            with self.work() as db:
                presence.wish(db, Actor("staff", name), name, "ready", "", self.now())
                presence.prove(db, name, self.now())
            self.wishes[name] = "ready"
            self.arrive()
        acts = self.chance.choices([each for each, _ in weights], [each for _, each in weights], k=steps)
        for act in acts:
            self.log.append(act.__name__)
            try:
                act()
            except EXPECTED as told:
                self.log[-1] += f" ({type(told).__name__})"

    def be_quiet(self, seconds: int) -> None:
        """Nobody does anything, the provider is well again, desks are silent: only the worker and the clock go on."""
        self.world.is_faulty = False
        for _ in range(seconds):
            self.clock.forward(seconds=1)
            while self.deliveries:
                self.delivery()
            for task in (each for each in tasks.TASKS if each.name != "recordings"):
                task.act(cast("Any", self))
            tasks.sweep(cast("Any", self))


def _nothing(*_: object) -> None:
    return None


class _carrying:  # noqa: N801 - used as a function
    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._inner, self._keyring = work(database, durable=False), keyring

    def __enter__(self) -> Session:
        db = self._inner.__enter__()
        carry(db, self._keyring)
        return db

    def __exit__(self, *error: Any) -> Any:
        return self._inner.__exit__(*error)
