"""Whatever the line does in whatever order, each order has one effect in the core's books, and both ends agree."""

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.models import LedgerEntry, LedgerPosting
from ivr.bank.remote.models import CoreOrder
from ivr.bank.states import OPEN
from ivr.foundation.errors import CoreUnavailable
from tests.bank.remote import RemoteHarness
from tests.fakes.core_server import Fault
from tests.support.selection import examples

EXAMPLES = count()
KINDS: list[Fault] = ["", "", "lost", "garbage", "down"]
FAULTS = st.sampled_from(KINDS)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("order"), st.integers(0, 3)),
        st.tuples(st.just("deliver"), st.just(0)),
        st.tuples(st.just("die"), st.just(0)),
        st.tuples(st.just("wait"), st.sampled_from([1, 6, 20, 90, 400])),
    ),
    min_size=3,
    max_size=14,
)


@settings(
    max_examples=examples(25),
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, sending=st.lists(FAULTS, max_size=6), asking=st.lists(FAULTS, max_size=6))
def test_each_order_has_one_effect_and_both_ends_agree(
    remote: RemoteHarness, steps: list[tuple[str, int]], sending: list[Fault], asking: list[Fault]
) -> None:
    call = f"CA{next(EXAMPLES)}"
    remote.client = remote.new_client()
    remote.core.faults = {"transfer": [*sending], "outcome": [*asking]}
    ordered = {key for step, number in steps if (key := take(remote, step, number, call))}
    remote.core.faults = {}
    finish(remote)
    for key in ordered:
        assert state_here(remote, key) == "done"
        assert entries_there(remote, key) == [-fen(key), fen(key)]
    assert remote.ask(lambda bank: bank.accounts("li_qiang"))[0].balance_fen == reached_li(remote)


def fen(key: str) -> int:
    return 1_00 + int(key.split(":")[1])


def take(remote: RemoteHarness, step: str, number: int, call: str) -> str:
    """Take a step; returns the key of an order that was accepted."""
    if step == "order":
        return place(remote, f"{call}:{number}")
    if step == "deliver":
        remote.deliver()
    elif step == "die":
        remote.claim()  # a worker that took an order and was never seen again
    else:
        remote.pass_time(seconds=number)
    return ""


def place(remote: RemoteHarness, key: str) -> str:
    try:
        remote.ask(lambda bank: bank.transfer(key, "wang_fang", "1", "payee.1", fen(key)))
    except CoreUnavailable:
        return ""  # the breaker is open: the caller hears "unavailable", and nothing was accepted
    return key


def finish(remote: RemoteHarness) -> None:
    """Time goes by until no inquiry can be outstanding."""
    for _ in range(4):
        remote.pass_time(days=1)
        remote.deliver()


def state_here(remote: RemoteHarness, key: str) -> str:
    with Session(remote.database.durable) as db:
        assert db.scalars(select(CoreOrder.key).where(CoreOrder.state.in_(OPEN))).all() == []
        return db.scalars(select(CoreOrder.state).where(CoreOrder.key == key)).one()


def entries_there(remote: RemoteHarness, key: str) -> list[int]:
    with Session(remote.core.harness.database.durable) as db:
        found = select(LedgerEntry.amount_fen).join(LedgerPosting).where(LedgerPosting.key == key)
        return sorted(db.scalars(found))


def reached_li(remote: RemoteHarness) -> int:
    with Session(remote.database.durable) as db:
        sent = db.scalars(select(CoreOrder.amount_fen).where(CoreOrder.state == "done")).all()
    return 1_250_00 + sum(sent)
