"""python -m ivr trace: help with an example, and a word for every call that cannot be traced."""

from pathlib import Path

import pytest

from ivr.cli.main import main


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty database, migrated."""
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{tmp_path}/hotline.db")
    assert main(["migrate"]) == 0


def test_it_explains_itself_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["trace", "--help"])
    assert left.value.code == 0
    assert "example: python -m ivr trace CA" in capsys.readouterr().out


@pytest.mark.usefixtures("database")
def test_a_hotline_that_nobody_called_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace"]) == 1
    assert capsys.readouterr().err == "trace: nobody has called yet\n"


@pytest.mark.usefixtures("database")
def test_an_unknown_call_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "CA1"]) == 1
    assert "no call CA1 is in this database" in capsys.readouterr().err
