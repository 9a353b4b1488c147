"""The provider's webhooks: parse, act, render. Every answer, also after an error, is a valid document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, request

from ivr.calls.assembly import CallHandlers
from ivr.foundation.errors import CallOver, NotReady, UnknownTurn, WebhookRefused
from ivr.telephony import fallback
from ivr.telephony.documents import Documents
from ivr.telephony.webhooks import MAX_BODY, Webhook, Webhooks
from ivr.voice.metrics import ANSWERED, TURNS
from ivr.voice.paths import own_path

LOG = structlog.get_logger("ivr.webhooks")
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class VoiceContext:
    """What the webhook views need. `public_url` is the base URL configured at the provider, without a final slash.

    `handlers` returns the call handlers, None until the startup is complete. `languages`: those of the static answers.
    `overflow_queue` returns the queue for calls that cannot be processed; it needs no database.
    """

    handlers: Callable[[], CallHandlers | None]
    public_url: str
    webhooks: Webhooks
    documents: Documents
    languages: tuple[str, ...]
    overflow_queue: Callable[[], str]

    @property
    def opened(self) -> CallHandlers:
        """What takes calls; raises `NotReady` where the hotline waits for its database."""
        parts = self.handlers()
        if parts is None:
            raise NotReady("the hotline is not open yet; /readyz says what it waits for")
        return parts

    @cached_property
    def base(self) -> str:
        """The path of the public URL: the prefix of all paths."""
        return urlsplit(self.public_url).path

    def answer(self, document: str) -> Response:
        """A document as the answer to a webhook."""
        return Response(document, content_type=self.documents.content_type)

    def gone(self) -> Response:
        """The answer to a webhook of a call that is over."""
        return self.answer(fallback.gone(self.documents, self.languages))


def _signed_url(context: VoiceContext, environ: Mapping[str, str]) -> str:
    """The public URL as the provider requested it: raw path and raw query, never a forwarded header."""
    path = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if not path.startswith("/"):
        path = request.full_path.removesuffix("?")
    path = path.partition("#")[0]
    return context.public_url + own_path(context.base, path)


def _checked_webhook(context: VoiceContext) -> Webhook:
    """Verify and parse the webhook of this request; raises `WebhookRefused`.

    Reads the WSGI environment directly: Flask's header parsing and stream take twice as long as the signature check.
    """
    environ = request.environ
    return context.webhooks.read(_signed_url(context, environ), _body(environ), environ)


def _body(environ: Mapping[str, Any]) -> bytes:
    """The request body; a chunked one, without a length, is bounded by Flask's limit."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdecimal()):
        return request.get_data(cache=False)
    if int(length) > MAX_BODY:
        raise WebhookRefused("too large")
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def blueprint(context: VoiceContext) -> Blueprint:
    """The blueprint of all voice URLs."""
    voice = Blueprint("voice", __name__)

    def sorry() -> str:
        return fallback.apology(context.documents, context.languages, context.public_url, context.overflow_queue())

    holding = fallback.hold(context.documents, context.languages)

    @voice.post("/voice")
    @_guarded(context, lambda: context.answer(sorry()))
    def begin(webhook: Webhook) -> str:
        return context.opened.conversation.begin(webhook)

    @voice.post("/voice/turn/<int:turn>")
    @_guarded(context, lambda: context.answer(sorry()))
    def answer(webhook: Webhook, turn: int) -> str:
        return context.opened.conversation.answer(webhook, turn)

    @voice.post("/voice/status")
    @_guarded(context, lambda: Response("try again", 503, content_type=PLAIN))  # no caller hears it
    def status(webhook: Webhook) -> str:
        if webhook.is_final:
            context.opened.conversation.hang_up(webhook)
        return context.documents.nothing()

    _waiting(voice, context, holding)
    _with_an_agent(voice, context, sorry)
    _notifications(voice, context)
    _static(voice, context, sorry, holding)
    return voice


def _waiting(voice: Blueprint, context: VoiceContext, holding: str) -> None:
    """The views of the wait loop. On an error the caller keeps waiting, since a queued call cannot be queued again."""

    @voice.post("/voice/wait/<int:turn>")
    @voice.post("/voice/wait/<int:turn>/<int:number>")
    @_guarded(context, lambda: context.answer(holding))
    def wait(webhook: Webhook, turn: int, number: int = 1) -> str:
        return context.opened.wait_loop.round(webhook, turn, number)

    @voice.post("/voice/wait/turn/<int:turn>")
    @_guarded(context, lambda: context.answer(holding))
    def answer_waiting(webhook: Webhook, turn: int) -> str:
        return context.opened.conversation.answer(webhook, turn)


def _with_an_agent(voice: Blueprint, context: VoiceContext, sorry: Callable[[], str]) -> None:
    """What the provider asks for while a caller is with an agent, and what it tells of their conference."""

    @voice.post("/voice/desk/<int:interaction>/join")
    @_guarded(context, lambda: context.answer(sorry()))
    def join(webhook: Webhook, interaction: int) -> str:
        return context.opened.conference_room.join(webhook, interaction)

    @voice.post("/voice/desk/<int:interaction>/after")
    @_guarded(context, lambda: context.answer(sorry()))
    def after(webhook: Webhook, interaction: int) -> str:
        return context.opened.conference_room.after(webhook, interaction)

    @voice.post("/voice/desk/<int:interaction>/verify/<any(query, transaction):level>/<int:turn>")
    @_guarded(context, lambda: context.answer(sorry()))
    def verify(webhook: Webhook, interaction: int, level: str, turn: int) -> str:
        return context.opened.conference_room.verify(webhook, interaction, turn, level)

    @voice.post("/voice/desk/<int:interaction>/resume/<int:turn>")
    @_guarded(context, lambda: context.answer(sorry()))
    def resume(webhook: Webhook, interaction: int, turn: int) -> str:
        return context.opened.conference_room.resume(webhook, interaction, turn)

    @voice.post("/voice/desk/back")
    @_guarded(context, lambda: context.answer(sorry()))
    def back(webhook: Webhook) -> str:
        return context.opened.conference_room.back(webhook)

    @voice.post("/voice/desk/<int:interaction>/hold")
    @_guarded(context, lambda: context.answer(context.documents.nothing()))
    def on_hold(webhook: Webhook, interaction: int) -> str:
        return context.opened.conference_room.on_hold(webhook, interaction)

    @voice.post("/voice/desk/<int:interaction>/lost")
    @_guarded(context, lambda: context.answer(context.documents.nothing()))
    def lost(webhook: Webhook, interaction: int) -> str:
        return context.opened.conference_room.lost(webhook, interaction)


def _notifications(voice: Blueprint, context: VoiceContext) -> None:
    """What the provider tells of calls, conferences and recordings; nobody waits for the answer."""

    @voice.post("/voice/desk/news")
    def read_notification() -> Response:
        environ = request.environ
        try:
            told = context.webhooks.read_notification(_signed_url(context, environ), _body(environ), environ)
            context.opened.conference_room.note(told)
        except WebhookRefused as refusal:
            TURNS.labels("refused").inc()
            LOG.warning("webhook refused", reason=str(refusal), path=request.path)
            return Response("forbidden", 403, content_type=PLAIN)
        except Exception:  # told again by the provider, or found out by the sweep
            LOG.exception("news of a call could not be taken")
            return Response("try again", 503, content_type=PLAIN)
        return context.answer(context.documents.nothing())


def _guarded(
    context: VoiceContext, failed: Callable[[], Response]
) -> Callable[[Callable[..., str]], Callable[..., Response]]:
    """Refuse unsigned requests; `failed` gives the answer after an error, so that a caller never gets a 500."""

    def guard(act: Callable[..., str]) -> Callable[..., Response]:
        @wraps(act)
        def view(**path: int) -> Response:
            try:
                webhook = _checked_webhook(context)
            except WebhookRefused as refusal:
                TURNS.labels("refused").inc()
                LOG.warning("webhook refused", reason=str(refusal), path=request.path)
                return Response("forbidden", 403, content_type=PLAIN)
            return _answered(context, act, webhook, path, failed)

        return view

    return guard


def _answered(
    context: VoiceContext,
    act: Callable[..., str],
    webhook: Webhook,
    path: Mapping[str, int],
    failed: Callable[[], Response],
) -> Response:
    try:
        answer = act(webhook, **path)
    except UnknownTurn as unknown:
        TURNS.labels("unknown").inc()
        LOG.warning("unknown turn", reason=str(unknown), call=webhook.call)
        is_over = isinstance(unknown, CallOver) or webhook.is_final
        return context.gone() if is_over else failed()
    except NotReady as reason:
        TURNS.labels("apology").inc()
        LOG.warning("webhook before the startup was complete", reason=str(reason), call=webhook.call)
        return failed()
    except Exception:  # the provider must get a valid document in any case
        TURNS.labels("apology").inc()
        LOG.exception("turn failed", call=webhook.call)
        return failed()
    ANSWERED.inc()
    return context.answer(answer)


def _static(voice: Blueprint, context: VoiceContext, sorry: Callable[[], str], holding: str) -> None:
    """The static answers: unsigned, the same for every caller, without a database."""

    @voice.route("/voice/fallback", methods=["GET", "POST"])
    def fall_back() -> Response:
        TURNS.labels("fallback").inc()
        waits = "/voice/wait/" in context.webhooks.failed_url(request.values)  # a queued call cannot be queued again
        return context.answer(holding if waits else sorry())

    @voice.route("/voice/fallback/wait", methods=["GET", "POST"])
    def hold() -> Response:
        return context.answer(holding)
