"""Tables of the audit log and of its head."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.db import Base, Instant


class AuditEntry(Base):
    """One audited operation (`deed`); `mac` covers it and the entry before it."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(64))
    deed: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(96))
    details: Mapped[str] = mapped_column(Text)
    mac: Mapped[bytes] = mapped_column(LargeBinary)


class AuditHead(Base):
    """The newest entry, in one row that every writer locks; `key_check` identifies the secret of the digests."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    key_check: Mapped[bytes | None] = mapped_column(LargeBinary(16))
