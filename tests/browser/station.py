"""A telephone exchange and the application behind its hotline, both on loopback: what a browser test calls."""

import socket
import struct
import threading
import uuid
from datetime import UTC, datetime

import waitress
from flask import Flask, Response, request

from exchange import DemoNumber, Exchange, ExchangeSettings
from exchange.leg import Leg
from exchange.media import silence

HOTLINE = "+864009990000"
WANG = "+8613800138000"
LI = "+8613900139000"
PASSWORD = "739154"
CODE = "482913"
BOUND_SECONDS = 20
DEMO = (
    DemoNumber(WANG, "王先生", "查询密码 739154", "query password 739154"),
    DemoNumber(LI, "李女士", "没有登记手机银行", "no mobile banking"),
)

MENU = (
    '<Gather input="dtmf speech" language="zh" numDigits="1" timeout="9" action="/menu">'
    '<Say language="cmn-CN" voice="Polly.Zhiyu">查询请按1</Say></Gather>'
)
ASK = (
    '<Gather numDigits="6" timeout="9" action="/password">'
    '<Say language="cmn-CN" voice="Polly.Zhiyu">请输密码</Say></Gather>'
)
PAYEE = (
    '<Gather numDigits="1" timeout="9" action="/menu"><Say language="en-US">You pay the one who receives it. For</Say>'
    '<Say language="cmn-CN">王芳</Say><Say language="en-US">, card 4458, press 1.</Say></Gather>'
)
GOODBYE = '<Say language="cmn-CN" voice="Polly.Zhiyu">再见</Say><Hangup/>'


def captioned(caption: str) -> bytes:
    """A second of silence that says what it plays, as the hotline's hold music does."""
    wave, text = b"".join(silence(1, 1)), caption.encode() + b"\0"
    text += b"\0" * (len(text) % 2)
    info = b"INFOICMT" + struct.pack("<I", len(text)) + text
    whole = wave[8:] + b"LIST" + struct.pack("<I", len(info)) + info
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def twiml(body: str) -> Response:
    return Response(f"<Response>{body}</Response>", content_type="text/xml")


def free_port() -> int:
    """A loopback port nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ending(leg: Leg) -> tuple[str, str]:
    """By whom and why the call ended, waiting for that."""
    with leg.channel.changed:
        assert leg.channel.changed.wait_for(lambda: leg.over, timeout=BOUND_SECONDS), "the caller is still on the line"
        return leg.journal[-1]["by"], leg.journal[-1]["reason"]


def serve(app: Flask) -> str:
    """Serves an application until the tests end, for a phone may listen until then; answers its base URL."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=48, asyncore_use_poll=True)
    threading.Thread(target=server.run, daemon=True).start()
    return f"http://127.0.0.1:{server.effective_port}"


class Station:
    """The hotline's application (`app`) and, once `connect` was called, the exchange that calls it."""

    def __init__(self) -> None:
        self.app = Flask("tests.browser.hotline")
        self.exchange: Exchange | None = None
        self.served = Flask("tests.browser.exchange")
        rule = self.app.add_url_rule
        rule("/voice", "voice", lambda: twiml(MENU), methods=["POST"])
        rule("/menu", "menu", self.menu, methods=["POST"])
        rule("/hello.wav", "hello", lambda: Response(b"".join(silence(1, 1)), content_type="audio/wav"))
        rule("/hold.wav", "hold", lambda: Response(captioned("等候音乐 / hold music"), content_type="audio/wav"))
        rule("/password", "password", self.password, methods=["POST"])

    def connect(self, voice_url: str) -> Flask:
        """Builds the exchange; answers the application that serves its page and API."""
        self.exchange = Exchange(ExchangeSettings("AC" + "0" * 32, "token", HOTLINE, voice_url, demo_numbers=DEMO))
        self.served.register_blueprint(self.exchange.blueprint())
        return self.served

    def menu(self) -> Response:
        said = request.form.get("SpeechResult", "")
        if said:
            return twiml(f'<Say language="cmn-CN" voice="Polly.Zhiyu">您说{said}</Say>{MENU}')
        chosen = {"1": ASK, "2": f"<Play>/hello.wav</Play>{MENU}", "3": PAYEE, "5": f"<Play>/hold.wav</Play>{MENU}"}
        return twiml((chosen | {"9": GOODBYE}).get(request.form["Digits"], MENU))

    def password(self) -> Response:
        if request.form["Digits"] != PASSWORD:
            return twiml(f'<Say language="cmn-CN" voice="Polly.Zhiyu">密码有误</Say>{ASK}')
        self.send_text(request.form["From"], f"【示范银行】验证码{CODE}，五分钟内有效，请勿告诉他人。")
        return twiml(f'<Say language="cmn-CN" voice="Polly.Zhiyu">余额一百元</Say>{MENU}')

    def send_text(self, to: str, body: str) -> None:
        """Drops a text into a phone's inbox as the exchange's REST interface does."""
        assert self.exchange is not None
        phones = self.exchange._board.phones
        sid = f"SM{uuid.uuid4().hex}"
        phones.deliver_event(
            to, "text", sid=sid, **{"from": HOTLINE}, to=to, body=body, at=datetime.now(UTC).isoformat()
        )

    def ring(self, number: str) -> Leg:
        """Calls a phone as the exchange's REST interface does; the leg is ringing."""
        assert self.exchange is not None
        board = self.exchange._board
        leg = board.open_leg(HOTLINE, number, "outbound-api")
        leg.move("ringing")
        board.phones.deliver_event(number, "incoming_call", **{"from": HOTLINE}, call=leg.sid)
        return leg


def newest(station: Station) -> Leg:
    """The call made last."""
    assert station.exchange is not None
    return list(station.exchange._board.legs.values())[-1]
