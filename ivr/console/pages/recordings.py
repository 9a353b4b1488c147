"""Listening to a recorded talk: asked for by a deed that is audited, then passed on in the parts that are asked for.

The address of the sound bears a seal that only the deed gives out; it opens one recording for one person for an hour
or two, however often the browser asks for another part.
"""

import hmac
from datetime import timedelta

from flask import Blueprint, Response, abort, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from ivr.centre.desk.models import Interaction
from ivr.centre.staff.permissions import Permission
from ivr.console.access import needs
from ivr.console.office import actor, now, office, reading, work
from ivr.foundation.errors import ProviderError
from ivr.platform.audit.records import record
from ivr.telephony.provider import Sound

pages = Blueprint("recordings", __name__, url_prefix="/calls")
SEAL_CHARACTERS = 32


@pages.post("/<call>/recordings/<talk>/listen")
@needs(Permission.RECORDINGS_LISTEN)
def listen(call: str, talk: str) -> Answer:
    """Write down who listens to what, and give out the address of the sound."""
    with work() as db:
        interaction = _recorded(db, call, talk)
        record(db, actor(), "recording_heard", call, now(), interaction=interaction.id, agent=interaction.agent_id)
    return redirect(url_for("console.calls.show", call=call, listen=f"{talk}.{_seal(talk)}"), 303)


@pages.get("/<call>/recordings/<talk>/<seal>.wav")
@needs(Permission.RECORDINGS_LISTEN)
def sound(call: str, talk: str, seal: str) -> Response:
    """The sound, or the part of it that the browser asks for."""
    if not any(hmac.compare_digest(seal, _seal(talk, hours)) for hours in (0, 1)):
        abort(404)
    with reading() as db:
        recording = _recorded(db, call, talk).recording_id or ""
    first, last = _range()
    part = _part(recording, first, last)
    if part.whole is None:  # a part of what nobody knows the end of cannot be told
        return Response(_part(recording, 0, None).pieces, mimetype="audio/wav")
    last = part.whole - 1 if last is None else min(last, part.whole - 1)
    answer = Response(part.pieces, status=206 if "Range" in request.headers else 200, mimetype="audio/wav")
    answer.content_length = last - first + 1
    answer.headers["Accept-Ranges"] = "bytes"
    if answer.status_code == 206:
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{part.whole}"
    return answer


def _range() -> tuple[int, int | None]:
    """The bytes that are asked for; the end of a file alone (-500) is not asked for by players, and gets all of it."""
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1 or wanted.ranges[0][0] < 0:
        return 0, None
    first, stop = wanted.ranges[0]
    return first, None if stop is None else stop - 1


def _part(recording: str, first: int, last: int | None) -> Sound:
    try:
        found = office().recordings.sound(recording, first, last)
    except ProviderError:
        abort(503)
    if found is None or (found.whole is not None and first >= found.whole):
        abort(404)
    return found


def _recorded(db: Session, call: str, talk: str) -> Interaction:
    found = db.get(Interaction, int(talk)) if talk.isascii() and talk.isdecimal() and len(talk) < 10 else None
    if found is None or found.call_id != call or not found.recording_id:
        abort(404)
    return found


def _seal(talk: str, hours_ago: int = 0) -> str:
    hour = (now() - timedelta(hours=hours_ago)).strftime("%Y-%m-%dT%H")
    return office().keyring.blind_index("listening", f"{actor().id}|{talk}|{hour}").hex()[:SEAL_CHARACTERS]
