"""Documents of a carillon: JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from ivr.engine.actions import Action, Continue, Enqueue, Gather, Hangup, Poll, Record, Rejoin, Speak, Utterance
from ivr.telephony.documents import Links, ParticipantOptions

Step = Mapping[str, Any]
NOWHERE = Links("", 0)


def chair(options: ParticipantOptions) -> dict[str, Any]:
    """Participant options in terms of a carillon."""
    return {"tag": options.label, "silent": options.muted, "whispers_to": options.coaches, "closes": options.ends}


def _document(*steps: Step) -> str:
    return json.dumps({"carillon": 3, "do": steps}, ensure_ascii=False)


@dataclass(frozen=True)
class CarillonDocuments:
    """Writes documents in the languages of the installation."""

    languages: tuple[str, ...]
    content_type: str = "application/vnd.carillon+json"

    def render(self, actions: Sequence[Action], links: Links) -> str:
        """The steps of a turn."""
        return _document(*(step for action in actions for step in self._steps(action, links)))

    def _steps(self, action: Action, links: Links) -> list[Step]:
        match action:
            case Gather():
                ask = {"then": links.action, "keys": action.num_digits, "do": _said(action.utterances, links)}
                return [{"ask": ask}, {"jump": links.action}]
            case Speak():
                return _said(action.utterances, links)
            case Record():
                tape = {"most": action.max_seconds, "quiet": action.silence_seconds, "stop": action.finish_on_key}
                return [{"tape": {"then": links.action, **tape}}]
            case Continue():
                return [{"jump": links.action}]
            case Poll():
                return [{"rest": action.seconds}, {"jump": links.action}]
            case Enqueue(still_queued=True):
                return [{"jump": links.waiting}]
            case Enqueue():
                return [{"line": {"name": action.queue, "company": links.waiting, "then": links.after_queue}}]
            case Rejoin():
                return [{"jump": links.agent}]
            case Hangup():
                return [{"bye": True}]
            case _:
                assert_never(action)

    def wait_round(self, utterances: Sequence[Utterance], links: Links, following: int, hold: str, seconds: int) -> str:
        """Asked all along, then the next round."""
        rest: Step = {"play": hold} if hold else {"rest": seconds}
        onward = links.round(following)
        return _document(
            {"ask": {"then": onward, "keys": 1, "do": [*_said(utterances, links), rest]}}, {"jump": onward}
        )

    def leave_queue(self) -> str:
        """Out of the line."""
        return _document({"quit_line": True})

    def go_to(self, url: str) -> str:
        """Elsewhere."""
        return _document({"jump": url})

    def pause(self, utterances: Sequence[Utterance], seconds: int) -> str:
        """Said, and rested: in a line a rest takes as long as the caller waits."""
        return _document(*_said(utterances, NOWHERE), {"rest": seconds})

    def last_resort(self, before: Sequence[Utterance], queue: str, wait_url: str, after: Sequence[Utterance]) -> str:
        """A line without a way on: its leg ends after it."""
        wait = {"line": {"name": queue, "company": wait_url, "then": None}}
        return _document(*_said(before, NOWHERE), wait, *_said(after, NOWHERE), {"bye": True})

    def goodbye(self, utterances: Sequence[Utterance]) -> str:
        """Said, and over."""
        return _document(*_said(utterances, NOWHERE), {"bye": True})

    def nothing(self) -> str:
        """No steps."""
        return _document()

    def on_hold(self, utterances: Sequence[Utterance], music: str, seconds: int, again_url: str) -> str:
        """Said, rested or played, and again."""
        rest: Step = {"play": music} if music else {"rest": seconds}
        return _document(*_said(utterances, NOWHERE), rest, {"jump": again_url})

    def confer(
        self,
        conference: str,
        options: ParticipantOptions,
        after_url: str,
        wait_url: str = "",
        notify_url: str = "",
        before: Sequence[Utterance] = (),
    ) -> str:
        """Into a room, which plays no document while one waits."""
        del wait_url
        return _document(
            *_said(before, NOWHERE),
            {"room": {"name": conference, "then": after_url, "news": notify_url, **chair(options)}},
        )


def _said(utterances: Sequence[Utterance], links: Links) -> list[Step]:
    return [_heard(each, links) for each in utterances]


def _heard(each: Utterance, links: Links) -> Step:
    if each.audio_url:
        return {"play": each.audio_url}
    return {"say": each.text} if each.recording is None else {"play": links.recording(each.language, each.recording)}
