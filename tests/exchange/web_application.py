"""Fixtures of the exchange's tests: a customer's web application, a running exchange, and phones over HTTP."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from flask import Flask, Response, request
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.serving import make_server

from exchange import Exchange, ExchangeSettings

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "12345"
HOTLINE = "+864009990000"
CALLER = "+8613800138000"
OTHER = "+8613912345678"
AGENT = "client:agent7"
PATIENCE_SECONDS = 10.0

Page = str | Callable[[Mapping[str, str]], Any]


def twiml(inside: str) -> Response:
    """A TwiML answer."""
    return Response(f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>', content_type="text/xml")


@dataclass
class ReceivedRequest:
    """One request that the application received."""

    path: str
    method: str
    url: str
    form: dict[str, str]
    fields: list[tuple[str, str]]
    headers: dict[str, str]


@dataclass
class WebApplication:
    """The customer's web application: pages by path (the contents of Response, or a function of the form)."""

    pages: dict[str, Page] = field(default_factory=dict)
    hits: list[ReceivedRequest] = field(default_factory=list)
    base: str = ""
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __setitem__(self, path: str, page: Page) -> None:
        self.pages[path] = page

    def answer(self, path: str) -> Any:
        """Writes the request down and answers its page."""
        fields = list((request.form if request.method == "POST" else request.args).items(multi=True))
        form = dict(fields)
        with self.changed:
            headers = dict(request.headers.items())
            self.hits.append(ReceivedRequest(f"/{path}", request.method, request.url, form, fields, headers))
            self.changed.notify_all()
        page = self.pages.get(f"/{path}", "")
        answer = page if isinstance(page, str) else page(form)
        return twiml(answer) if isinstance(answer, str) else answer

    def asked(self, path: str) -> list[ReceivedRequest]:
        """The requests to one path, in order."""
        with self.changed:
            return [hit for hit in self.hits if hit.path == path]

    def await_hits(self, path: str, count: int = 1) -> list[ReceivedRequest]:
        """The requests to one path once there are so many; fails when they do not come."""
        with self.changed:
            came = self.changed.wait_for(lambda: len(self.asked(path)) >= count, timeout=PATIENCE_SECONDS)
        assert came, f"{path} was asked {len(self.asked(path))} times, not {count}: {[h.path for h in self.hits]}"
        return self.asked(path)


@dataclass
class PhoneCall:
    """A telephone's end of one call."""

    api: str
    sid: str

    def do(self, action: str, **body: object) -> requests.Response:
        return requests.post(f"{self.api}/calls/{self.sid}/{action}", json=body, timeout=30)

    def act(self, action: str, **body: object) -> "PhoneCall":
        answer = self.do(action, **body)
        assert answer.status_code == 204, answer.text
        return self

    def press(self, digits: str) -> "PhoneCall":
        return self.act("keys", digits=digits)

    def say(self, text: str, confidence: float | None = 0.9) -> "PhoneCall":
        return self.act("speech", text=text, confidence=confidence)

    def silence(self) -> "PhoneCall":
        return self.act("silence")

    def hang_up(self) -> "PhoneCall":
        return self.act("hangup")

    def answer(self, **body: object) -> "PhoneCall":
        return self.act("answer", **body)

    def news(self, after: int = 0, wait: float = 0.0) -> dict[str, Any]:
        url = f"{self.api}/calls/{self.sid}/events?after={after}&wait={wait}"
        news: dict[str, Any] = requests.get(url, timeout=30).json()
        return news

    def events(self, kind: str) -> list[dict[str, Any]]:
        """All events of a kind so far."""
        return [event for event in self.news()["events"] if event["type"] == kind]

    def hear(self, kind: str, count: int = 1) -> dict[str, Any]:
        """The `count`-th event of a kind, waiting for it; fails when it does not come."""
        seen: list[dict[str, Any]] = []
        after = 0
        for _ in range(200):
            news = self.news(after, PATIENCE_SECONDS)
            if not news["events"]:
                break
            after = news["events"][-1]["seq"]
            seen += [event for event in news["events"] if event["type"] == kind]
            if len(seen) >= count:
                return seen[count - 1]
            if news["state"] in ("completed", "busy", "failed", "no-answer", "canceled"):
                break
        raise AssertionError(f"no {kind} number {count}: {[(e['type'], e) for e in self.news()['events']]}")

    def over(self) -> dict[str, Any]:
        """The `ended` event, with the final state as `state`."""
        ended = self.hear("ended")
        return {**ended, "state": self.news()["state"]}

    def said(self) -> list[str]:
        return [event["text"] for event in self.events("say")]

    def warned(self) -> list[int]:
        return [event["code"] for event in self.events("warning")]


@dataclass
class RunningExchange:
    """A running exchange beside a running application."""

    base: str
    app: WebApplication
    exchange: Exchange

    @property
    def api(self) -> str:
        return f"{self.base}/phone/api"

    def call(self, number: str = CALLER) -> PhoneCall:
        """A phone calls the hotline."""
        answer = requests.post(f"{self.api}/calls", json={"from": number}, timeout=30)
        assert answer.status_code == 201, answer.text
        return PhoneCall(self.api, answer.json()["call"])

    def register(self, number: str) -> None:
        """A phone that can be rung."""
        answer = requests.put(f"{self.api}/phones/{number}", json={"label": "test"}, timeout=30)
        assert answer.status_code == 204, answer.text

    def inbox(self, number: str, after: int = 0, wait: float = 0.0) -> list[dict[str, Any]]:
        url = f"{self.api}/phones/{number}/inbox?after={after}&wait={wait}"
        events: list[dict[str, Any]] = requests.get(url, timeout=30).json()["events"]
        return events

    def ringing_call(self, number: str, count: int = 1) -> PhoneCall:
        """The `count`-th call that rings at a number, waiting for it."""
        after, calls = 0, 0
        for _ in range(50):
            events = self.inbox(number, after, PATIENCE_SECONDS)
            for event in events:
                after = event["seq"]
                calls += event["type"] == "incoming_call"
                if calls == count:
                    return PhoneCall(self.api, event["call"])
            if not events:
                break
        raise AssertionError(f"{number} was not rung {count} times")

    def client(self, token: str = TOKEN) -> Client:
        """Twilio's own client, sent to this exchange."""
        return Client(SID, token, http_client=Rebased(self.base))


class Rebased:
    """Twilio's HTTP client with another host."""

    def __init__(self, base: str) -> None:
        self._client = TwilioHttpClient(timeout=30)
        self._base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        return self._client.request(method, urlunsplit(parts), *args, **kwargs)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serves on a free local port; yields the base URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_SECONDS)


@contextmanager
def run_exchange(voice: str = "/voice", more_urls: bool = False, **settings: Any) -> Iterator[RunningExchange]:
    """An application and an exchange whose hotline is answered at `voice`.

    more_urls: with /status and /fallback, too. settings: as of the exchange.
    """
    app = WebApplication()
    flask = Flask("customer")
    flask.add_url_rule("/<path:path>", "answer", app.answer, methods=["GET", "POST"])
    with serving(flask) as application:
        app.base = application
        told: dict[str, Any] = {"voice_url": f"{application}{voice}", "pace": "stepped"} | settings
        if more_urls:
            told |= {"status_url": f"{application}/status", "fallback_url": f"{application}/fallback"}
        exchange = Exchange(ExchangeSettings(account_sid=SID, auth_token=TOKEN, hotline_number=HOTLINE, **told))
        flask = Flask("exchange")
        flask.register_blueprint(exchange.blueprint())
        with serving(flask) as base:
            try:
                yield RunningExchange(base, app, exchange)
            finally:
                exchange.close()
