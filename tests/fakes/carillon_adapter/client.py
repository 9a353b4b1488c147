"""The HTTP client of a carillon, with an overall deadline; errors become `ProviderError`."""

import json
from typing import Any
from urllib.parse import quote, urlencode

from urllib3 import Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as ReadsTooLong

from ivr.foundation.deadline import CancellableRequest, DeadlineExecutor, connections
from ivr.foundation.errors import ProviderError
from ivr.telephony.provider import Softphone

GONE = frozenset({404, 409})


class ApiClient:
    """Asks a carillon; shared by threads."""

    def __init__(self, address: str, key: str, secret: str, seconds: float) -> None:
        self._address, self._seconds = address, seconds
        self._headers = {"Authorization": f"Key {key}:{secret}", "Content-Type": "application/json"}
        self._pool, self._deadlines = connections(8), DeadlineExecutor(8)

    def must(self, verb: str, *path: str, **body: Any) -> Any:
        """The answer; every refusal is an error."""
        status, answer = self._ask(verb, path, body)
        if status != 200:
            raise ProviderError(f"{verb} {path[0]}: {status}", _kind(status))
        return answer

    def ask(self, verb: str, *path: str, **body: Any) -> Any:
        """The answer; None where what is asked about is gone."""
        status, answer = self._ask(verb, path, body)
        if status in GONE:
            return None
        if status != 200:
            raise ProviderError(f"{verb} {path[0]}: {status}", _kind(status))
        return answer

    def _ask(self, verb: str, path: tuple[str, ...], body: dict[str, Any]) -> tuple[int, Any]:
        url = f"{self._address}/v3/" + "/".join(quote(each, safe="") for each in path)
        if verb == "GET" and body:
            url += "?" + urlencode(body)

        def exchange(_: CancellableRequest) -> tuple[int, bytes]:
            sent = None if verb == "GET" else json.dumps(body).encode()
            limits = Timeout(connect=self._seconds, read=self._seconds)
            response = self._pool.request(verb, url, body=sent, headers=self._headers, timeout=limits)
            return response.status, response.data

        try:
            status, raw = self._deadlines.run(exchange, self._seconds)
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise ProviderError(f"{verb} {path[0]}: {type(error).__name__}", "unreachable") from error
        except (HTTPError, ReadsTooLong, TimeoutError) as error:
            raise ProviderError(f"{verb} {path[0]}: {type(error).__name__}") from error
        return status, raw if path[-1] == "sound" else _read(raw)


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise ProviderError("the answer is no JSON") from error


def _kind(status: int) -> Any:
    return "busy" if status == 429 else "unknown" if status >= 500 else "refused"


def peer(to: str | Softphone) -> str:
    """Whom a carillon rings."""
    return f"desk:{to.name}" if isinstance(to, Softphone) else f"tel:{to}"
