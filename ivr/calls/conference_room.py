"""The conference of a caller and an agent as the provider asks for it: the way in, hold, the way out, and its news."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls.conversation import Conversation
from ivr.calls.models import Call
from ivr.calls.publishing.bundles import Bundles
from ivr.centre.desk import handover, legs, recordings
from ivr.centre.desk.models import Interaction
from ivr.centre.desk.paths import Paths
from ivr.centre.queues import waiting
from ivr.db import Database, look, work
from ivr.db.engines import TURN_SECONDS
from ivr.engine.actions import Enqueue, Utterance
from ivr.foundation.config.floor import FloorSettings
from ivr.foundation.crypto import Keyring
from ivr.platform.keyring import carry
from ivr.telephony.documents import Documents, Links, ParticipantOptions
from ivr.telephony.notifications import Notification, RecordingNotification
from ivr.telephony.webhooks import Webhook

HOLD_SECONDS = 20
RECORDED = "agent.recorded"
HELD = "agent.held"
STILL_THERE = "agent.still_there"


def words_on_hold(held_seconds: float, still_there_seconds: float) -> Sequence[str]:
    """The prompt that begins a round of music, by how long a customer has been held. Pure."""
    if held_seconds >= still_there_seconds:
        return (STILL_THERE,)
    return (HELD,) if held_seconds < HOLD_SECONDS else ()


LOST = "agent.lost"
EXPECTING = ("joining", "talking", "on_hold", "verifying", "reconnecting")  # an agent is there for the customer


@dataclass(frozen=True, slots=True)
class ConferenceRoom:
    """What the provider is told for an interaction. `hold` is the URL of music, or empty for silence."""

    database: Database
    keyring: Keyring
    bundles: Bundles
    documents: Documents
    conversation: Conversation
    clock: Callable[[], datetime]
    base: str = ""
    hold: str = ""
    floor: FloorSettings = field(default_factory=FloorSettings)

    @property
    def paths(self) -> Paths:
        """The URLs of interactions, and the pause behind them."""
        return self.conversation.paths

    def join(self, webhook: Webhook, interaction_id: int) -> str:
        """The customer comes out of the queue: told that the call is recorded, then to the agent.

        Where the agent's line broke meanwhile, the customer goes back to the same place of the queue.
        """
        with look(self.database) as db:
            interaction = self._theirs(db, webhook, interaction_id)
            is_over = interaction is None or interaction.state == "ended"
        if interaction is None or is_over:
            return self._onward(webhook)
        with look(self.database) as db:
            spoken = self._spoken_in(db, webhook.call)
        return self._confer(interaction, self._said(spoken, RECORDED))

    def after(self, webhook: Webhook, interaction_id: int) -> str:
        """The customer comes out of the conference: the call goes on behind its wait for an agent."""
        with self._work() as db:
            interaction = self._theirs(db, webhook, interaction_id)
            if interaction is not None and interaction.state != "ended":
                locked = legs.locked(db, interaction_id)
                if locked is not None:
                    handover.end(db, self.paths, locked, "customer" if webhook.is_final else "agent", self.clock())
        return self._onward(webhook)

    def verify(self, webhook: Webhook, interaction_id: int, turn: int, level: str) -> str:
        """The agent sends the caller to key a password; the flow's end leads back to the agent."""
        with look(self.database) as db:
            interaction = self._theirs(db, webhook, interaction_id)
            is_wanted = interaction is not None and interaction.state == "verifying"
        return self.conversation.sent_by_agent(webhook, turn, level) if is_wanted else self.back(webhook)

    def resume(self, webhook: Webhook, interaction_id: int, turn: int) -> str:
        """The agent sends the caller back to the step that failed; the interaction is over."""
        with look(self.database) as db:
            is_theirs = self._theirs(db, webhook, interaction_id) is not None
        return self.conversation.sent_by_agent(webhook, turn, "") if is_theirs else self.documents.goodbye(())

    def back(self, webhook: Webhook) -> str:
        """Back to the agent who waits; where they wait no longer, on behind the wait for an agent."""
        with look(self.database) as db:
            interaction = db.scalar(
                select(Interaction).where(Interaction.call_id == webhook.call, Interaction.state.in_(EXPECTING))
            )
        return self._onward(webhook) if interaction is None else self._confer(interaction, ())

    def _onward(self, webhook: Webhook) -> str:
        """Back to the caller's place in a queue where they still have one, else on behind the wait for an agent."""
        with look(self.database) as db:
            entry = waiting.newest(db, webhook.call)
            if entry is None or entry.turn is None:
                return self.documents.goodbye(())
            queue, language, turn, waits = entry.queue, entry.language, entry.turn, entry.state in waiting.HERE
        if waits and not webhook.is_final:
            return self.documents.render((Enqueue(queue, language),), Links(self.base, turn))
        return self.conversation.after_agent(replace(webhook, queue_exit="answered", queue_seconds=None), turn)

    def _confer(self, interaction: Interaction, before: Sequence[Utterance]) -> str:
        options, after = ParticipantOptions(f"customer{interaction.id}"), self.paths.of(interaction.id, "after")
        return self.documents.confer(interaction.conference, options, after, "", self.paths.notifications, before)

    def on_hold(self, webhook: Webhook, interaction_id: int) -> str:
        """A round of music on hold; after a while each begins with a word that they are not forgotten."""
        with look(self.database) as db:
            spoken = self._spoken_in(db, webhook.call)
            interaction = self._theirs(db, webhook, interaction_id)
            held_at = interaction.held_at if interaction is not None else None
            still_there = self.floor.still_there(interaction.queue if interaction is not None else "")
        held = 0.0 if held_at is None else (self.clock() - held_at).total_seconds()
        said = [said for key in words_on_hold(held, still_there) for said in self._said(spoken, key)]
        again = self.paths.of(interaction_id, "hold")
        return self.documents.on_hold(said, self.hold, HOLD_SECONDS, again)

    def lost(self, webhook: Webhook, interaction_id: int) -> str:
        """The agent's line broke: an apology, then music until they are back, or another one is."""
        with look(self.database) as db:
            spoken = self._spoken_in(db, webhook.call)
        again = self.paths.of(interaction_id, "hold")
        return self.documents.on_hold(self._said(spoken, LOST), self.hold, HOLD_SECONDS, again)

    def note(self, news: Notification) -> None:
        """What the provider tells of conferences, calls and recordings."""
        with self._work() as db:
            if isinstance(news, RecordingNotification):
                recordings.note(db, news, self.clock())
            else:
                handover.note(db, self.paths, news, self.clock())

    @contextmanager
    def _work(self) -> Iterator[Session]:
        with work(self.database) as db:
            carry(db, self.keyring)
            yield db

    def _theirs(self, db: Session, webhook: Webhook, interaction_id: int) -> Interaction | None:
        found = db.get(Interaction, interaction_id)
        return found if found is not None and found.call_id == webhook.call else None

    def _spoken_in(self, db: Session, call: str) -> tuple[str, str]:
        """The bundle of a call and its language, empty where the call is not known."""
        entry = waiting.newest(db, call)
        row = db.execute(select(Call.bundle, Call.language).where(Call.call == call)).one_or_none()
        if row is None:
            return "", ""
        return row[0], entry.language if entry is not None else row[1]

    def _said(self, spoken: tuple[str, str], key: str) -> Sequence[Utterance]:
        digest, language = spoken
        if not digest:
            return ()
        bundle = self.bundles.building(lambda: self.bundles.get(digest), TURN_SECONDS)
        prompts = bundle.prompts.get(language)
        return () if prompts is None else tuple(prompts.utterances(key, dict(bundle.constants)))
