"""The browser phone: one page, its static files, and the headers that fence them in."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request

from ivr.exchange.loopback import is_local
from ivr.exchange.switchboard import Switchboard


class PhonePage:
    """Serves /phone; refuses other machines, as the phone API does."""

    def __init__(self, board: Switchboard) -> None:
        prompts = urlsplit(board.settings.voice_url)
        self._policy = "; ".join(
            (
                "default-src 'self'",
                f"media-src 'self' blob: {prompts.scheme}://{prompts.netloc}",
                "img-src 'self' data:",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        )

    def mount(self, blueprint: Blueprint) -> None:
        blueprint.add_url_rule("/phone", "phone", self.show)
        blueprint.after_request(self.fence)

    def show(self) -> tuple[str, int]:
        if not is_local(request):
            return "403", 403
        return render_template("phone.html"), 200

    def fence(self, response: Response) -> Response:
        response.headers["Content-Security-Policy"] = self._policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if not request.path.startswith("/phone/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response
