"""A telephone in the terminal: prints what the hotline says, reads keys and words from lines of text."""

import threading
from collections.abc import Callable, Iterable
from typing import Any, TextIO

import requests

from exchange import clock, terminal_input
from exchange.terminal_output import HELP, NOBODY, PROMPT, describe

POLL_SECONDS = 1
SCRIPT_TIMEOUT_SECONDS = 120.0
"""Timeout of a script for its next cue, and for the end after its last line; then the phone hangs up."""

MAX_SILENCES = 20
"""In the stepped pace timers do not expire: after its last line a script sends so many silences, then hangs up."""

FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def run_terminal(
    base_url: str,
    from_number: str,
    *,
    script: Iterable[str] | None,
    out: TextIO,
    input: TextIO,  # noqa: A002 - the name the command line gives it
) -> int:
    """Calls the hotline of the exchange at `base_url` and stays until the call has ended.

    script: lines such as "1", "1234#", "say 查询余额", "wait", "hangup". Each is played when the hotline next waits.

    A line "early 1" is played while it speaks. Keys beyond what the question takes follow at once: "739164#" has one.

    Without a script, lines are read from `input`. Returns 0 when the call ended normally, 1 after an error event, a
    call that was never connected, or one that had to be abandoned. Ctrl-C hangs up.
    """
    return converse(TerminalCall(base_url.rstrip("/"), from_number, out), script, input)


def converse(call: "TerminalCall", script: Iterable[str] | None, lines: TextIO) -> int:
    """Like `run_terminal`, for a call object that the caller keeps, to read `sid` and `caller_actions` afterwards."""
    out = call.out
    try:
        if not call.dial():
            return 1
        return call.run_script(script) if script is not None else call.run_interactive(lines)
    except KeyboardInterrupt:
        call.give_up("")
        return call.exit_code()
    except requests.Timeout:
        out.write("! 交换机没有应答 / the exchange does not answer\n")
    except requests.ConnectionError:
        out.write(NOBODY.format(url=call.base_url))
    except (requests.RequestException, ValueError, KeyError) as error:  # unreachable, or not an exchange
        out.write(f"! 无法连接交换机 / no connection to the exchange: {type(error).__name__}\n")
    return 1


class TerminalCall:
    """One call, from the phone's side."""

    def __init__(self, base_url: str, number: str, out: TextIO, type_ahead: str | None = None) -> None:
        """type_ahead: "dropped" or "kept", for keys pressed while nothing listens; None for the exchange's setting."""
        self._type_ahead = type_ahead
        self._asked: dict[str, Any] = {}
        self.base_url = base_url
        self._api = f"{base_url}/phone/api"
        self.number = number
        self.out = out
        self.sid = ""
        self.caller_actions: list[
            tuple[str, str]
        ] = []  # keys, heard, no_input, in order, without those during a wait in a queue
        self._queued = self._pressing = self._prompts = False
        self._listening, self._acting = _session(), _session()  # a person's actions come from another thread
        self._stepped = False
        self._after = self._texts_after = 0
        self._cue = ""
        self._failed = False
        self._state = "ringing"

    def dial(self) -> bool:
        self._stepped = self._get("hotline")["pace"] == "stepped"
        self._acting.put(f"{self._api}/phones/{self.number}", json={"label": "terminal"}, timeout=10)
        for text in self._texts():
            self._texts_after = text["seq"]  # older text messages were already read
        answer = self._acting.post(f"{self._api}/calls", json=self._dialled(), timeout=10)
        if not answer.ok:
            self.out.write(f"! {_reason(answer)}\n")
            return False
        self.sid = answer.json()["call"]
        return True

    def run_script(self, script: Iterable[str]) -> int:
        """Plays each line when the hotline waits for it; stays silent after the last."""
        for line in filter(None, map(str.strip, script)):
            cues = terminal_input.cues(line)
            if not self.follow(lambda: self._cue in cues):  # noqa: B023 - done before the loop goes on
                return self.give_up(f"没有等到输入时机 / the hotline never waited for: {line}")
            if self._state in FINAL:
                break
            self._cue = ""
            self._execute(line)
        return self._wait_for_end()

    def run_interactive(self, lines: TextIO) -> int:
        """A person types while another thread prints the call."""
        self.out.write(HELP)
        self._prompts = True
        printer = threading.Thread(target=self._print_until_over, daemon=True)
        printer.start()
        for line in lines:
            if self._state in FINAL:
                break
            if line.strip():
                self._execute(line.strip())
        else:
            self.act("hangup")
        printer.join(5 * POLL_SECONDS)
        return self.exit_code()

    def follow(self, enough: Callable[[], bool], seconds: float | None = SCRIPT_TIMEOUT_SECONDS) -> bool:
        """Prints events until `enough` or the end of the call; False after `seconds`."""
        deadline = None if seconds is None else clock.steady() + seconds
        while self._state not in FINAL and not enough():
            if deadline is not None and clock.steady() > deadline:
                return False
            news = self._get(f"calls/{self.sid}/events?after={self._after}&wait={POLL_SECONDS}")
            for event in news["events"]:
                self._note(event)
                self.out.write(describe(event))
                if self._prompts and event["type"] in terminal_input.HEARS:
                    self.out.write(PROMPT)
            for text in self._texts():
                self._texts_after = text["seq"]
                self.out.write(describe(text))
            self.out.flush()
            self._state = news["state"]
        return True

    def act(self, action: str, **body: object) -> bool:
        """Sends an action; False when the exchange refused it, which is printed."""
        answer = self._acting.post(f"{self._api}/calls/{self.sid}/{action}", json=body, timeout=30)
        if not answer.ok:
            self.out.write(f"! {_reason(answer)}\n")
        return answer.ok

    def give_up(self, why: str) -> int:
        """Hangs up early; returns 1 when there is a reason."""
        if why:
            self.out.write(f"! {why}\n")
            self._failed = True
        if self.sid:
            self.act("hangup")
            self.follow(lambda: False, 10 * POLL_SECONDS)
        return self.exit_code()

    def exit_code(self) -> int:
        return 0 if self._state == "completed" and not self._failed else 1

    def _wait_for_end(self) -> int:
        silences = 0
        while self._stepped and self._state not in FINAL and silences < MAX_SILENCES:
            silences += 1
            self.follow(lambda: True)
            if not self._acting.post(f"{self._api}/calls/{self.sid}/silence", json={}, timeout=30).ok:
                break  # the call has ended in the meantime
        if silences < MAX_SILENCES and self.follow(lambda: False):
            return self.exit_code()
        return self.give_up("通话没有结束，已挂机 / the call did not end and was hung up")

    def _note(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        self._after = event["seq"]
        self._record_action(kind, event)
        self._failed = self._failed or kind == "error"
        if kind in ("keys", "heard", "no_input") or event.get("status") == "completed":
            self._cue = ""
        elif kind in terminal_input.WAITS | terminal_input.SPEAKS:
            self._cue = kind
        if kind == "listening":
            self._asked = event

    def _record_action(self, kind: str, event: dict[str, Any]) -> None:
        """Keys in direct succession are one action: the question takes of them what it needs."""
        self._queued = kind == "queued" or (self._queued and kind != "left_queue")
        if not self._queued and kind in terminal_input.CALLER_ACTIONS:
            given = str(event.get("digits") or event.get("text") or "")
            if self._pressing and kind == "keys":
                given = self.caller_actions.pop()[1] + given
            self.caller_actions.append((kind, given))
        self._pressing = not self._queued and kind == "keys"

    def _execute(self, line: str) -> None:
        if terminal_input.is_keys(line):
            self._press(line)
        elif early := terminal_input.early_keys(line):
            self.act("keys", digits=early)
        elif line.startswith("say "):
            self.act("speech", text=line.removeprefix("say ").strip(), confidence=0.9)
        elif line in ("wait", "hangup"):
            self.act({"wait": "silence"}.get(line, line))
        else:
            self.out.write(HELP)

    def _press(self, line: str) -> None:
        """Presses the keys that the question takes; the rest follows after a person's typing delay."""
        taken = terminal_input.taken_keys(line, self._asked)
        self.act("keys", digits=taken)
        if rest := line[len(taken) :]:
            clock.pause(terminal_input.TRAILING_SECONDS)
            self.act("keys", digits=rest)

    def _dialled(self) -> dict[str, str]:
        return {"from": self.number} | ({"type_ahead": self._type_ahead} if self._type_ahead else {})

    def _print_until_over(self) -> None:
        try:
            self.follow(lambda: False, None)
        except requests.RequestException as error:
            self.out.write(f"! 交换机已断开 / the exchange is gone: {type(error).__name__}\n")
            self._state = "failed"

    def _texts(self) -> list[dict[str, Any]]:
        """New text messages; none for a number that cannot be registered, such as a withheld one."""
        answer = self._listening.get(f"{self._api}/phones/{self.number}/inbox?after={self._texts_after}", timeout=10)
        events: list[dict[str, Any]] = answer.json()["events"] if answer.ok else []
        return events

    def _get(self, path: str) -> dict[str, Any]:
        answer = self._listening.get(f"{self._api}/{path}", timeout=10)
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def _reason(answer: requests.Response) -> str:
    error = answer.json().get("error", {})
    return f"{error.get('message_zh', answer.status_code)} / {error.get('message_en', '')}"
