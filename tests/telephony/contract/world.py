"""What the contract of a provider is tried on: telephones, pages that the provider asks for, and the port to it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Flask, Response, request

from ivr.foundation.errors import WebhookRefused
from ivr.telephony.notifications import Notification
from ivr.telephony.provider import Provider
from ivr.telephony.webhooks import Webhook

PATIENCE_SECONDS = 10.0
NUMBER, OTHER, THIRD = "+8613800138000", "+8613912345678", "+8615012340001"
LANGUAGES = ("zh-CN", "en")


class Telephone(Protocol):
    """A telephone's end of a call."""

    @property
    def call(self) -> str:
        """The provider's id of the call."""

    def heard(self) -> list[str]:
        """What was said to it, or by others, in order."""

    def press(self, keys: str) -> None:
        """Key something."""

    def say(self, words: str) -> None:
        """Say something."""

    def leave_message(self, words: str) -> None:
        """Say something behind a tone, and end it."""

    def hang_up(self) -> None:
        """Put down."""


class World(Protocol):
    """A running provider with telephones."""

    @property
    def provider(self) -> Provider:
        """The port to it."""

    @property
    def pages(self) -> "Pages":
        """What it asks for."""

    def dial(self, number: str = NUMBER) -> Telephone:
        """Somebody calls the hotline, whose page is /voice."""

    def holds(self, to: str) -> None:
        """From now on somebody holds this telephone: a number, or desk:NAME."""

    def picks_up(self, to: str) -> Telephone:
        """The telephone rings, and is picked up."""

    def at(self, address: str, seconds: float) -> Provider:
        """The port to a provider of this kind that stands at another address."""


@dataclass
class Pages:
    """The hotline's side: pages by path, and the webhooks that asked for them, as the port read them."""

    provider: Callable[[], Provider]
    base: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, Webhook]] = field(default_factory=list)
    news: list[Notification] = field(default_factory=list)  # received below /news
    refused: list[str] = field(default_factory=list)
    last: tuple[str, bytes, Mapping[str, Any]] = ("", b"", {})  # the newest request as it came: URL, body, headers

    def __setitem__(self, path: str, document: str) -> None:
        self.shown[path] = document

    def url(self, path: str) -> str:
        """Where a page is asked for."""
        return f"{self.base}{path}"

    def forms(self, path: str) -> list[Webhook]:
        """The webhooks to one path."""
        return [form for at, form in self.asked if at == path]

    def app(self) -> Flask:
        """The web application."""
        app = Flask("pages")

        @app.post("/<path:path>")
        def page(path: str) -> Response:
            provider = self.provider()
            self.last = self.url(f"/{path}"), request.get_data(), dict(request.environ)
            try:
                if path.startswith("news"):
                    self.news.append(provider.webhooks.read_notification(*self.last))
                else:
                    self.asked.append((f"/{path}", provider.webhooks.read(*self.last)))
            except WebhookRefused as refusal:
                self.refused.append(str(refusal))
                return Response(status=403)
            document = self.shown.get(f"/{path}") or provider.documents.nothing()
            return Response(document, content_type=provider.documents.content_type)

        return app


def eventually(told: Callable[[], object], wanted: object = True) -> None:
    """Wait until something is so; fails with what it is instead."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (found := told()) != wanted:
        assert time.monotonic() < until, f"{found!r}, not {wanted!r}"
        time.sleep(0.01)  # what is waited for happens at the provider, which gives no sign
