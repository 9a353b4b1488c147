"""Identifiers in Twilio's format: two letters for the kind and 32 hexadecimal digits."""

import secrets


def new_sid(kind: str) -> str:
    """A fresh identifier; `kind` is CA for calls, QU queues, CF conferences, RE recordings, SM texts, AC accounts."""
    return kind + secrets.token_hex(16)
