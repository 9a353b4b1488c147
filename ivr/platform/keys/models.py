"""The table of check values of secrets."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant


class KeyCheck(Base):
    """The check value of one secret, which does not reveal it; numbered from the oldest.

    Secret 1 is used for the blind indexes, the password pepper and the digests of the audit log; the newest one seals;
    all of them open.
    """

    __tablename__ = "key_checks"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    value: Mapped[bytes] = mapped_column(LargeBinary(16))
    since: Mapped[datetime] = mapped_column(Instant)
