"""What the ledger's schema needs besides its tables: triggers that keep postings and entries as they were written."""

IMMUTABLE = ("entries", "postings")

# Messages are put together with ||: a percent sign in a statement means a parameter to the driver.
_POSTGRES_IMMUTABLE = """CREATE OR REPLACE FUNCTION ledger_is_immutable() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is immutable', ERRCODE = 'restrict_violation';
END $$"""

_POSTGRES_BALANCED = """CREATE OR REPLACE FUNCTION ledger_is_balanced() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF (SELECT sum(amount_fen) FROM entries WHERE posting_id = NEW.posting_id) <> 0 THEN
    RAISE EXCEPTION USING MESSAGE = 'a posting does not sum to zero', ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$"""


def ddl(dialect: str) -> list[str]:
    """The statements for a fresh schema on "sqlite" or "postgresql", in order; they run after the tables exist.

    UPDATE and DELETE of postings and entries raise on both. That the entries of a posting sum to zero is checked
    at commit on PostgreSQL, and on SQLite, which has no deferred triggers, when the second line is written.
    """
    return _sqlite() if dialect == "sqlite" else _postgres()


def _sqlite() -> list[str]:
    statements = [
        f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
        for table in IMMUTABLE
        for deed in ("update", "delete")
    ]
    statements.append(
        "CREATE TRIGGER entries_balanced AFTER INSERT ON entries WHEN NEW.line = 1 AND "
        "(SELECT sum(amount_fen) FROM entries WHERE posting_id = NEW.posting_id) <> 0 "
        "BEGIN SELECT RAISE(ABORT, 'a posting does not sum to zero'); END"
    )
    return statements


def _postgres() -> list[str]:
    statements = [_POSTGRES_IMMUTABLE, _POSTGRES_BALANCED]
    for table in IMMUTABLE:
        statements += [
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION ledger_is_immutable()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_immutable()",
        ]
    statements.append(
        "CREATE CONSTRAINT TRIGGER entries_balanced AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION ledger_is_balanced()"
    )
    return statements
