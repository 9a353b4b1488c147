"""The demonstration bank: four customers with cards, passwords, payees, bills and four months of movements."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.core import PasswordKind
from ivr.bank.instructions import Instruction
from ivr.bank.ledger.books import Books
from ivr.bank.ledger.hashing import PasswordHasher
from ivr.bank.ledger.passwords import new_password, owner
from ivr.bank.limits import Verdict
from ivr.bank.models import (
    BankAccount,
    BankCard,
    BankCustomer,
    BillerNumber,
    IssuedBill,
    RegisteredPayee,
)
from ivr.foundation.crypto import Keyring

OPENED_DAYS_AGO = 128


@dataclass(frozen=True)
class Held:
    """A demonstration account: its customer, its card, and its present balance in fen."""

    customer_id: str
    card: str
    balance_fen: int
    frozen: bool = False


PASSWORDS = {  # customer -> query password, transaction password
    "wang_fang": ("739164", "285907"),
    "li_qiang": ("582047", "916358"),
    "chen_jing": ("846213", "370582"),
    "zhang_wei": ("705938", "461207"),
}
ACCOUNTS = {
    "wang": Held("wang_fang", "6222021001122334458", 52_380_66),
    "wang savings": Held("wang_fang", "6222021001987654321", 8_000_00),
    "li": Held("li_qiang", "6222023101002003005", 1_250_00),
    "chen": Held("chen_jing", "6225880102030405068", 300_000_00),
    "zhang": Held("zhang_wei", "6217001234567890122", 4_316_25, frozen=True),
}
PAYEES = (("wang_fang", "李强", "li"), ("chen_jing", "王芳", "wang"))  # whose payee, name, account
BILLS = (  # biller, customer number, open amount in fen (0: nothing is due)
    ("electricity", "3100458812", 186_40),
    ("water", "12000786", 63_25),
    ("gas", "50221907", 0),
    ("mobile", "13700000019", 0),
)
MOVEMENTS = (  # days ago, kind, from, to, fen; a side that is no account is one of the bank's own books
    (97, "salary", "salary", "wang", 12_860_00),
    (97, "salary", "salary", "li", 6_420_00),
    (95, "salary", "salary", "chen", 28_500_00),
    (94, "transfer", "li", "interbank", 6_100_00),
    (92, "bill", "wang", "biller.electricity", 158_72),
    (90, "transfer", "wang", "wang savings", 1_000_00),
    (88, "salary", "salary", "zhang", 7_150_00),
    (81, "transfer", "wang", "li", 500_00),
    (76, "bill", "chen", "biller.gas", 94_10),
    (66, "salary", "salary", "wang", 12_860_00),
    (66, "salary", "salary", "li", 6_420_00),
    (64, "salary", "salary", "chen", 28_500_00),
    (62, "transfer", "li", "interbank", 6_300_00),
    (61, "bill", "wang", "biller.electricity", 171_05),
    (59, "transfer", "wang", "wang savings", 1_000_00),
    (52, "transfer", "zhang", "interbank", 3_600_00),
    (47, "transfer", "wang", "interbank", 2_300_00),
    (41, "bill", "wang", "biller.water", 58_60),
    (36, "salary", "salary", "wang", 12_860_00),
    (36, "salary", "salary", "li", 6_420_00),
    (34, "salary", "salary", "chen", 28_500_00),
    (33, "transfer", "li", "interbank", 6_900_00),
    (30, "bill", "wang", "biller.electricity", 192_38),
    (28, "transfer", "wang", "wang savings", 1_000_00),
    (23, "transfer", "chen", "wang", 2_000_00),
    (17, "bill", "chen", "biller.mobile", 129_00),
    (9, "transfer", "wang", "li", 300_00),
    (6, "salary", "salary", "wang", 12_860_00),
    (6, "salary", "salary", "chen", 28_500_00),
    (3, "bill", "wang", "biller.mobile", 100_00),
)


def load_demo_bank(db: Session, keyring: Keyring, hasher: PasswordHasher, now: datetime) -> bool:
    """Load the demonstration bank. True when it is loaded, now or earlier; False, with nothing written, when the
    database has other customers. Hashes eight passwords, 25 ms each with the parameters of config.yaml.
    """
    present = set(db.scalars(select(BankCustomer.id)))
    if present:
        return present >= PASSWORDS.keys()
    books = Books(db, keyring, now)
    db.add_all(BankCustomer(id=customer_id) for customer_id in PASSWORDS)
    db.flush()
    _set_passwords(books, hasher)
    opened = {name: _open(books, held) for name, held in ACCOUNTS.items()}
    for customer_id, name, account in PAYEES:
        register_payee(books, customer_id, name, ACCOUNTS[account].card)
    for biller, number, due in BILLS:
        _bill(db, biller, number, due)
    _post_movements(books, opened)
    return True


def _set_passwords(books: Books, hasher: PasswordHasher) -> None:
    kinds: tuple[PasswordKind, PasswordKind] = ("query", "transaction")
    for customer_id, passwords in PASSWORDS.items():
        for kind, password in zip(kinds, passwords, strict=True):
            hashed = hasher.hash(owner(customer_id, kind), password)
            books.db.add(new_password(books.keyring, customer_id, kind, hashed, books.now))


def _open(books: Books, held: Held) -> BankAccount:
    account = BankAccount(customer_id=held.customer_id, balance_fen=0)
    books.db.add(account)
    books.db.flush()
    index = books.card_index(held.card)
    number = books.keyring.seal_text(f"cards.number|{index.hex()}", held.card)
    state = "frozen" if held.frozen else "active"
    books.db.add(BankCard(account_id=account.id, number_index=index, number=number, state=state))
    return account


def register_payee(books: Books, customer_id: str, name: str, card: str) -> None:
    """Register a payee of a customer, by the payee's card."""
    index = books.card_index(card)
    place = f"{customer_id}.{index.hex()}"
    sealed_name = books.keyring.seal_text(f"payees.name|{place}", name)
    sealed_card = books.keyring.seal_text(f"payees.card|{place}", card)
    books.db.add(RegisteredPayee(customer_id=customer_id, card_index=index, card=sealed_card, name=sealed_name))


def _bill(db: Session, biller: str, number: str, due_fen: int) -> None:
    household = BillerNumber(biller=biller, number=number)
    db.add(household)
    db.flush()
    if due_fen:
        db.add(IssuedBill(number_id=household.id, amount_fen=due_fen))


def _post_movements(books: Books, opened: dict[str, BankAccount]) -> None:
    """Post every movement in order; each account opens with the amount that leads to its intended balance."""
    for name, held in ACCOUNTS.items():
        left = sum(fen for _, _, source, _, fen in MOVEMENTS if source == name)
        came = sum(fen for _, _, _, target, fen in MOVEMENTS if target == name)
        _post(
            books,
            f"opening:{name}",
            OPENED_DAYS_AGO,
            "opening",
            ("opening", name),
            held.balance_fen + left - came,
            opened,
        )
    for number, (days_ago, kind, source, target, fen) in enumerate(MOVEMENTS):
        _post(books, f"demonstration:{number}", days_ago, kind, (source, target), fen, opened)


def _post(
    books: Books, key: str, days_ago: int, kind: str, sides: tuple[str, str], fen: int, opened: dict[str, BankAccount]
) -> None:
    source, target = (opened.get(side, side) for side in sides)
    owner = source if isinstance(source, BankAccount) else target
    if isinstance(owner, str):
        raise LookupError(f"neither side of the movement from {source} to {target} is a customer's account")
    then = replace(books, now=books.now - timedelta(days=days_ago))
    counterparty = books.card_index(ACCOUNTS[sides[1]].card) if kind == "transfer" and sides[1] in opened else None
    posting = then.record(Instruction(key, kind, owner.customer_id, fen, sides), Verdict(), counterparty)
    then.move(posting, source, target)
