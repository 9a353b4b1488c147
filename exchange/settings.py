"""The settings of an exchange."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Pace = Literal["real", "stepped"]
TypeAhead = Literal["dropped", "kept"]

E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
CLIENT = re.compile(r"client:[A-Za-z0-9_.@-]{1,256}", re.ASCII)
WITHHELD = ("ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE")


@dataclass(frozen=True)
class DemoNumber:
    """A number that the phone page offers as caller, with its owner and a hint what to key, in Chinese and English."""

    number: str
    name: str
    hint_zh: str
    hint_en: str


@dataclass(frozen=True)
class ExchangeSettings:
    """An account, its one number, and its webhook URLs.

    hotline_number: E.164; the only sender of texts and outbound calls.

    voice_url: requested for TwiML when a phone calls the hotline; a fragment such as `#rc=2&rp=5xx` overrides retries.

    status_url: notified when such a call ended. fallback_url: requested when TwiML could not be fetched or executed.

    pace: "real" lets speech and timers take their time; "stepped" waits for the phone instead (for tests).

    demo_numbers: shown by the phone page.

    type_ahead: "dropped": keys pressed while nothing listens are lost; "kept": the next Gather gets them.

    legs: maximum number of live call legs; the next caller is busy.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    hotline_number: str
    voice_url: str
    status_url: str | None = None
    fallback_url: str | None = None
    pace: Pace = "real"
    demo_numbers: Sequence[DemoNumber] = ()
    legs: int = 64
    type_ahead: TypeAhead = "dropped"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"AC[0-9a-f]{32}", self.account_sid, re.ASCII):
            raise ValueError("account_sid is AC and 32 hexadecimal digits")
        if not self.auth_token:
            raise ValueError("auth_token is needed to sign webhooks")
        if not E164.fullmatch(self.hotline_number):
            raise ValueError("hotline_number is E.164, such as +864000000000")
