"""What waiting callers hear can be played by every engine, Asterisk among them."""

import wave

from tests.support.databases import ROOT


def test_the_hold_music_is_sixteen_bit_at_eight_kilohertz_in_one_channel() -> None:
    with wave.open(str(ROOT / "prompts" / "music" / "hold.wav")) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (8000, 2, 1)
        assert sound.getnframes() >= 8000 * 10
