"""The Twilio error codes that the exchange raises, and the exception that carries one."""

RETRIEVAL = 11200
INVALID_URL = 11100
CONNECTION = 11205
BAD_HOST = 11210
TOO_MANY_REDIRECTS = 11215
BAD_STATUS = 11217
TLS = 11220
TOO_LARGE = 11750
UNPARSEABLE = 12100
SCHEMA = 12200
CONTENT_TYPE = 12300
DIAL_CALLER_ID = 13214
DIAL_NUMBER = 13224
BEEP = 13235
COACH_ABSENT = 13240
BARGE_IN = 13332
LANGUAGE = 13512
SAY_EMPTY = 13520
SAY_TOO_LONG = 13521
LABEL_TAKEN = 16025


class TwimlFault(Exception):  # noqa: N818 - Twilio's pages call these errors, the product's glossary faults
    """TwiML could not be fetched or executed: the call goes to its fallback URL, or ends with an apology."""

    def __init__(self, code: int, message: str, url: str = "") -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
        self.url = url
