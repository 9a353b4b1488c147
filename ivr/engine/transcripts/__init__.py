"""Transcripts: calls written down by staff beside a flow, played against the engine, and what they cover."""

from ivr.engine.transcripts.coverage import Coverage
from ivr.engine.transcripts.playing import Result, play_text

__all__ = ["Coverage", "Result", "play_text"]
