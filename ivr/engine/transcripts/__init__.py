"""Transcripts: calls that staff write down beside a flow, played against the engine, and their coverage."""

from ivr.engine.transcripts.coverage import Coverage
from ivr.engine.transcripts.playing import Result, play_text

__all__ = ["Coverage", "Result", "play_text"]
