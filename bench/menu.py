"""The menu that Twilio's tutorials teach: Flask, `twilio.twiml`, the place in the URL, no state and no signature.

It says what the generated bundle of ten steps says, and does what its steps do.
"""

from flask import Flask, Response, request
from twilio.twiml.voice_response import Gather, VoiceResponse

from bench import bundles

CHINESE, ENGLISH = ("cmn-CN", "Polly.Zhiyu-Neural"), ("en-US", "Polly.Joanna-Neural")
SERVICES = 4


def _hints(*names: str) -> str:
    return ",".join(word for name in names for word in bundles.WORDS[name])


def _question(said: list[tuple[str, tuple[str, str]]], action: str, hints: str) -> Response:
    answer = VoiceResponse()
    gather = Gather(
        input="dtmf speech", language="cmn-Hans-CN", speech_timeout="2", hints=hints, action=action, method="POST",
        timeout=6, num_digits=1, finish_on_key="",
    )  # fmt: skip
    for text, (language, voice) in said:
        gather.say(text, language=language, voice=voice)
    answer.append(gather)
    answer.redirect(action, method="POST")
    return Response(str(answer), mimetype="text/xml")


def _menu(before: str = "") -> Response:
    hints = _hints("first", "second", "third", "fourth")
    return _question([(before + bundles.MENU, CHINESE)], "/voice/menu", hints)


def _next(number: int, before: str) -> Response:
    said = [(before + bundles.NEXT, CHINESE)]
    return _question(said, f"/voice/next/{number}", _hints("next", "menu"))


def _service(number: int) -> Response:
    return _next(number, bundles.info(number))


def _welcome(before: str = "") -> Response:
    said = [(before + bundles.WELCOME["zh-CN"], CHINESE), (bundles.WELCOME["en"], ENGLISH)]
    return _question(said, "/voice/language", _hints("chinese", "english"))


def menu() -> Flask:
    """The application."""
    app = Flask("menu", static_folder=None)

    @app.route("/voice", methods=["GET", "POST"])
    def welcome() -> Response:
        return _welcome()

    @app.route("/voice/language", methods=["GET", "POST"])
    def language() -> Response:
        digits = request.values.get("Digits")
        if digits == "1":
            return _menu()
        return _welcome(bundles.WRONG if digits else bundles.SILENCE)

    @app.route("/voice/menu", methods=["GET", "POST"])
    def choose() -> Response:
        digits = request.values.get("Digits")
        if digits in ("1", "2", "3", "4"):
            return _service(int(digits) - 1)
        return _menu(bundles.WRONG if digits else bundles.SILENCE)

    @app.route("/voice/next/<int:number>", methods=["GET", "POST"])
    def following(number: int) -> Response:
        digits = request.values.get("Digits")
        if digits == "1":
            return _service((number + 1) % SERVICES)
        if digits == "2":
            return _menu()
        return _next(number, bundles.WRONG if digits else bundles.SILENCE)

    return app
