"""The schema's own constraints, on each database."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.bank.harnesses import LedgerHarness

CHANGES = (
    "UPDATE entries SET amount_fen = amount_fen * 2",
    "UPDATE entries SET account_id = 3 WHERE account_id = 1",
    "DELETE FROM entries",
    "UPDATE postings SET state = 'refused', refusal = 'no_funds'",
    "UPDATE postings SET customer_id = 'li_qiang'",
    "DELETE FROM postings",
)
BROKEN = {
    "an overdrawn account": "UPDATE accounts SET balance_fen = -1 WHERE id = 1",
    "a card in no state": "UPDATE cards SET state = 'melted'",
    "a report without a reference": "UPDATE cards SET lost_until = '2027-01-01'",
    "two cards of one number": "UPDATE cards SET number_index = (SELECT number_index FROM cards WHERE account_id = 1)",
    "two current passwords": "INSERT INTO passwords (customer_id, kind, hash, current, set_at, digest)"
    " SELECT customer_id, kind, hash, current, set_at, digest FROM passwords WHERE current",
    "two open bills of one number": "INSERT INTO bills (number_id, amount_fen) SELECT number_id, 1 FROM bills",
    "a bill of nothing": "UPDATE bills SET amount_fen = 0",
    "a third side": "INSERT INTO entries (posting_id, line, book, amount_fen) VALUES (1, 2, 'opening', 5)",
    "a second effect": "INSERT INTO entries (posting_id, line, book, amount_fen) VALUES (1, 1, 'opening', 5)",
    "a payee twice": "INSERT INTO payees (customer_id, card_index, card, name) SELECT customer_id, card_index, card,"
    " name FROM payees",
}
POSTING = (
    "INSERT INTO postings (id, key, request, kind, state, customer_id, amount_fen, reference, at, refusal, room_fen,"
    " earlier) SELECT 999, 'odd', request, 'transfer', 'done', customer_id, 100, '000000000000', at, '', 0, ''"
    " FROM postings WHERE id = 1"
)
SIDE = "INSERT INTO entries (posting_id, line, book, amount_fen) VALUES (999, {line}, 'interbank', {fen})"


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_in_the_books_is_never_changed(ledger: LedgerHarness, change: str) -> None:
    with pytest.raises(DBAPIError, match="immutable"), ledger.database.begin() as connection:
        connection.execute(text(change))


def test_the_books_are_not_emptied_in_one_stroke(ledger: LedgerHarness) -> None:
    stroke = "DELETE FROM entries" if ledger.database.is_sqlite else "TRUNCATE entries"
    with pytest.raises(DBAPIError, match="immutable"), ledger.database.begin() as connection:
        connection.execute(text(stroke))


@pytest.mark.parametrize("broken", BROKEN)
def test_the_schema_refuses(ledger: LedgerHarness, broken: str) -> None:
    with pytest.raises(IntegrityError), ledger.database.begin() as connection:
        connection.execute(text(BROKEN[broken]))


def test_a_posting_whose_sides_differ_does_not_commit(ledger: LedgerHarness) -> None:
    with pytest.raises(DBAPIError, match="sum to zero"):
        write(ledger, POSTING, SIDE.format(line=0, fen=-100), SIDE.format(line=1, fen=99))
    write(ledger, POSTING, SIDE.format(line=0, fen=-100), SIDE.format(line=1, fen=100))


def write(ledger: LedgerHarness, *statements: str) -> None:
    with ledger.database.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_nothing_that_names_a_person_is_readable_in_the_tables(ledger: LedgerHarness) -> None:
    with ledger.database.begin() as connection:
        for table in ("bank_customers", "accounts", "cards", "payees", "postings", "entries", "passwords"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):  # noqa: S608 - names from this file
                shown = "".join(each.hex() if isinstance(each, bytes) else str(each) for each in row)
                for secret in ("6222021001122334458", "6222023101002003005", "李强", "739164", "285907"):
                    assert secret not in shown
                    assert secret.encode().hex() not in shown
