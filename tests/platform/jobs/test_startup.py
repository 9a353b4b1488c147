"""Servers and workers open when their database lets them; until then they say what they wait for."""

import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from ivr.db import schema
from ivr.foundation import logs
from ivr.foundation.errors import ConfigurationError, DatabaseOutdated, NotReady
from ivr.installation import Installation
from ivr.platform.jobs.startup import Startup
from ivr.platform.jobs.tasks import LogThrottle, TaskThread

AWAY = OperationalError("select 1", None, Exception("connection refused"))
WAIT_SECONDS = 30


class Door:
    """Opens after what stands in its way is gone."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)

    def open(self) -> str:
        """Come in, or meet the next fault."""
        if self.faults:
            raise self.faults.pop(0)
        return "open"


def test_it_is_tried_until_it_opens(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    door = Door(
        AWAY, AWAY, DatabaseOutdated(), NotReady("no flow has been published"), OSError("no space"), KeyError("x")
    )
    startup = Startup(door.open, again_seconds=0)
    assert startup.until_started(threading.Event()) == startup.result == "open"
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 5  # the same reason is said once a minute
    assert "connection refused" in told[0]
    assert "python -m ivr migrate" in told[1]


@pytest.mark.parametrize(
    ("fault", "check"), [(AWAY, "database"), (DatabaseOutdated(), "migrations"), (NotReady("x"), "bundle")]
)
def test_what_it_waits_for_is_told_under_the_check_it_belongs_to(fault: Exception, check: str) -> None:
    startup = Startup(Door(*[fault] * 2).open, again_seconds=WAIT_SECONDS)
    startup.begin(WAIT_SECONDS)
    assert (startup.problem[0], startup.result) == (check, None)
    startup.close()


def test_what_no_waiting_mends_is_refused_at_the_first_try_alone() -> None:
    wrong = ConfigurationError("another key")
    with pytest.raises(ConfigurationError, match="another key"):
        Startup(Door(wrong).open).begin(WAIT_SECONDS)
    with pytest.raises(ConfigurationError, match="another key"):
        Startup(Door(wrong).open).until_started(threading.Event())
    later = Startup(Door(AWAY, wrong, wrong).open, again_seconds=0)
    assert later.until_started(threading.Event()) == "open"
    serving = Startup(Door(wrong).open, again_seconds=0)
    serving.begin(WAIT_SECONDS, refuses=False)
    serving.close()


def test_it_ends_when_it_is_told_to() -> None:
    stop = threading.Event()

    def never() -> str:
        stop.set()
        raise AWAY

    assert Startup(never).until_started(stop) is None


def test_a_database_is_never_opened_with_keys_that_could_not_be_tried(tmp_path: Path) -> None:
    """While it is away nothing can be said of the keys; when it is there they are looked at again."""
    url = f"sqlite:///{tmp_path / 'hotline.db'}"
    right = Installation.here({"IVR_DATABASE_URL": url, "IVR_SECRET_KEY": "0123456789abcdef" * 2})
    wrong = Installation.here({"IVR_DATABASE_URL": url, "IVR_SECRET_KEY": "fedcba9876543210" * 2})
    _ = wrong.keyring
    from ivr.cli.operations import load_demonstration

    schema.upgrade(right.database)
    load_demonstration(right)
    right.check_database()
    with pytest.raises(ConfigurationError, match="another key"):
        wrong.check_database()
    right.database.close()
    wrong.database.close()


def test_threads_without_a_database_say_so_once_a_minute_between_them(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()

    def away() -> None:
        raise AWAY

    throttle, moment = LogThrottle(), [0.0]
    threads = [TaskThread(f"task-{n}", 0.25, away, lambda: moment[0], throttle) for n in range(4)]
    tries = 0
    while moment[0] < 119:
        for thread in threads:
            tries += thread.due <= moment[0]
            thread.round()
        moment[0] += 0.25
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "connection refused" in lines[0]
    assert tries <= 4 * 120 / 2  # and do not ask all the time
