"""The states of an account, as a table; drawn in docs/states.md."""

from ivr.db.states import TransitionTable

ACCOUNT: TransitionTable[str, str] = {
    ("inactive", "activate"): "active",  # an agent's needs a certificate: ivr/centre/staff/certificates.py
    ("active", "lock"): "locked",
    ("locked", "unlock"): "active",
    ("inactive", "close"): "closed",  # left the bank: the account stays, for the audit log names it
    ("active", "close"): "closed",
    ("locked", "close"): "closed",
}
