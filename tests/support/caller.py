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
from tests.support.provider import PAUSE, SPEECH, STRAY, Gathering, Provider, standard_fields

_SIDS = count(1)
QUEUE_SID = f"QU{1:032x}"
IN_A_QUEUE = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})


@dataclass
class Caller:
    """One telephone and its call. `number` is what the provider sends as From; `passing` lets so many seconds pass."""

    door: Door
    number: str = "+8613800138000"
    passing: Callable[[float], None] = lambda _seconds: None
    provider: Provider = field(default_factory=Provider)
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
    rounds: int = 0  # documents of the wait loop in this queue entry
    ended: bool = False
    stray: str = ""
    typed: str = ""
    last: Request = ("", b"", {})
    reply: Reply = field(default_factory=lambda: Reply(0, b"", {}))

    def dial(self) -> "Caller":
        """Call the hotline and hear its greeting."""
        return self._go(f"{self.door.public_url}/voice", CallStatus="ringing")

    def press(self, keys: str, after: float = PAUSE, then: str = "") -> "Caller":
        """Press keys; keys after the one that ends the question are lost.

        `then` are stray keys that follow at once: where they go is up to the provider.
        """
        gathering = self._asked()
        self.passing(after)
        keys, self.typed, self.stray = self.typed + keys, "", then
        keys = gathering.taken(keys)
        return self._go(gathering.action, Digits=keys) if keys else self.silent(0.0)

    def keys(self, *keys: str) -> "Caller":
        """Press one group of keys after another, each at its question."""
        for each in keys:
            self.press(each)
        return self

    def say(self, words: str, confidence: str | None = "0.91", after: float = PAUSE) -> "Caller":
        """Say something where speech is heard; None sends no confidence."""
        gathering = self._asked()
        self.passing(after)
        assert gathering.speech, f"nothing is heard here, only keys: {self.heard}"
        sure = {} if confidence is None else {"Confidence": confidence}
        return self._go(gathering.action, SpeechResult=words, **sure)

    def silent(self, after: float = PAUSE) -> "Caller":
        """Say nothing until the time is up: the verbs behind the Gather follow."""
        self._asked()
        self.passing(after)
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
        self.passing(PAUSE)
        return self.door.signed(self._asked().action, self.pairs(Digits=keys))

    def fork(self) -> "Caller":
        """The same call a second time, standing at the same question."""
        return copy.deepcopy(self)

    # --- in a queue ------------------------------------------------------------------------------------------

    def wait(self) -> "Caller":
        """One round of the wait loop: the first, or the one that follows when the music has ended.

        A Leave there brings the caller on to the queue's action.
        """
        assert self.wait_url, f"nobody waits in a queue: {self.heard}"
        onward = [each.text or "" for each in self.rest if each.tag == "Redirect"] if self.rounds else []
        return self.ask_again(urljoin(self.url, onward[0]) if onward else self.wait_url)

    def ask_again(self, url: str) -> "Caller":
        """Request a document of the wait loop, as the provider does from a queue."""
        standing = {"QueueSid": QUEUE_SID, "QueuePosition": "1", "QueueTime": "5", "CurrentQueueSize": "1"}
        return self._waiting(url, **standing)

    def wait_key(self, key: str, then: str = "") -> "Caller":
        """A key pressed while waiting; `then` as in `press`."""
        self.passing(PAUSE)
        self.stray = then
        return self._waiting(self._asked().action, Digits=key)

    def leave(self, result: str, seconds: int | None = 42) -> "Caller":
        """Out of the queue, with the provider's word for how, and how long that took; None where it never began."""
        assert self.queue_action, "the queue has no action"
        action, self.queue, self.queue_action, self.wait_url, self.rounds = self.queue_action, "", "", "", 0
        waited = {} if seconds is None else {"QueueSid": QUEUE_SID, "QueueTime": str(seconds)}
        return self._go(action, QueueResult=result, **waited)

    def _waiting(self, url: str, **fields: str) -> "Caller":
        self.rounds += 1
        self._go(url, **fields)
        assert not self.ended, f"whoever waits is thrown out: {self.heard}"
        return self

    def _held(self) -> "Caller":
        """Check that a queued caller's document uses only the allowed verbs; leave the queue if it says so."""
        tags = [element.tag for element in ElementTree.fromstring(self.reply.body)]
        assert set(tags) <= IN_A_QUEUE, f"whoever waits in a queue cannot be given {tags}"
        return self.leave("leave") if "Leave" in tags else self

    # --- carrying out documents ------------------------------------------------------------------------------

    def _asked(self) -> Gathering:
        assert not self.ended, f"the call is over: {self.heard}"
        assert self.gathering is not None, f"nothing is asked here: {self.reply.text}"
        return self.gathering

    def pairs(self, **fields: str) -> list[tuple[str, str]]:
        """The fields of a webhook of this call, and these beside or instead of them."""
        return list({**standard_fields(self.door.account, self.call, self.number), **fields}.items())

    def _go(self, url: str, **fields: str) -> "Caller":
        self.url = url
        self.last = self.door.signed(url, self.pairs(**fields))
        self.reply = self.door.send("POST", *self.last)
        self.visited.append(url)
        self.answers.append(self.reply.text)
        assert self.reply.status == 200, (self.reply.status, self.reply.text)
        assert self.reply.headers["content-type"].partition(";")[0] in ("text/xml", "application/xml")
        self.heard = ""
        waited = bool(self.queue_action)
        self._play(list(ElementTree.fromstring(self.reply.body)), fresh=True)
        return self._held() if waited and self.queue_action and self.url == url else self

    def _play(self, elements: list[ElementTree.Element], fresh: bool) -> "Caller":
        if fresh:
            self.gathering = None
        for position, element in enumerate(elements):
            if element.tag in ("Say", "Play", "Pause"):
                self._let_pass(element)
            stop = _VERBS[element.tag](self, element)
            if element.tag == "Gather" and self.stray:
                self.rest = elements[position + 1 :]
                return self._stray_keys()
            if stop:
                self.rest = elements[position + 1 :]
                return self
            if element.tag == "Redirect":
                return self
        self.rest = elements
        return self

    def _let_pass(self, element: ElementTree.Element) -> None:
        """What no key cuts takes its time; keys that come meanwhile reach nobody, unless the provider keeps them."""
        self.passing(float(element.get("length", "1")) if element.tag == "Pause" else SPEECH)
        if not self.provider.keeps:
            self.stray = ""

    def _stray_keys(self) -> "Caller":
        """The stray keys reach a Gather at once."""
        key, self.stray = self.stray[0], self.stray[1:]
        later, gathering = self.stray, self._asked()
        if key == gathering.finish_on_key:
            if self.provider.empties:
                self.silent(STRAY)
        elif gathering.num_digits == 1:
            self.press(key, after=STRAY, then=later)
        else:
            self.typed += key  # the first key of what is keyed there
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
        self.gathering = Gathering.read(self.url, element)
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
