"""Runs the exchange as a program: `python -m exchange --voice-url http://127.0.0.1:8000/voice`."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

import waitress
from flask import Flask

from exchange import Exchange, ExchangeSettings
from exchange.loopback import is_loopback_host
from exchange.settings import CLIENT, E164, WITHHELD
from exchange.sids import new_sid
from exchange.terminal import run_terminal

THREADS = 64
"""Each listening phone occupies a thread for up to ten seconds."""


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """The exit code: 0 after a normal end, 2 for a refusal to start."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.call:
        return run_terminal(chosen.call, chosen.number, script=None, out=sys.stdout, input=sys.stdin)
    settings = _settings(parser, chosen)
    _refuse_a_real_account(parser, settings, environment)
    if not is_loopback_host(chosen.host):
        parser.error(f"{chosen.host} is not this machine: the exchange has no sign-in and stays on 127.0.0.1")
    serve(settings, "127.0.0.1" if chosen.host == "localhost" else chosen.host, chosen.port)
    return 0


def serve(settings: ExchangeSettings, host: str, port: int) -> None:
    """Runs until interrupted. Port 0 takes a free port, which is printed."""
    exchange = Exchange(settings)
    app = Flask("exchange")
    app.register_blueprint(exchange.blueprint())
    server = waitress.create_server(app, host=host, port=port, threads=THREADS, ident=None, asyncore_use_poll=True)
    base = f"http://{f'[{host}]' if ':' in host else host}:{server.effective_port}"
    sys.stdout.write(
        f"phone     {base}/phone\n"
        f"REST      {base}/2010-04-01\n"
        f"account   {settings.account_sid}\n"
        f"token     {settings.auth_token}\n"
    )
    sys.stdout.flush()
    try:
        server.run()
    finally:
        exchange.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m exchange", description="A telephone exchange for one machine.")
    parser.add_argument("--voice-url", help="webhook that answers calls to the hotline")
    parser.add_argument("--status-url", help="webhook told when such a call ended")
    parser.add_argument("--fallback-url", help="asked for TwiML when the voice URL fails")
    parser.add_argument(
        "--type-ahead",
        choices=("dropped", "kept"),
        default="dropped",
        help="keys pressed while nothing listens: lost, or taken by the next Gather (%(default)s)",
    )
    parser.add_argument("--hotline", default="+864009990000", help="the hotline's number (%(default)s)")
    parser.add_argument("--account-sid", default=new_sid("AC"), help="made up when not given")
    parser.add_argument("--auth-token", default=new_sid(""), help="signs webhooks; made up and printed when not given")
    parser.add_argument("--pace", choices=("real", "stepped"), default="real")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (%(default)s)")
    parser.add_argument("--port", type=int, default=8060)
    parser.add_argument("--call", metavar="BASE_URL", help="be a phone in this terminal and call through that exchange")
    parser.add_argument("--number", type=_number, default="+8613800138000", help="the calling phone's number")
    return parser


def _number(text: str) -> str:
    if E164.fullmatch(text) or CLIENT.fullmatch(text) or text.upper() in WITHHELD:
        return text
    raise argparse.ArgumentTypeError("a number such as +8613800138000, client:NAME, or anonymous")


def _settings(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> ExchangeSettings:
    if not chosen.voice_url:
        parser.error("--voice-url is needed: somebody must answer the hotline")
    try:
        return ExchangeSettings(
            account_sid=chosen.account_sid,
            auth_token=chosen.auth_token,
            hotline_number=chosen.hotline,
            voice_url=chosen.voice_url,
            status_url=chosen.status_url,
            fallback_url=chosen.fallback_url,
            pace=chosen.pace,
            type_ahead=chosen.type_ahead,
        )
    except ValueError as error:
        parser.error(str(error))


def _refuse_a_real_account(
    parser: argparse.ArgumentParser, settings: ExchangeSettings, environment: Mapping[str, str]
) -> None:
    """A stand-in must never run with the credentials of the real account."""
    own = {"TWILIO_ACCOUNT_SID": settings.account_sid, "TWILIO_AUTH_TOKEN": settings.auth_token}
    for name, value in own.items():
        if environment.get(name, value) != value:
            parser.error(f"{name} is set to another account: unset it, or give the exchange the same one")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
