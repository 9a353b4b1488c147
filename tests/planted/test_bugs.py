"""The bugs can be planted: each text stands once where it is said to, and its tests are there."""

from collections import Counter

import pytest

from tests.planted.bugs import Bug, read_bugs
from tests.support.databases import ROOT

BUGS = read_bugs()


def test_there_are_at_least_forty_and_each_is_its_own() -> None:
    assert len(BUGS) >= 40
    assert not [name for name, times in Counter(bug.bug for bug in BUGS).items() if times > 1]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.bug)
def test_its_text_stands_once_in_its_file_and_its_tests_exist(bug: Bug) -> None:
    assert bug.is_there(ROOT), f"{bug.file} does not hold once: {bug.before}"
    assert bug.before != bug.after
    for test in bug.tests:
        path, _, name = test.partition("::")
        assert (ROOT / path).exists(), path
        assert not name or f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), test
