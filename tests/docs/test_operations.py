"""docs/operations.md lists exactly the metrics and the log events of the program."""

import re

from tests.docs.documents import DOCS, ROOT, cells, section

TEXT = (DOCS / "operations.md").read_text(encoding="utf-8")
SOURCE = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "ivr").rglob("*.py")))


def test_every_figure_is_listed_and_every_listed_one_exists() -> None:
    listed = set(re.findall(r"`(ivr_\w+)`", section(TEXT, "Health and metrics")))
    gauges = set(re.findall(r'GaugeValue\(\s*\"(ivr_\w+)"', SOURCE))
    counters = {f"{name}_total" for name in re.findall(r'Counter\("(ivr_\w+)"', SOURCE)}
    assert gauges
    assert listed == gauges | counters


def test_every_result_of_a_webhook_is_listed() -> None:
    listed = {row[0] for row in cells(TEXT, "result")}
    assert listed == set(re.findall(r'TURNS\.labels\("(\w+)"\)', SOURCE))


def test_every_log_event_is_explained_and_every_explained_one_is_written() -> None:
    first_cells = " ".join(row[0] for row in cells(section(TEXT, "Logs"), "event"))
    written = set(re.findall(r'LOG\.(?:info|warning|error|exception|critical)\(\s*"([^"]+)"', SOURCE))
    named = set(re.findall(r"`([a-z][^`]+)`", section(TEXT, "Logs")))
    explained = {event for event in named if re.search(rf"(?<!\w){re.escape(event)}(?!\w)", first_cells)}
    assert written
    assert [event for event in explained if not any(each.startswith(event) for each in written)] == []
    assert [event for event in written if not any(event.startswith(each) for each in explained)] == []
