"""What a service demands, even if a flow let more through: without a grant it refuses."""

from collections.abc import Iterator

import pytest

from ivr.bank.ledger.ledger import LedgerBank
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, catalogue, invoke
from ivr.engine.values import Secret
from tests.support.hotline import WANG, Hotline
from tests.support.hotline_fixtures import clock, quick_hotline, seeded_sqlite
from tests.support.seeding import built, quick_hasher

__all__ = ["clock", "quick_hotline", "seeded_sqlite"]
DEMANDING = sorted(name for name, contract in catalogue().items() if contract.needs)


@pytest.fixture
def asked(quick_hotline: Hotline) -> Iterator[Context]:
    """A service that is asked by a call of 王芳, who has proven nothing but who she is."""
    one = quick_hotline
    with one.rows() as db:
        bank = LedgerBank(db, one.keyring, one.clock(), one.settings, quick_hasher(one.keyring))
        yield Context(
            db,
            bank,
            one.keyring,
            one.settings,
            built()[1],
            one.clock(),
            "CA:1",
            "CA",
            "en",
            "wang_fang",
            WANG,
            lambda *_: "",
        )


@pytest.mark.parametrize("service", [name for name in DEMANDING if catalogue()[name].needs - {"identity"}])
def test_a_service_that_is_asked_without_its_proofs_does_nothing(asked: Context, service: str) -> None:
    with pytest.raises(PermissionError, match=f"{service} was invoked without"):
        invoke(service, asked, {})


def test_a_transaction_password_is_tried_only_after_the_query_password(asked: Context) -> None:
    """Or anyone could lock it for its owner."""
    answer = invoke("verify_old", asked, {"kind": "transaction", "pin": Secret("111111")})
    assert isinstance(answer, ServiceAnswer)
    assert answer.outcome == "query_first"
    assert not answer.grants
