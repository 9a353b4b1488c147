"""A telephone for tests: it signs webhooks and carries out TwiML by the provider's documentation alone.

It shares no code with the product, so a mistake there does not hide behind the same mistake here.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import quote_plus, urljoin
from xml.etree import ElementTree

from tests.support.door import Door, Reply, Request

_SIDS = count(1)
IN_A_QUEUE = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})


@dataclass(frozen=True)
class Gathering:
    """What the telephone waits for: keys or words, and where they go."""

    action: str
    num_digits: int | None
    finish_on_key: str
    speech: bool
    hints: str


@dataclass
class Caller:
    """One telephone and its call. `number` is what the provider sends as From."""

    door: Door
    number: str = "+8613800138000"
    call: str = field(default_factory=lambda: f"CA{next(_SIDS):032x}")
    url: str = ""
    heard: str = ""
    said: list[str] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    gathering: Gathering | None = None
    rest: list[ElementTree.Element] = field(default_factory=list)
    queue: str = ""
    queue_action: str = ""
    wait_url: str = ""
    ended: bool = False
    last: Request = ("", b"", {})
    reply: Reply = field(default_factory=lambda: Reply(0, b"", {}))

    def dial(self) -> "Caller":
        """Call the hotline and hear its greeting."""
        return self._go(f"{self.door.public_url}/voice", CallStatus="ringing")

    def press(self, keys: str) -> "Caller":
        """Press keys; keys after the one that ends the question are lost, as on a real line."""
        gathering = self._asked()
        for position, key in enumerate(keys):
            if gathering.finish_on_key and key == gathering.finish_on_key:
                keys = keys[:position]
                break
            if gathering.num_digits is not None and position + 1 == gathering.num_digits:
                keys = keys[: position + 1]
                break
        return self._go(gathering.action, Digits=keys) if keys else self.silent()

    def keys(self, *keys: str) -> "Caller":
        """Press one group of keys after another, each at its question."""
        for each in keys:
            self.press(each)
        return self

    def say(self, words: str, confidence: str | None = "0.91") -> "Caller":
        """Say something where speech is heard; None sends no confidence."""
        gathering = self._asked()
        assert gathering.speech, f"nothing is heard here, only keys: {self.heard}"
        sure = {} if confidence is None else {"Confidence": confidence}
        return self._go(gathering.action, SpeechResult=words, **sure)

    def silent(self) -> "Caller":
        """Say nothing until the time is up: the verbs behind the Gather follow."""
        self._asked()
        self.gathering = None
        self.heard = ""
        return self._play(self.rest, fresh=False)

    def hang_up(self, status: str = "completed") -> Reply:
        """End the call as the provider reports it."""
        self.ended = True
        pairs = self.pairs(CallStatus=status, CallDuration="42", SequenceNumber="3")
        return self.door.post(f"{self.door.public_url}/voice/status", pairs)

    def hear(self, *words: str) -> "Caller":
        """Demand that these words were just heard."""
        for each in words:
            assert each in self.heard, f"'{each}' was not heard in: {self.heard}"
        return self

    def not_hear(self, *words: str) -> "Caller":
        """Demand that these words were not heard."""
        for each in words:
            assert each not in self.heard, f"'{each}' was heard in: {self.heard}"
        return self

    def again(self) -> Reply:
        """Send the last webhook once more, byte for byte; the call stands where it stood."""
        return self.door.send("POST", *self.last)

    def request(self, keys: str) -> Request:
        """The webhook that pressing keys would send; nothing is sent."""
        return self.door.signed(self._asked().action, self.pairs(Digits=keys))

    def fork(self) -> "Caller":
        """The same call a second time, standing at the same question."""
        return copy.deepcopy(self)

    # --- in a queue ------------------------------------------------------------------------------------------

    def wait(self) -> "Caller":
        """One round in the waiting room; a Leave there brings the caller on to the queue's action."""
        assert self.wait_url, f"nobody waits in a queue: {self.heard}"
        standing = {"QueueSid": f"QU{1:032x}", "QueuePosition": "1", "QueueTime": "5", "CurrentQueueSize": "1"}
        return self._waiting(self.wait_url, **standing)

    def wait_key(self, key: str) -> "Caller":
        """A key pressed while waiting."""
        return self._waiting(self._asked().action, Digits=key)

    def leave(self, result: str) -> "Caller":
        """Out of the queue, with the provider's word for how."""
        assert self.queue_action, "the queue has no action"
        action, self.queue_action, self.wait_url = self.queue_action, "", ""
        return self._go(action, QueueResult=result, QueueSid=f"QU{1:032x}", QueueTime="42")

    def _waiting(self, url: str, **fields: str) -> "Caller":
        place = self.queue, self.queue_action, self.wait_url
        self._go(url, **fields)
        self.queue, self.queue_action, self.wait_url, self.ended = *place, False
        tags = [element.tag for element in ElementTree.fromstring(self.reply.body)]
        assert set(tags) <= IN_A_QUEUE, f"whoever waits in a queue cannot be given {tags}"
        assert "Hangup" not in tags, f"whoever waits is thrown out: {self.heard}"
        return self.leave("leave") if "Leave" in tags else self

    # --- carrying out documents ------------------------------------------------------------------------------

    def _asked(self) -> Gathering:
        assert not self.ended, f"the call is over: {self.heard}"
        assert self.gathering is not None, f"nothing is asked here: {self.reply.text}"
        return self.gathering

    def pairs(self, **fields: str) -> list[tuple[str, str]]:
        """The fields of a webhook of this call, and these beside or instead of them."""
        common = {
            "AccountSid": self.door.account,
            "ApiVersion": "2010-04-01",
            "CallSid": self.call,
            "CallStatus": "in-progress",
            "Called": "+862160195588",
            "Caller": self.number,
            "Direction": "inbound",
            "From": self.number,
            "FromCity": "",
            "To": "+862160195588",
        }
        return list({**common, **fields}.items())

    def _go(self, url: str, **fields: str) -> "Caller":
        self.url = url
        self.last = self.door.signed(url, self.pairs(**fields))
        self.reply = self.door.send("POST", *self.last)
        self.visited.append(url)
        self.answers.append(self.reply.text)
        assert self.reply.status == 200, (self.reply.status, self.reply.text)
        assert self.reply.headers["content-type"].partition(";")[0] in ("text/xml", "application/xml")
        self.heard = ""
        return self._play(list(ElementTree.fromstring(self.reply.body)), fresh=True)

    def _play(self, elements: list[ElementTree.Element], fresh: bool) -> "Caller":
        if fresh:
            self.gathering, self.queue, self.queue_action, self.wait_url = None, "", "", ""
        for position, element in enumerate(elements):
            stop = _VERBS[element.tag](self, element)
            if stop:
                self.rest = elements[position + 1 :]
                return self
            if element.tag == "Redirect":
                return self
        self.rest = elements
        return self

    def _speak(self, element: ElementTree.Element) -> bool:
        text = element.text or ""
        assert len(text.encode()) <= 3000, "a Say is longer than the provider speaks"
        assert len(quote_plus(text)) <= 4500, "a Say is longer than the provider takes"
        self.heard += text
        self.said.append(text)
        return False

    def _gather(self, element: ElementTree.Element) -> bool:
        for child in element:
            assert child.tag in ("Say", "Play", "Pause"), f"a Gather cannot hold {child.tag}"
            _VERBS[child.tag](self, child)
        digits = element.get("numDigits")
        self.gathering = Gathering(
            urljoin(self.url, element.get("action", "")),
            int(digits) if digits else None,
            element.get("finishOnKey", "#"),
            "speech" in element.get("input", "dtmf"),
            element.get("hints", ""),
        )
        return True

    def _redirect(self, element: ElementTree.Element) -> bool:
        before = self.heard
        self._go(urljoin(self.url, element.text or ""))
        self.heard = before + self.heard
        return False

    def _enqueue(self, element: ElementTree.Element) -> bool:
        self.queue = element.text or ""
        self.wait_url = urljoin(self.url, element.get("waitUrl", ""))
        self.queue_action = urljoin(self.url, element.get("action", "")) if element.get("action") else ""
        return True

    def _hang_up(self, _element: ElementTree.Element) -> bool:
        self.ended = True
        return True

    def _nothing(self, _element: ElementTree.Element) -> bool:
        return False

    def _stop(self, _element: ElementTree.Element) -> bool:
        return False


_VERBS: Mapping[str, Callable[[Caller, ElementTree.Element], bool]] = {
    "Say": Caller._speak,
    "Play": Caller._nothing,
    "Pause": Caller._nothing,
    "Gather": Caller._gather,
    "Redirect": Caller._redirect,
    "Enqueue": Caller._enqueue,
    "Hangup": Caller._hang_up,
    "Leave": Caller._stop,
}
