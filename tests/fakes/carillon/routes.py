"""What a carillon answers to each path of its API."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.carillon.exchange import Carillon, Note
from tests.fakes.carillon.legs import OVER, Leg
from tests.fakes.carillon.places import Chair, Line, Room, Tape, new_id

PEER = re.compile(r"tel:\+[1-9][0-9]{6,14}|desk:[a-z0-9_]+", re.ASCII)
Body = Mapping[str, Any]
Handler = Callable[..., Any]
ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


class Fault(Exception):  # noqa: N818 - an answer
    """What the API refuses: an HTTP status and a word."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status, self.word = status, word


def route(verb: str, path: str) -> Callable[[Handler], Handler]:
    """Hang a handler below /v3; {} in the path are its arguments."""

    def hang(handler: Handler) -> Handler:
        ROUTES.append((verb, re.compile("/v3" + path.replace("{}", "([^/]+)")), handler))
        return handler

    return hang


def _leg(carillon: Carillon, name: str, *, up: bool = False) -> Leg:
    leg = carillon.legs.get(name)
    if leg is None:
        raise Fault(404, "no_such_leg")
    if up and leg.state != "up":
        raise Fault(409, "leg_not_up")
    return leg


def _peer(body: Body) -> str:
    if not PEER.fullmatch(body["peer"]):
        raise Fault(422, "no_such_number")
    return str(body["peer"])


@route("POST", "/legs")
def ring(carillon: Carillon, body: Body) -> object:
    leg = carillon.ring(_peer(body), body["news"], lambda each: each.live(body["give"]))
    return {"leg": leg.id}


@route("GET", "/legs")
def find_legs(carillon: Carillon, body: Body) -> object:
    after = float(body["after"])
    found = [each for each in carillon.legs.values() if each.peer == body["peer"] and each.born >= after]
    return [each.id for each in sorted(found, key=lambda each: -each.born)]


@route("GET", "/legs/{}")
def look_at_leg(carillon: Carillon, _: Body, name: str) -> object:
    leg = _leg(carillon, name)
    return {"state": leg.state, "line": leg.line.id if leg.line else None}


@route("PUT", "/legs/{}/course")
def change_course(carillon: Carillon, body: Body, name: str) -> object:
    _leg(carillon, name, up=True).signals.put(("move", body["give"]))
    return {}


@route("PUT", "/legs/{}/end")
def end_leg(carillon: Carillon, _: Body, name: str) -> object:
    leg = _leg(carillon, name)
    if leg.state in OVER:
        raise Fault(409, "leg_not_up")
    leg.end("withdrawn" if leg.state == "alerting" else "finished")
    return {}


def _room(carillon: Carillon, name: str) -> Room:
    room = next((each for each in carillon.rooms.values() if name in (each.id, each.name)), None)
    if room is None or room.closed:
        raise Fault(404, "no_such_room")
    return room


def _chair(carillon: Carillon, room: str, leg: str) -> Chair:
    chair = _room(carillon, room).chair(leg)
    if chair is None:
        raise Fault(404, "no_such_chair")
    return chair


def _seated(chair: Chair) -> dict[str, Any]:
    told = {name: getattr(chair, name) for name in ("tag", "silent", "parked", "whispers_to")}
    return {"leg": chair.leg.id, **told}


@route("GET", "/rooms/{}")
def look_at_room(carillon: Carillon, _: Body, name: str) -> object:
    room = _room(carillon, name)
    return {"room": room.id, "chairs": [_seated(each) for each in room.chairs]}


@route("POST", "/rooms/{}/chairs")
def ring_into_room(carillon: Carillon, body: Body, name: str) -> object:
    sit = {"name": name, "then": "", "news": "", **body["chair"]}
    leg = carillon.ring(_peer(body), body["news"], lambda each: each.live_in(sit))
    return {"leg": leg.id}


@route("PATCH", "/rooms/{}/chairs/{}")
def change_chair(carillon: Carillon, body: Body, room: str, leg: str) -> object:
    chair = _chair(carillon, room, leg)
    if body.get("whispers_to") and _room(carillon, room).chair(body["whispers_to"]) is None:
        raise Fault(404, "no_such_chair")
    for name in body.keys() & {"silent", "parked", "whispers_to"}:
        setattr(chair, name, body[name])
    if body.get("hear"):
        chair.leg.signals.put(("hear", body["hear"]))
    return _seated(chair)


@route("DELETE", "/rooms/{}/chairs/{}")
def clear_chair(carillon: Carillon, _: Body, room: str, leg: str) -> object:
    _chair(carillon, room, leg).leg.signals.put(("out", None))
    return {}


@route("PATCH", "/rooms/{}")
def tell_room(carillon: Carillon, body: Body, name: str) -> object:
    for chair in _room(carillon, name).chairs:
        chair.leg.signals.put(("hear", body["hear"]))
    return {}


@route("DELETE", "/rooms/{}")
def shut_room(carillon: Carillon, _: Body, name: str) -> object:
    carillon.close_room(_room(carillon, name))
    return {}


def _tape(carillon: Carillon, name: str) -> Tape:
    tape = carillon.tapes.get(name)
    if tape is None:
        raise Fault(404, "no_such_tape")
    return tape


def _told(tape: Tape) -> dict[str, Any]:
    return {"tape": tape.id, "leg": tape.leg, "state": tape.state, "tracks": 2, "length": 1}


@route("POST", "/legs/{}/tapes")
def roll(carillon: Carillon, body: Body, leg: str) -> object:
    tape = Tape(new_id("tape"), _leg(carillon, leg, up=True).id, body["news"])
    carillon.tapes[tape.id] = tape
    return _told(tape)


@route("GET", "/legs/{}/tapes")
def find_tapes(carillon: Carillon, _: Body, leg: str) -> object:
    return [_told(each) for each in reversed(carillon.tapes.values()) if each.leg == leg]


@route("GET", "/tapes/{}")
def look_at_tape(carillon: Carillon, _: Body, name: str) -> object:
    return _told(_tape(carillon, name))


@route("PATCH", "/legs/{}/tapes/{}")
def change_tape(carillon: Carillon, body: Body, leg: str, name: str) -> object:
    tape = _tape(carillon, name)
    if tape.leg != leg:
        raise Fault(404, "no_such_tape")
    if tape.state == "baked" and body["state"] != "baked":
        raise Fault(409, "tape_baked")
    if body["state"] == "baked":
        carillon.bake(tape)
    else:
        tape.state = body["state"]
    return _told(tape)


@route("GET", "/tapes/{}/sound")
def hear_tape(carillon: Carillon, _: Body, name: str) -> object:
    tape = _tape(carillon, name)
    if tape.state != "baked":
        raise Fault(404, "no_sound_yet")
    return tape.sound()


@route("DELETE", "/tapes/{}")
def burn(carillon: Carillon, _: Body, name: str) -> object:
    if _tape(carillon, name).state != "baked":
        raise Fault(423, "tape_rolls")
    del carillon.tapes[name]
    return {}


def _line(carillon: Carillon, name: str) -> Line:
    line = next((each for each in carillon.lines.values() if name in (each.id, each.name)), None)
    if line is None:
        raise Fault(404, "no_such_line")
    return line


@route("GET", "/lines/{}")
def look_at_line(carillon: Carillon, _: Body, name: str) -> object:
    line = _line(carillon, name)
    with carillon.lock:
        return {"line": line.id, "legs": [{"leg": each.id, "waits": 7} for each in line.legs]}


@route("PUT", "/lines/{}/legs/{}")
def pick_up(carillon: Carillon, body: Body, name: str, leg: str) -> object:
    if all(each.id != leg for each in _line(carillon, name).legs):
        raise Fault(404, "not_in_line")
    _leg(carillon, leg).signals.put(("move", body["give"]))
    return {}


@route("POST", "/notes")
def send_note(carillon: Carillon, body: Body) -> object:
    note = Note(_peer(body), body["words"])
    carillon.notes.append(note)
    return {"note": note.id}


@route("GET", "/notes")
def find_notes(carillon: Carillon, body: Body) -> object:
    after = float(body["after"])
    found = [each for each in carillon.notes if each.to == body["peer"] and each.at >= after]
    return [{"note": each.id, "words": each.words} for each in found]


@route("GET", "/notes/{}")
def look_at_note(carillon: Carillon, _: Body, name: str) -> object:
    if all(each.id != name for each in carillon.notes):
        raise Fault(404, "no_such_note")
    return {"state": "arrived"}
