"""Rows of the secrets that a database has met."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant


class KeyCheck(Base):
    """The check value of one secret, from which it cannot be guessed; counted from the oldest on.

    Number 1 makes the blind indexes, the pepper of passwords and the digests of the audit log; the highest number
    seals; all of them open.
    """

    __tablename__ = "key_checks"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    value: Mapped[bytes] = mapped_column(LargeBinary(16))
    since: Mapped[datetime] = mapped_column(Instant)
