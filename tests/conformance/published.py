"""What others publish (Twilio; axe-core for pages), fetched from the npm registry into var/, its digest checked.

Where npm, node or the registry is not to be had, the tests that need it pass by with that word.
"""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.databases import ROOT

SECONDS = 180
KEPT = ROOT / "var" / "conformance"
_MISSING: set[str] = set()


@dataclass(frozen=True)
class Package:
    """A package of the npm registry in one version, and the SHA-512 of its archive, as the registry writes it."""

    name: str
    version: str
    sha512: str

    def folder(self) -> Path:
        """Where its files are; skips the test where it is not to be had. RuntimeError where its digest is another."""
        there = KEPT / f"{self.name.replace('/', '+')}-{self.version}"
        if not there.exists():
            KEPT.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=KEPT) as draft:
                self._unpack(self._archive(Path(draft)), Path(draft))
                with suppress(OSError):  # another process was first; it is there whole, or not at all
                    (Path(draft) / "package").rename(there)
        return there

    def _archive(self, into: Path) -> Path:
        npm = shutil.which("npm")
        if npm is None or self.name in _MISSING:
            pytest.skip(f"{self.name if npm else 'npm'} is not to be had here")
        asked = [npm, "pack", f"{self.name}@{self.version}", "--silent", "--fetch-retries=0"]
        try:
            subprocess.run(asked, check=True, capture_output=True, timeout=SECONDS, cwd=into)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError):
            _MISSING.add(self.name)  # it is not waited for a second time
            pytest.skip(f"{self.name} is not to be had here")
        return next(into.glob("*.tgz"))

    def _unpack(self, archive: Path, into: Path) -> None:
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != self.sha512:
            raise RuntimeError(f"{self.name} {self.version} has another digest than the one that is pinned: {found}")
        with tarfile.open(archive) as files:
            files.extractall(into, filter="data")


SDK = Package(
    "twilio", "6.3.1",
    "2LmXuZmgqgHUwK+CT6U2p6MAWxk+A8M9MVVv1ZcuOoapm51Go+1u/JNNd1mjOzKg8WRS9+NIDv2NWbLe0ENPUA==",
)  # fmt: skip
TYPESCRIPT = Package(
    "typescript", "5.9.3",
    "jl1vZzPDinLr9eUt3J/t7V6FgNEw9QjvBPdysz9KfQDD41fQrC2Y4vKQdiaUpFT4bXlb1RHhLpp8wtm6M5TgSw==",
)  # fmt: skip
DESCRIPTION = Package(
    "@twilio-alpha/mcp", "0.7.0",
    "YsUde1pMXwqHm8Cvq9JdtsyvclVCC/f/V+FmxTNN04u5Qt5aapkbQgcfqBYQ0xcmvATBNswgPDo3MPVaCtZK8Q==",
)  # fmt: skip


def node(script: Path, *given: str, told: str = "") -> subprocess.CompletedProcess[str]:
    """Run a script with Node; skips the test where there is none."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("node is not to be had here")
    return subprocess.run(
        [program, str(script), *given], input=told, capture_output=True, text=True, timeout=SECONDS, check=False
    )
