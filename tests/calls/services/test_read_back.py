"""Services declare what must have been read back, and the registry checks it once more at each invocation."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from ivr.bank.ledger.ledger import LedgerBank
from ivr.calls.services.context import Context
from ivr.calls.services.registry import ServiceAnswer, catalogue, invoke
from ivr.engine.contracts import LASTING
from ivr.foundation.errors import NotReadBack
from tests.support.hotline import WANG, Hotline
from tests.support.hotline_fixtures import clock, quick_hotline, seeded_sqlite
from tests.support.seeding import built, quick_hasher

__all__ = ["clock", "quick_hotline", "seeded_sqlite"]
PROOFS = frozenset({"query", "transaction", "second_factor", "confirmation"})
BY_CODE = {"change_password"}  # approved by a code whose text says what it is for
OF_THE_BANK = {"send_text"}  # says what the bank wrote, to a number that the caller did not choose
OF_A_YES = {"send_transfer_code"}  # has no effect itself, but its code approves what was confirmed
OWN_WORDS = {"book_callback": {"recording"}}  # a message is played back, and kept by a key of its own
BOUND = sorted(name for name, contract in catalogue().items() if contract.bound_inputs)
INPUTS: Mapping[str, Mapping[str, Any]] = {
    "pay_bill": {"bill": {"id": "b1", "amount": 63_25}, "account": {"id": "a1", "last4": "4458"}},
    "transfer_money": {
        "account": {"id": "a1", "last4": "4458"}, "payee": {"id": "p1", "name": "李强"}, "amount": 100_00,
        "again": False,
    },
    "send_transfer_code": {
        "account": {"id": "a1", "last4": "4458"}, "payee": {"id": "p1", "name": "李强"}, "amount": 100_00,
    },
    "report_loss": {"card": {"id": "a1", "last4": "4458"}},
    "book_callback": {"number": "+8613800138000"},
}  # fmt: skip
OTHER = {"again": True, "amount": 100_01, "number": "+8613800138001"}


def test_every_deed_says_what_must_have_been_read_back() -> None:
    lasting = {name for name, contract in catalogue().items() if contract.effects & LASTING}
    assert lasting - BY_CODE - OF_THE_BANK | OF_A_YES == set(BOUND)
    for name in BOUND:
        contract = catalogue()[name]
        assert "confirmation" in contract.needs, name
        others = contract.inputs.keys() - OWN_WORDS.get(name, set())
        assert contract.bound_inputs == others, f"{name}: what changes what is done is bound"
        for given, parts in contract.reads_back.items():
            assert bool(parts) == (contract.inputs[given] == "choice"), (name, given)


@pytest.mark.parametrize("name", sorted(BY_CODE))
def test_what_a_code_approves_is_named_by_its_text(name: str) -> None:
    contract = catalogue()[name]
    assert {"second_factor", "old_password"} <= contract.needs
    assert catalogue()["send_password_code"].texts == {"texts.password_code": ("code", "password_name")}
    assert {"payee_name", "amount"} <= set(catalogue()["send_transfer_code"].texts["texts.transfer_code"])


@pytest.fixture
def asked(quick_hotline: Hotline) -> Iterator[Context]:
    """A service that is asked by a call of 王芳, who has proven everything and said yes to `INPUTS`."""
    one = quick_hotline
    with one.rows() as db:
        bank = LedgerBank(db, one.keyring, one.clock(), one.settings, quick_hasher(one.keyring))
        yield Context(
            db, bank, one.keyring, one.settings, built()[1], one.clock(), "CA:1", "CA", "en", "wang_fang", WANG,
            lambda *_: "", grants=PROOFS,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "given"), [(name, given) for name in BOUND for given in sorted(catalogue()[name].bound_inputs)]
)
def test_a_deed_with_another_value_than_was_read_back_is_not_done(asked: Context, name: str, given: str) -> None:
    inputs = INPUTS[name]
    other = {**inputs, given: OTHER.get(given, {"id": "another"})}
    with pytest.raises(NotReadBack, match=f"{name} was invoked with another {given} than was read back"):
        invoke(name, replace(asked, read_back=inputs), other)
    with pytest.raises(NotReadBack):
        invoke(name, replace(asked, read_back={k: v for k, v in inputs.items() if k != given}), inputs)


@pytest.mark.parametrize(("to", "grants"), [("caller", PROOFS), ("registered", frozenset[str]())])
def test_what_tells_something_of_a_customer_is_sent_to_nobody_unproven(
    asked: Context, to: str, grants: frozenset[str]
) -> None:
    inputs = {"to": to, "body": "余额", "private": True}
    with pytest.raises(PermissionError, match="an unverified calling number"):
        invoke("send_text", replace(asked, grants=grants), inputs)


def test_a_private_text_of_a_customer_without_a_mobile_goes_nowhere(asked: Context) -> None:
    nobody = replace(asked, grants=PROOFS, customer_id="nobody at all")
    answer = invoke("send_text", nobody, {"to": "registered", "body": "余额", "private": True})
    assert isinstance(answer, ServiceAnswer)
    assert answer.outcome == "no_number"
