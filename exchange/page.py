"""The browser phone: one page, its static files, and its security headers."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request

from exchange.switchboard import Switchboard

STATIC = "/phone/static/"


class PhonePage:
    """Serves /phone; the guard of the phone API refuses other machines for all paths under it."""

    def __init__(self, board: Switchboard) -> None:
        self._policy = content_policy(board.settings.voice_url)

    def mount(self, blueprint: Blueprint) -> None:
        blueprint.add_url_rule("/phone", "phone", self.show)
        blueprint.after_request(self.fence)

    def show(self) -> str:
        return render_template("phone.html")

    def fence(self, response: Response) -> Response:
        """Sets security headers on every response. Static files may be cached but are revalidated."""
        response.headers["Content-Security-Policy"] = self._policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-cache" if request.path.startswith(STATIC) else "no-store"
        return response


def content_policy(voice_url: str) -> str:
    """The Content-Security-Policy: the page's own files, and audio from the hotline's application."""
    prompts = urlsplit(voice_url)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            f"media-src 'self' {prompts.scheme}://{prompts.netloc}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        )
    )
