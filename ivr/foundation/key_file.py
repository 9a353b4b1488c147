"""The file of the secret key beside an embedded database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def key_in(path: Path) -> str:
    """The text of a key file, made where there is none: it appears whole and on disk, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        try:
            _write_to_disk(draft, secrets.token_hex(32) + "\n")
            with suppress(FileExistsError):  # another process was first: its key is the key
                path.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)
        _sync(path.parent)
    return path.read_text(encoding="ascii").strip()


def _write_to_disk(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)


def _sync(folder: Path) -> None:
    """A name survives a power cut once its folder is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
