"""Parse a webhook's `From` into a caller: a number, or an address that is only used for counting limits.

`From` is a hint and never a proof. It is a number, a SIP address (`sip:+8613800138000@pbx.bank.example`), a client of
the provider (`client:name`), or a word for a withheld number.
"""

import re
from collections.abc import Collection
from urllib.parse import unquote

from ivr.foundation.phone import normal
from ivr.telephony.webhooks import WITHHELD, Caller

_SIP = re.compile(
    r"sips?:(?P<user>[^@?]{1,128})@(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?(?:[;?].*)?",
    re.ASCII | re.IGNORECASE,
)
_CLIENT = re.compile(r"client:\S{1,256}", re.ASCII)
_SEPARATORS = re.compile(r"[-.() ]")


def read_caller(text: str, trusted_hosts: Collection[str] = ()) -> Caller:
    """The caller in a `From`; a SIP user that is a number counts as a number only from a host in `trusted_hosts`.

    A trusted host is written as in the address, with its port where it has one: `pbx.bank.example:5060`.
    """
    number = normal(text)
    if number is not None:
        return Caller(number)
    if (sip := _SIP.fullmatch(text)) is not None:
        return _sip_caller(sip, trusted_hosts)
    return Caller(None, text.lower()) if _CLIENT.fullmatch(text) else WITHHELD


def _sip_caller(sip: re.Match[str], trusted_hosts: Collection[str]) -> Caller:
    user = unquote(sip["user"].partition(";")[0].partition(":")[0])
    host = sip["host"].lower() + (f":{sip['port']}" if sip["port"] else "")
    number = normal(_SEPARATORS.sub("", user)) if host in trusted_hosts else None
    return Caller(number) if number is not None else Caller(None, f"sip:{user.lower()}@{host}")
