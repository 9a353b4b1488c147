"""Sound files: the duration and text of a fetched one, and silence to serve as a recording."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MEDIA_BYTES = 20 * 1024 * 1024
RATE = 8000
COMPRESSED_BYTES_PER_SECOND = 16_000


@dataclass(frozen=True)
class Sound:
    """Seconds of audio; the text, if the file contains it (INFO chunk ICMT or INAM, UTF-8)."""

    seconds: float
    text: str | None = None


def measure(content: bytes) -> Sound:
    """The exact duration of a WAV file, whatever its codec; other formats are estimated at 128 kbit/s."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return Sound(round(len(content) / COMPRESSED_BYTES_PER_SECOND, 2))
    bytes_per_second, data_bytes, text = 0, 0, None
    for name, body in _chunks(content, 12):
        if name == b"fmt " and len(body) >= 12:
            bytes_per_second = struct.unpack_from("<I", body, 8)[0]
        elif name == b"data":
            data_bytes = len(body)
        elif name == b"LIST" and body[:4] == b"INFO":
            said = dict(_chunks(body, 4))
            text = (said.get(b"ICMT") or said.get(b"INAM") or b"").rstrip(b"\0").decode("utf-8", "replace") or None
    return Sound(round(data_bytes / bytes_per_second, 2) if bytes_per_second else 0.0, text)


HEAD_BYTES = 44


def wav_bytes(seconds: int, channels: int) -> int:
    """How many bytes `silence` yields."""
    return HEAD_BYTES + seconds * RATE * 2 * channels


def silence(seconds: int, channels: int) -> Iterator[bytes]:
    """A silent 16-bit 8 kHz WAV, in chunks: the exchange transports no sound, so its recordings are silent."""
    frame = 2 * channels
    form = struct.pack("<HHIIHH", 1, channels, RATE, RATE * frame, frame, 16)
    whole = wav_bytes(seconds, channels)
    yield b"RIFF" + struct.pack("<I", whole - 8) + b"WAVEfmt " + struct.pack("<I", 16) + form
    yield b"data" + struct.pack("<I", whole - HEAD_BYTES)
    for _ in range(seconds):
        yield bytes(RATE * frame)


def _chunks(content: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    while at + 8 <= len(content):
        size = struct.unpack_from("<I", content, at + 4)[0]
        yield content[at : at + 4], content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
