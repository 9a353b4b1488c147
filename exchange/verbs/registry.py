"""Maps each verb to its function."""

from collections.abc import Mapping

from exchange.player import Perform
from exchange.verbs import audio, flow
from exchange.verbs.dialling import dial
from exchange.verbs.gather import gather
from exchange.verbs.queueing import enqueue
from exchange.verbs.recording import record

VERBS: Mapping[str, Perform] = {
    "Say": audio.say,
    "Play": audio.play,
    "Pause": audio.pause,
    "Gather": gather,
    "Enqueue": enqueue,
    "Dial": dial,
    "Record": record,
    "Redirect": flow.redirect,
    "Leave": flow.leave,
    "Hangup": flow.hangup,
    "Reject": flow.reject,
    "Start": flow.ignore,
    "Stop": flow.ignore,
}
