"""Stray keys: keys pressed before the question was heard, and a # after an entry that was already complete.

Pure: the session holds when its document was served and when an entry ended; every event carries its time. The figures
and their reasons: docs/decisions/0015-a-yes-is-heard-first.md.
"""

from ivr.engine.events import DigitsPressed, Input, NothingHeard, QueueLeft
from ivr.engine.phases import FINISHED, TYPED_AHEAD_SECONDS
from ivr.engine.question import Question
from ivr.engine.runtime.run import Run
from ivr.engine.step_results import StepResult

TRAILING_HASH_SECONDS = 2.0  # a # this soon after an entry still belongs to it
MIN_SILENCE_SECONDS = 1.0  # no silence ends sooner: a lone # was pressed
MIN_ENTRY_SECONDS = 0.5  # no person keys faster; a client that does sends no trailing keys


def handle_stray(run: Run, event: Input) -> StepResult | None:
    """The result for an answer that was not meant for this question; None where it was."""
    node = run.step.node
    if not isinstance(node, Question):
        return None
    if (move := node.handle_early_answer(run, event)) is not None:
        return move
    if finishes_entry_before(run, event, node):
        run.session.entry_timestamp = 0.0  # once
        run.note(FINISHED)
        return node.ask_again(run)
    remember_entry(run, event, node)
    return None


def finishes_entry_before(run: Run, event: Input, node: Question) -> bool:
    """True for a # that belongs to the previous entry; once for each entry.

    At a menu it arrives as a key, at a data entry as an empty answer.
    """
    session = run.session
    if not session.entry_timestamp:
        return False
    asked = run.timestamp - session.asked_timestamp
    if isinstance(event, DigitsPressed):
        soon = run.timestamp - session.entry_timestamp <= TRAILING_HASH_SECONDS or asked < TYPED_AHEAD_SECONDS
        return event.digits == "#" and soon
    soon = asked < MIN_SILENCE_SECONDS and session.entry_seconds >= MIN_ENTRY_SECONDS
    return isinstance(event, NothingHeard) and node.takes_data and soon


def remember_entry(run: Run, event: Input, node: Question) -> None:
    """Record when this answer ended automatically: a # may follow it."""
    session = run.session
    whole = isinstance(event, DigitsPressed) and node.completes_entry(event.digits)
    session.entry_timestamp, session.entry_seconds = (
        (run.timestamp, run.timestamp - session.asked_timestamp) if whole else (0.0, 0.0)
    )


def remember_queue_key(run: Run, event: QueueLeft) -> None:
    """The key that leaves a queue is an entry of one key, made long after the queue was entered."""
    if event.result == "callback":
        run.session.entry_timestamp, run.session.entry_seconds = run.timestamp, TRAILING_HASH_SECONDS
