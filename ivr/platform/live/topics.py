"""Topics and their versions: the version of a topic is the number of committed transactions that changed it."""

from collections.abc import Mapping

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ivr.platform.live.models import TopicCount

CHANNEL = "live_topics"  # what PostgreSQL's NOTIFY is sent on
_DONE = "topics changed"  # in the info of a session: its transaction, and the topics that it has counted

_COUNT = text(
    "WITH mine AS (SELECT id FROM live_topics WHERE topic = :topic LIMIT 1 FOR UPDATE SKIP LOCKED), "
    "counted AS (UPDATE live_topics SET changes = live_topics.changes + 1 FROM mine WHERE live_topics.id = mine.id "
    "RETURNING live_topics.id) "
    "INSERT INTO live_topics (topic, changes) SELECT :topic, 1 WHERE NOT EXISTS (SELECT FROM counted)"
)
_COUNT_ALONE = text("UPDATE live_topics SET changes = changes + 1 WHERE topic = :topic")
_BEGIN = text("INSERT INTO live_topics (topic, changes) VALUES (:topic, 1)")
_NOTIFY = text(f"SELECT pg_notify('{CHANNEL}', '')")


def changed(db: Session, topic: str, *, at_once: bool = True) -> None:
    """Say in this transaction that what a topic shows has changed: once it is committed, pages hear of it.

    No transaction waits for another here. `at_once=False` is for a caller's turn: pages see it up to a second later
    on PostgreSQL, where NOTIFY would make all turns that send it commit one after the other.
    """
    if topic in (done := _done(db)):
        return
    done.add(topic)
    if db.get_bind().dialect.name == "sqlite":  # one writer at a time, which holds the lock already
        if db.execute(_COUNT_ALONE, {"topic": topic}).rowcount == 0:  # type: ignore[attr-defined]
            db.execute(_BEGIN, {"topic": topic})
        return
    db.execute(_COUNT, {"topic": topic})
    if at_once:
        db.execute(_NOTIFY)


def versions(db: Session) -> Mapping[str, int]:
    """The version of every topic that was ever changed; of all others it is 0. Read it before what a page shows."""
    found = db.execute(select(TopicCount.topic, func.sum(TopicCount.changes)).group_by(TopicCount.topic))
    return {topic: int(changes) for topic, changes in found}


def _done(db: Session) -> set[str]:
    """What this transaction has counted; a savepoint counts for itself, as it may be rolled back alone."""
    db.connection()  # begins the transaction, where nothing has yet
    transaction = db.get_nested_transaction() or db.get_transaction()
    holder, counted = db.info.get(_DONE, (None, set()))
    done: set[str] = counted if holder is transaction else set()
    db.info[_DONE] = (transaction, done)
    return done
