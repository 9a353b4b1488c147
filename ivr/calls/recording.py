"""Record a manual call as a transcript, from its trail and its phone's actions."""

from collections.abc import Sequence

from ivr.calls.tracing import bundle_of, read_call, sources_of
from ivr.db import Database
from ivr.engine.transcripts.key_input import PhoneAction
from ivr.engine.transcripts.recorded_turns import RecordedTurn
from ivr.engine.transcripts.writing import written
from ivr.foundation.errors import ConfigurationError


def transcript(database: Database, sid: str, name: str, number: str, deeds: Sequence[PhoneAction]) -> str:
    """The text of a transcript; raises `ConfigurationError` when the call's turns are not in this database."""
    try:
        with database.look() as transaction:
            call = read_call(transaction.connection, sid)
    except ConfigurationError as error:
        raise ConfigurationError(
            f"the call {sid} is not in the database of this installation, so it was not recorded: run this where the "
            "hotline runs, with its IVR_DATABASE_URL"
        ) from error
    if any(turn.said is None for turn in call.turns):
        raise ConfigurationError("the hotline that took this call is an older release, which kept no prompts")
    with database.look() as transaction:
        sources = sources_of(transaction.connection, call)
    taken = [RecordedTurn(turn.trail, turn.said or ()) for turn in call.turns]
    caller = number if number.startswith("+") else None
    return written(bundle_of(sources, call), name, caller, call.started_at, taken, deeds)
