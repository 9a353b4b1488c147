"""What the ledger must look like whatever happened: each key once, entries of each posting, sums of zero."""

from tests.support.hotline import Hotline


def moved(hotline: Hotline, call: str | None = None) -> list[tuple[str, str, int]]:
    """Key, kind and fen of every posting that a call made, or that any call made; refused ones are left out."""
    like = f"{call or 'CA'}%"
    rows = hotline.ask(
        "select key, kind, amount_fen from postings where key like :like and state = 'done' "
        "and amount_fen > 0 order by id",
        like=like,
    )
    return [(row[0], row[1], row[2]) for row in rows]


def check_books(hotline: Hotline) -> None:
    """Every key has one posting; every posting that moved money has two entries that sum to zero; balances agree."""
    assert hotline.ask("select key from postings group by key having count(*) <> 1") == []
    wrong = hotline.ask(
        "select p.key, count(e.line), sum(e.amount_fen) from postings p left join entries e on e.posting_id = p.id "
        "where p.amount_fen > 0 group by p.key, p.state having count(e.line) <> case p.state when 'done' then 2 else 0 "
        "end or coalesce(sum(e.amount_fen), 0) <> 0"
    )
    assert wrong == [], f"postings whose own entries are wrong: {wrong}"
    unequal = hotline.ask(
        "select a.id from accounts a where a.balance_fen <> "
        "(select coalesce(sum(e.amount_fen), 0) from entries e where e.account_id = a.id)"
    )
    assert unequal == [], f"accounts whose balance is not the sum of their entries: {unequal}"
