"""The provider's webhooks: parse, act, render; whatever happens, the answer is a document it can carry out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, request

from ivr.calls.assembly import Parts
from ivr.foundation.errors import CallOver, NotReady, UnknownTurn, WebhookRefused
from ivr.telephony import fallback
from ivr.telephony.documents import Documents
from ivr.telephony.forms import MAX_BODY, Form, Webhooks
from ivr.voice.measures import ANSWERED, TURNS
from ivr.voice.paths import own_path

LOG = structlog.get_logger("ivr.webhooks")
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Line:
    """What the webhooks of one hotline need. `public_url` is what the provider was told, without a final slash.

    `rooms` gives what takes calls, or None until the hotline is open. `languages`: those that the provider speaks.
    `overflow_queue` names the queue of callers whom nothing else can help; it needs no database.
    """

    rooms: Callable[[], Parts | None]
    public_url: str
    webhooks: Webhooks
    documents: Documents
    languages: tuple[str, ...]
    overflow_queue: Callable[[], str]

    @property
    def opened(self) -> Parts:
        """What takes calls; raises `NotReady` where the hotline waits for its database."""
        parts = self.rooms()
        if parts is None:
            raise NotReady("the hotline is not open yet; /readyz says what it waits for")
        return parts

    @cached_property
    def base(self) -> str:
        """The path of the public URL, before every path of ours."""
        return urlsplit(self.public_url).path

    def answer(self, document: str) -> Response:
        """A document as the answer to a webhook."""
        return Response(document, content_type=self.documents.content_type)

    def gone(self) -> Response:
        """The answer to a webhook of a call that is over."""
        return self.answer(fallback.gone(self.documents, self.languages))


def _signed_url(line: Line, environ: Mapping[str, str]) -> str:
    """The public URL as the provider requested it: raw path and raw query, never a forwarded header."""
    path = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if not path.startswith("/"):
        path = request.full_path.removesuffix("?")
    path = path.partition("#")[0]
    return line.public_url + own_path(line.base, path)


def _checked_form(line: Line) -> Form:
    """The form of a request that is signed, of our account, and well formed; raises `WebhookRefused`.

    Read from the WSGI environment: Flask's parsed headers and its guarded stream cost twice as much as the signature.
    """
    environ = request.environ
    return line.webhooks.read(_signed_url(line, environ), _body(environ), environ)


def _body(environ: Mapping[str, Any]) -> bytes:
    """What the server has received; without a length it came in chunks, and Flask's own limit holds."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdecimal()):
        return request.get_data(cache=False)
    if int(length) > MAX_BODY:
        raise WebhookRefused("too large")
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def blueprint(line: Line) -> Blueprint:
    """Every voice URL of the product."""
    voice = Blueprint("voice", __name__)

    def sorry() -> str:
        return fallback.apology(line.documents, line.languages, line.public_url, line.overflow_queue())

    holding = fallback.hold(line.documents, line.languages)

    @voice.post("/voice")
    @_guarded(line, lambda: line.answer(sorry()))
    def begin(form: Form) -> str:
        return line.opened.conversation.begin(form)

    @voice.post("/voice/turn/<int:turn>")
    @_guarded(line, lambda: line.answer(sorry()))
    def answer(form: Form, turn: int) -> str:
        return line.opened.conversation.answer(form, turn)

    @voice.post("/voice/status")
    @_guarded(line, lambda: Response("try again", 503, content_type=PLAIN))  # no caller hears it
    def status(form: Form) -> str:
        if form.is_final:
            line.opened.conversation.hang_up(form)
        return line.documents.nothing()

    _waiting(voice, line, holding)
    _with_an_agent(voice, line, sorry)
    _static(voice, line, sorry, holding)
    return voice


def _waiting(voice: Blueprint, line: Line, holding: str) -> None:
    """What a caller in a queue hears and keys; who waits already goes on waiting, and cannot be queued again."""

    @voice.post("/voice/wait/<int:turn>")
    @voice.post("/voice/wait/<int:turn>/<int:number>")
    @_guarded(line, lambda: line.answer(holding))
    def wait(form: Form, turn: int, number: int = 1) -> str:
        return line.opened.waiting_room.round(form, turn, number)

    @voice.post("/voice/wait/turn/<int:turn>")
    @_guarded(line, lambda: line.answer(holding))
    def answer_waiting(form: Form, turn: int) -> str:
        return line.opened.conversation.answer(form, turn)


def _with_an_agent(voice: Blueprint, line: Line, sorry: Callable[[], str]) -> None:
    """What the provider asks for while a caller is with an agent, and what it tells of their conference."""

    @voice.post("/voice/desk/<int:interaction>/join")
    @_guarded(line, lambda: line.answer(sorry()))
    def join(form: Form, interaction: int) -> str:
        return line.opened.conference_room.join(form, interaction)

    @voice.post("/voice/desk/<int:interaction>/after")
    @_guarded(line, lambda: line.answer(sorry()))
    def after(form: Form, interaction: int) -> str:
        return line.opened.conference_room.after(form, interaction)

    @voice.post("/voice/desk/<int:interaction>/verify/<any(query, transaction):level>/<int:turn>")
    @_guarded(line, lambda: line.answer(sorry()))
    def verify(form: Form, interaction: int, level: str, turn: int) -> str:
        return line.opened.conference_room.verify(form, interaction, turn, level)

    @voice.post("/voice/desk/<int:interaction>/resume/<int:turn>")
    @_guarded(line, lambda: line.answer(sorry()))
    def resume(form: Form, interaction: int, turn: int) -> str:
        return line.opened.conference_room.resume(form, interaction, turn)

    @voice.post("/voice/desk/back")
    @_guarded(line, lambda: line.answer(sorry()))
    def back(form: Form) -> str:
        return line.opened.conference_room.back(form)

    @voice.post("/voice/desk/<int:interaction>/hold")
    @_guarded(line, lambda: line.answer(line.documents.nothing()))
    def on_hold(form: Form, interaction: int) -> str:
        return line.opened.conference_room.on_hold(form, interaction)

    @voice.post("/voice/desk/<int:interaction>/lost")
    @_guarded(line, lambda: line.answer(line.documents.nothing()))
    def lost(form: Form, interaction: int) -> str:
        return line.opened.conference_room.lost(form, interaction)

    @voice.post("/voice/desk/news")
    def news() -> Response:
        environ = request.environ
        try:
            told = line.webhooks.news(_signed_url(line, environ), _body(environ), environ)
            line.opened.conference_room.note(told)
        except WebhookRefused as refusal:
            TURNS.labels("refused").inc()
            LOG.warning("webhook refused", reason=str(refusal), path=request.path)
            return Response("forbidden", 403, content_type=PLAIN)
        except Exception:  # told again by the provider, or found out by the sweep
            LOG.exception("news of a call could not be taken")
            return Response("try again", 503, content_type=PLAIN)
        return line.answer(line.documents.nothing())


def _guarded(line: Line, failed: Callable[[], Response]) -> Callable[[Callable[..., str]], Callable[..., Response]]:
    """Signed requests only; `failed` answers where all else failed, for a caller never meets a 500."""

    def guard(act: Callable[..., str]) -> Callable[..., Response]:
        @wraps(act)
        def view(**path: int) -> Response:
            try:
                form = _checked_form(line)
            except WebhookRefused as refusal:
                TURNS.labels("refused").inc()
                LOG.warning("webhook refused", reason=str(refusal), path=request.path)
                return Response("forbidden", 403, content_type=PLAIN)
            return _answered(line, act, form, path, failed)

        return view

    return guard


def _answered(
    line: Line, act: Callable[..., str], form: Form, path: Mapping[str, int], failed: Callable[[], Response]
) -> Response:
    try:
        answer = act(form, **path)
    except UnknownTurn as unknown:
        TURNS.labels("unknown").inc()
        LOG.warning("unknown turn", reason=str(unknown), call=form.call)
        is_over = isinstance(unknown, CallOver) or form.is_final
        return line.gone() if is_over else failed()
    except NotReady as reason:
        TURNS.labels("apology").inc()
        LOG.warning("no turn can be taken yet", reason=str(reason), call=form.call)
        return failed()
    except Exception:  # whatever it is, the answer is one the provider can carry out
        TURNS.labels("apology").inc()
        LOG.exception("turn failed", call=form.call)
        return failed()
    ANSWERED.inc()
    return line.answer(answer)


def _static(voice: Blueprint, line: Line, sorry: Callable[[], str], holding: str) -> None:
    """The pages that need nothing: unsigned, the same for everyone, and without a database."""

    @voice.route("/voice/fallback", methods=["GET", "POST"])
    def fall_back() -> Response:
        TURNS.labels("fallback").inc()
        waits = "/voice/wait/" in line.webhooks.failed_url(request.values)  # whoever waits cannot be queued again
        return line.answer(holding if waits else sorry())

    @voice.route("/voice/fallback/wait", methods=["GET", "POST"])
    def hold() -> Response:
        return line.answer(holding)
