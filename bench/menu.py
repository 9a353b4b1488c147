"""The menu of Twilio's tutorials: Flask, `twilio.twiml`, the position in the URL, no state and no signature.

It speaks the same texts and has the same options as the generated bundle of ten steps.
"""

from collections.abc import Callable

from flask import Flask, Response, request
from twilio.twiml.voice_response import Gather, VoiceResponse

from bench import bundles

CHINESE, ENGLISH = ("cmn-CN", "Polly.Zhiyu-Neural"), ("en-US", "Polly.Joanna-Neural")
SERVICES = 4


def _hints(*names: str) -> str:
    return ",".join(word for name in names for word in bundles.WORDS[name])


def _question(said: list[tuple[str, tuple[str, str]]], action: str, hints: str) -> str:
    answer = VoiceResponse()
    gather = Gather(
        input="dtmf speech", language="cmn-Hans-CN", speech_timeout="2", hints=hints, action=action, method="POST",
        timeout=6, num_digits=1, finish_on_key="",
    )  # fmt: skip
    for text, (language, voice) in said:
        gather.say(text, language=language, voice=voice)
    answer.append(gather)
    answer.redirect(action, method="POST")
    return str(answer)


def _menu(before: str = "") -> str:
    hints = _hints("first", "second", "third", "fourth")
    return _question([(before + bundles.MENU, CHINESE)], "/voice/menu", hints)


def _next(number: int, before: str) -> str:
    said = [(before + bundles.NEXT, CHINESE)]
    return _question(said, f"/voice/next/{number}", _hints("next", "menu"))


def _service(number: int) -> str:
    return _next(number, bundles.info(number))


def _welcome(before: str = "") -> str:
    said = [(before + bundles.WELCOME["zh-CN"], CHINESE), (bundles.WELCOME["en"], ENGLISH)]
    return _question(said, "/voice/language", _hints("chinese", "english"))


def turn(place: str, number: int, digits: str | None) -> str:
    """The TwiML of one turn: `place` is the position of the call, `number` the last service."""
    wrong = bundles.WRONG if digits else bundles.SILENCE
    if place == "language":
        return _menu() if digits == "1" else _welcome(wrong)
    if place == "menu":
        return _service(int(digits) - 1) if digits in ("1", "2", "3", "4") else _menu(wrong)
    if place == "next":
        if digits == "1":
            return _service((number + 1) % SERVICES)
        return _menu() if digits == "2" else _next(number, wrong)
    return _welcome()


def application(take: Callable[[str, int, str | None], str]) -> Flask:
    """A Flask application whose views return the result of `take`."""
    app = Flask("menu", static_folder=None)

    def answer(place: str, number: int = 0) -> Response:
        return Response(take(place, number, request.values.get("Digits")), mimetype="text/xml")

    @app.route("/voice", methods=["GET", "POST"])
    def welcome() -> Response:
        return answer("welcome")

    @app.route("/voice/language", methods=["GET", "POST"])
    def language() -> Response:
        return answer("language")

    @app.route("/voice/menu", methods=["GET", "POST"])
    def choose() -> Response:
        return answer("menu")

    @app.route("/voice/next/<int:number>", methods=["GET", "POST"])
    def following(number: int) -> Response:
        return answer("next", number)

    return app


def menu() -> Flask:
    """The stateless application."""
    return application(turn)
