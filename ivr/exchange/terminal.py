"""A telephone in the terminal: prints what the hotline says, takes keys and words from lines of text."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

import requests

from ivr.exchange.terminal_words import HELP, describe

POLL_SECONDS = 5
FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
CUES = frozenset({"listening", "queued", "connected", "recording", "pause", "no_input", "error", "ended"})
"""Events after which a scripted phone may act: the hotline now waits, or will not."""


def run_terminal(
    base_url: str,
    from_number: str,
    *,
    script: Iterable[str] | None,
    out: TextIO,
    input: TextIO,  # noqa: A002 - the name the command line gives it
) -> int:
    """Calls the hotline of the exchange at `base_url` and stays until the call is over.

    script: lines such as "1", "1234#", "say 查询余额", "wait", "hangup"; each is played when the hotline next waits.
    Without one, lines are read from `input`. Answers 0 when the call ended normally, 1 after an error event or a
    call that never came about. Ctrl-C hangs up.
    """
    call = TerminalCall(base_url.rstrip("/"), from_number, out)
    try:
        if not call.dial():
            return 1
        return call.play(script) if script is not None else call.talk(input)
    except KeyboardInterrupt:
        call.act("hangup")
        call.follow(lambda: False)
        return call.verdict()
    except requests.RequestException as error:
        out.write(f"! no connection to the exchange: {type(error).__name__}\n")
        return 1


class TerminalCall:
    """One call, as seen from its phone."""

    def __init__(self, base_url: str, number: str, out: TextIO) -> None:
        self._api = f"{base_url}/phone/api"
        self._number = number
        self._out = out
        self._session = requests.Session()
        self._session.trust_env = False
        self._call = ""
        self._after = 0
        self._cue = 0
        self._failed = False
        self._state = "ringing"

    def dial(self) -> bool:
        self._session.put(f"{self._api}/phones/{self._number}", json={"label": "terminal"}, timeout=10)
        answer = self._session.post(f"{self._api}/calls", json={"from": self._number}, timeout=10)
        if not answer.ok:
            self._out.write(f"! {_reason(answer)}\n")
            return False
        self._call = answer.json()["call"]
        threading.Thread(target=self._watch_texts, args=(requests.Session(),), daemon=True).start()
        return True

    def play(self, script: Iterable[str]) -> int:
        """Plays each line when the hotline waits; after the last, listens until the end."""
        for line in script:
            acted = self._cue
            self.follow(lambda seen=acted: self._cue > seen)
            if self._state in FINAL:
                break
            self._obey(line.strip())
        self.follow(lambda: False)
        return self.verdict()

    def talk(self, lines: TextIO) -> int:
        """A person types while the call is printed from another thread."""
        printer = threading.Thread(target=self.follow, args=(lambda: False,), daemon=True)
        printer.start()
        for line in _until_over(lines, lambda: self._state in FINAL):
            self._obey(line.strip())
            if self._state in FINAL:
                break
        else:
            self.act("hangup")
        printer.join(2 * POLL_SECONDS)
        return self.verdict()

    def follow(self, enough: Callable[[], bool]) -> None:
        """Prints events until `enough` or the end of the call."""
        while self._state not in FINAL and not enough():
            url = f"{self._api}/calls/{self._call}/events?after={self._after}&wait={POLL_SECONDS}"
            news = self._session.get(url, timeout=30).json()
            for event in news["events"]:
                self._after = event["seq"]
                self._cue = event["seq"] if event["type"] in CUES else self._cue
                self._failed = self._failed or event["type"] == "error"
                self._out.write(describe(event))
            self._out.flush()
            self._state = news["state"]

    def act(self, deed: str, **body: object) -> None:
        url = f"{self._api}/calls/{self._call}/{deed}"
        answer = requests.post(url, json=body or None, timeout=30)
        if not answer.ok:
            self._out.write(f"! {_reason(answer)}\n")

    def verdict(self) -> int:
        return 0 if self._state == "completed" and not self._failed else 1

    def _obey(self, line: str) -> None:
        if not line:
            return
        word, _, rest = line.partition(" ")
        if set(line) <= set("0123456789*#"):
            self.act("keys", digits=line)
        elif word == "say" and rest.strip():
            self.act("speech", text=rest.strip(), confidence=0.9)
        elif line == "wait":
            self.act("silence")
        elif line == "hangup":
            self.act("hangup")
        else:
            self._out.write(HELP)

    def _watch_texts(self, session: requests.Session) -> None:
        after = 0
        while self._state not in FINAL:
            url = f"{self._api}/phones/{self._number}/inbox?after={after}&wait={POLL_SECONDS}"
            try:
                events = session.get(url, timeout=30).json().get("events", [])
            except requests.RequestException:
                return
            for event in events:
                after = event["seq"]
                self._out.write(describe(event))


def _until_over(lines: TextIO, over: Callable[[], bool]) -> Iterator[str]:
    for line in lines:
        if over():
            return
        yield line


def _reason(answer: requests.Response) -> str:
    error = answer.json().get("error", {})
    return f"{error.get('message_zh', answer.status_code)} / {error.get('message_en', '')}"
