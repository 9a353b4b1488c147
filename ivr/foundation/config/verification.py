"""Settings of caller verification: passwords, locks, codes, caller numbers, hashing."""

from typing import Annotated

from pydantic import Field

from ivr.foundation.config.sections import Count, Few, Section, Six


class QueryRules(Section):
    """How long a query verification is valid, and when wrong query passwords lock."""

    valid_minutes: Count = 10
    failures_in_call: Few = 3
    failures_a_day: Few = 5
    failures_in_row: Few = 10

    @property
    def locked_hours(self) -> None:
        """None: a query password stays locked until the next midnight in the bank's time zone."""


class TransactionRules(Section):
    """When wrong transaction passwords lock, and for how long."""

    failures_a_day: Few = 3
    locked_hours: Count = 24
    failures_in_row: Few = 6


class CallerNumberRules(Section):
    """When a caller number, or all withheld numbers together, are sent to agents only."""

    failures_an_hour: Count = 10
    customers_an_hour: Count = 3


class CallRules(Section):
    """How many customers, and how many unknown numbers, one call may enter."""

    customers: Count = 3
    not_found: Count = 3


class CodeRules(Section):
    """One-time codes sent by text message."""

    digits: Six = 6
    valid_seconds: Count = 120
    checks: Few = 3
    resend_seconds: Count = 60
    sends_a_call: Few = 3
    sends_an_hour: Few = 5
    sends_a_day: Few = 10


class Hashing(Section):
    """Argon2id parameters, and how many hashes one process computes at once."""

    memory_kib: Annotated[int, Field(ge=8, le=4_194_304)] = 19456
    passes: Few = 2
    lanes: Few = 1
    at_once: Few = 1


class PasswordRules(Section):
    """The format of both telephone passwords, and how many new ones are checked for one code."""

    digits: Six = 6
    judged_a_code: Few = 3


class Verification(Section):
    """All settings of caller verification."""

    passwords: PasswordRules = PasswordRules()
    query: QueryRules = QueryRules()
    transaction: TransactionRules = TransactionRules()
    caller_number: CallerNumberRules = CallerNumberRules()
    withheld: CallerNumberRules = CallerNumberRules(failures_an_hour=60, customers_an_hour=40)
    each_call: CallRules = CallRules()
    code: CodeRules = CodeRules()
    recent_passwords: Few = 5
    hashing: Hashing = Hashing()
