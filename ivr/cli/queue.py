"""python -m ivr queue: why a caller was offered to an agent; and the decisions of a day, made again."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.queues.models import Offer
from ivr.db import look
from ivr.foundation.errors import ConfigurationError
from ivr.installation import opened
from ivr.reports.decisions import made_again, why

RULES = {
    "preferred": "served this customer last",
    "longest_idle": "was idle longest",
    "not_preferred": "did not serve them last",
    "idle_for_less_time": "was idle for less time",
}


def main(argv: Sequence[str]) -> int:
    """Print why; 1 where a decision of the day comes out otherwise now."""
    parser = argparse.ArgumentParser(
        prog="python -m ivr queue",
        description="Why a caller was offered to this agent, and who came behind by which rule. With --replay every "
        "decision of a day is made again from what was stored with it, and those that come out otherwise are named.",
        epilog="example: python -m ivr queue why CA0123456789abcdef0123456789abcdef",
    )
    parser.add_argument("what", choices=["why"])
    parser.add_argument("call", nargs="?", help="the id of a call, as in the journal")
    parser.add_argument("--replay", metavar="DAY", type=date.fromisoformat, help="a day of the bank: 2026-11-27")
    given = parser.parse_args(argv)
    if (given.call is None) == (given.replay is None):
        parser.error("name a call, or a day with --replay")
    with opened() as installation, look(installation.database, 60.0) as db:
        zone = installation.settings.bank.zone
        if given.replay is not None:
            return _replay(db, given.replay, zone)
        for line in _told(db, given.call, zone):
            print(line)
    return 0


def _told(db: Session, call: str, zone: ZoneInfo) -> Iterator[str]:
    offers = db.scalars(select(Offer).where(Offer.call_id == call).order_by(Offer.id)).all()
    if not offers:
        raise ConfigurationError(f"the call {call} was offered to nobody, or is not in this database")
    for offer in offers:
        found = why(offer.decision)
        yield f"{offer.offered_at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {found.queue} -> {offer.agent_id}  {offer.state}"
        if not found.is_of_distribution:
            yield f"  {found.by} asked for {offer.agent_id}: {found.rule}"
            continue
        yield (
            f"  {offer.agent_id} {_rule(found.rule)}, of {found.free} free; needed {found.skill} at level {found.level}"
            f" (asked for after {found.after_seconds:g} s); the caller had waited {found.waited_seconds:.0f} s"
        )
        yield from (f"  behind: {agent} {_rule(rule)}" for agent, rule in found.behind)


def _rule(code: str) -> str:
    return RULES.get(code, code)


def _replay(db: Session, day: date, zone: ZoneInfo) -> int:
    since = datetime.combine(day, time.min, zone)
    made = select(Offer).where(Offer.offered_at >= since, Offer.offered_at < since + timedelta(days=1))
    count, different = 0, 0
    for offer in db.scalars(made.order_by(Offer.id).execution_options(yield_per=1000)):
        if not why(offer.decision).is_of_distribution:
            continue
        count += 1
        again = made_again(offer.decision)
        if again != (offer.agent_id, why(offer.decision).rule):
            different += 1
            now = "nobody" if again is None else f"{again[0]} ({again[1]})"
            print(f"offer {offer.id} of {offer.call_id}: {offer.agent_id} then, {now} now")
    print(f"{count} decisions of {day.isoformat()} made again; {different or 'none'} came out otherwise")
    return 1 if different else 0
