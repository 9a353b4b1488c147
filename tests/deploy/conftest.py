"""What the files of deploy/ are tried with: a hotline, and nginx where this machine has it."""

from tests.support.hotline_fixtures import clock, shared_hotline

__all__ = ["clock", "shared_hotline"]
