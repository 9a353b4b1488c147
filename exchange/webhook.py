"""Requests to the customer's web application: signed, with timeouts, retries and redirects as Twilio does them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from exchange import clock, faults
from exchange.faults import TwimlFault
from exchange.overrides import Overrides, split_overrides
from exchange.signature import sign

Form = Sequence[tuple[str, str]]

DOCUMENT_BYTES = 64 * 1024
REDIRECTS = 10


@dataclass(frozen=True)
class Answer:
    """The response: HTTP status, media type without parameters, body, and the final URL."""

    status: int
    content_type: str
    body: bytes
    url: str


class _Failed(Exception):  # noqa: N818 - one attempt, not yet an error
    """One attempt failed; `kind` is its keyword in a URL's `rp=`."""

    def __init__(self, kind: str, code: int, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = code
        self.message = message


class WebhookClient:
    """One keep-alive connection pool; used by one thread."""

    def __init__(self, auth_token: str) -> None:
        self._auth_token = auth_token
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy and no .netrc: they must not see keyed data

    def close(self) -> None:
        self._session.close()

    def fetch(self, url: str, method: str, form: Form = (), limit: int = DOCUMENT_BYTES) -> Answer:
        """Requests `url`, follows redirects, and returns at most `limit` bytes. Raises TwimlFault."""
        plain, plan = split_overrides(url)
        deadline = clock.steady() + plan.total_seconds
        token = str(uuid.uuid4())
        for attempt in range(plan.retries + 1):
            try:
                return self._follow(plain, method, form, plan, deadline, token, limit)
            except _Failed as failed:
                last = attempt == plan.retries or failed.kind not in plan.retry_on or clock.steady() >= deadline
                if last:
                    raise TwimlFault(failed.code, failed.message, plain) from failed
        raise AssertionError("a last attempt returns or raises")

    def _follow(
        self, url: str, method: str, form: Form, plan: Overrides, deadline: float, token: str, limit: int
    ) -> Answer:
        for _ in range(REDIRECTS + 1):
            response = self._send(url, method, form, plan, deadline, token)
            with response:
                if not response.is_redirect:
                    return self._read(response, deadline, limit)
                url = urljoin(url, response.headers["location"])
                if response.status_code not in (307, 308):
                    method, form = "GET", ()  # the posted fields are dropped, as Twilio documents
        raise _Failed("", faults.TOO_MANY_REDIRECTS, "too many redirects")

    def _send(
        self, url: str, method: str, form: Form, plan: Overrides, deadline: float, token: str
    ) -> requests.Response:
        left = max(0.05, deadline - clock.steady())
        try:
            prepared = self._session.prepare_request(_request(url, method, form))
            if "_" in (urlsplit(prepared.url or "").hostname or ""):
                raise _Failed("", faults.INVALID_URL, "host names must not contain underscores")
            body = form if method == "POST" else ()
            prepared.headers["X-Twilio-Signature"] = sign(self._auth_token, str(prepared.url), body)
            prepared.headers["I-Twilio-Idempotency-Token"] = token
            timeouts = (min(plan.connect_seconds, left), min(plan.read_seconds, left))
            return self._session.send(prepared, stream=True, allow_redirects=False, timeout=timeouts)
        except (requests.RequestException, UnicodeError) as error:
            raise _diagnose(error) from error

    def _read(self, response: requests.Response, deadline: float, limit: int) -> Answer:
        if response.status_code >= 400:
            kind = f"{response.status_code // 100}xx"
            raise _Failed(kind, faults.BAD_STATUS, f"the server answered {response.status_code}")
        body = b"".join(_pieces(response, deadline, limit))
        content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Answer(response.status_code, content_type, body, str(response.url))


def _request(url: str, method: str, form: Form) -> requests.Request:
    headers = {"User-Agent": "ivr-exchange/1.0", "Accept": "*/*"}
    if method == "POST":
        return requests.Request("POST", url, data=list(form), headers=headers)
    return requests.Request("GET", url, params=list(form), headers=headers)


def _pieces(response: requests.Response, deadline: float, limit: int) -> Iterable[bytes]:
    taken = 0
    try:
        while piece := response.raw.read1(16384, decode_content=True):
            taken += len(piece)
            if taken > limit:
                raise _Failed("", faults.TOO_LARGE, f"the answer is larger than {limit} bytes")
            if clock.steady() > deadline:
                raise _Failed("rt", faults.CONNECTION, "the answer took too long")
            yield piece
    except urllib3.exceptions.HTTPError as error:
        raise _Failed("rt", faults.CONNECTION, "the connection broke while the answer was read") from error


def _diagnose(error: Exception) -> _Failed:
    """The Twilio code of a failed request; a connection lost before any response counts as a connect failure."""
    if isinstance(error, requests.exceptions.SSLError):
        return _Failed("", faults.TLS, "TLS handshake failed")
    if isinstance(error, requests.exceptions.ReadTimeout):
        return _Failed("rt", faults.CONNECTION, "no answer in time")
    if isinstance(error, requests.exceptions.ConnectionError):
        if "NameResolutionError" in repr(error):
            return _Failed("", faults.BAD_HOST, "the host name does not resolve")
        return _Failed("ct", faults.CONNECTION, "could not connect")
    if isinstance(error, ValueError):  # requests' InvalidURL, MissingSchema and InvalidSchema; UnicodeError
        return _Failed("", faults.INVALID_URL, "not a valid http or https URL")
    return _Failed("", faults.RETRIEVAL, "HTTP retrieval failure")
