"""X-Twilio-Signature: HMAC-SHA1 over the URL and every form field."""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def sign(auth_token: str, url: str, form: Iterable[tuple[str, str]] = ()) -> str:
    """The signature of one request.

    url: exactly as sent, query still encoded, no fragment. form: the fields of the body, empty for GET; a field sent
    twice with the same value counts once, as in Twilio's SDKs.
    """
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")
