"""The form fields that every webhook carries."""

from exchange.leg import Leg

API_VERSION = "2010-04-01"

_COUNTRIES = (("+86", "CN"), ("+852", "HK"), ("+853", "MO"), ("+886", "TW"), ("+44", "GB"), ("+65", "SG"), ("+1", "US"))


def country(number: str) -> str:
    """The two-letter country code; empty where the number does not tell."""
    return next((code for prefix, code in _COUNTRIES if number.startswith(prefix)), "")


def standard(leg: Leg, account_sid: str) -> list[tuple[str, str]]:
    """The standard fields. City, state and postcode are empty, as for numbers outside North America."""
    form = [
        ("CallSid", leg.sid),
        ("AccountSid", account_sid),
        ("From", leg.caller),
        ("To", leg.called),
        ("Caller", leg.caller),
        ("Called", leg.called),
        ("CallStatus", leg.status),
        ("ApiVersion", API_VERSION),
        ("Direction", leg.direction),
    ]
    for party, number in (("From", leg.caller), ("To", leg.called), ("Caller", leg.caller), ("Called", leg.called)):
        form += [(party + part, "") for part in ("City", "State", "Zip")]
        form.append((party + "Country", country(number)))
    if leg.parent is not None:
        form.append(("ParentCallSid", leg.parent.sid))
    return form
