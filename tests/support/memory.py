"""Where tests keep their files: in memory where there is room, because a flush to a disk costs more than a turn.

No test loses by it. A killed process loses no more of a file in memory than of one on a disk, and what a power cut
would lose no test can see: those that are about it ask the database how it commits.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, on Linux; a container may give it 64 MB
PYTEST_ROOT = "PYTEST_DEBUG_TEMPROOT"  # pytest's own name for where it makes each test its folder
ROOM_BYTES = 2 << 30  # three times what a whole run needs


def temporary_root() -> Path:
    """The memory where it can be written and has room, else the machine's own folder for temporary files.

    Decided once for all processes of a run, by the environment, where one may ask for another folder, too.
    """
    return Path(os.environ.setdefault(PYTEST_ROOT, str(_roomy())))


def _roomy() -> Path:
    if not os.access(MEMORY, os.W_OK | os.X_OK) or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return Path(tempfile.gettempdir())
    return MEMORY
