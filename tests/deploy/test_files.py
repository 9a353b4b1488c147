"""The files that bring the hotline into production name what is there, and hold together with the documents."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.support.databases import ROOT

DEPLOY = ROOT / "deploy"
ANALYZE = shutil.which("systemd-analyze")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COPIED = [line.split()[1:] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line]


def test_the_image_holds_what_the_program_needs_and_nothing_else(tmp_path: Path) -> None:
    for *sources, to in COPIED:
        for source in sources:
            if to.startswith("/"):
                continue
            target = tmp_path if to.endswith("/") else tmp_path / to
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, target)
    assert not (tmp_path / "tests").exists()
    check = [sys.executable, "-m", "ivr", "flow", "check"]
    ran = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    served = "import app, console, gunicorn.app.wsgiapp; from ivr.cli.main import main"
    subprocess.run([sys.executable, "-c", served], cwd=tmp_path, timeout=60, check=True)


def test_the_image_runs_as_nobody_of_power_with_pinned_packages() -> None:
    assert "USER hotline" in DOCKERFILE
    assert DOCKERFILE.index("USER hotline") < DOCKERFILE.index("CMD")
    assert "--require-hashes -r /tmp/requirements.txt" in DOCKERFILE
    assert "requirements-dev" not in DOCKERFILE


def test_compose_starts_what_operations_name() -> None:
    services = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(services) == {"db", "prepare", "voice", "console", "worker"}
    assert services["voice"]["ports"] == ["127.0.0.1:5000:5000"], "the hotline is reached by its proxy alone"
    assert services["console"]["ports"] == ["127.0.0.1:5001:5001"], "and the staff pages by theirs"
    assert services["console"]["command"][-1] == "console:app"
    for name in ("voice", "console", "worker"):
        assert services[name]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}


def test_the_example_environment_names_variables_of_the_documents() -> None:
    names = re.findall(r"^([A-Z_]+)=", (DEPLOY / "hotline.env.example").read_text(encoding="utf-8"), re.MULTILINE)
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    unknown = [name for name in names if not name.startswith("POSTGRES_") and f"`{name}`" not in operations]
    assert not unknown


@pytest.mark.skipif(ANALYZE is None, reason="this machine has no systemd-analyze")
def test_the_units_are_taken_by_systemd(tmp_path: Path) -> None:
    """With the paths of this machine in place of those of a server."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/hotline/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(text.replace("User=hotline\n", ""), encoding="utf-8")
    for unit in UNITS:
        ran = subprocess.run(
            [str(ANALYZE), "verify", "--man=no", "--recursive-errors=no", str(tmp_path / unit.name)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        ours = [line for line in ran.stderr.splitlines() if "hotline" in line]
        assert (ran.returncode, ours) == (0, []), ran.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_no_unit_may_read_or_write_what_is_not_its_own(unit: Path) -> None:
    lines = unit.read_text(encoding="utf-8").splitlines()
    for line in ("UMask=0077", "NoNewPrivileges=yes", "ProtectSystem=strict", "User=hotline"):
        assert line in lines
