"""The page's fences: what it may load, and who may ask for it."""

from pathlib import Path

import pytest

import exchange.page
from exchange.page import content_policy
from tests.browser.station import Station

ROOM = Path(exchange.page.__file__).parent
SCRIPTS = sorted((ROOM / "static").glob("*.js"))


def test_the_policy_allows_the_pages_own_files_and_the_hotlines_sounds_only() -> None:
    policy = content_policy("http://127.0.0.1:5000/voice?x=1")
    assert "default-src 'none'" in policy
    assert "media-src 'self' http://127.0.0.1:5000;" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_page_and_static_files_carry_the_fences_and_are_refused_to_other_machines() -> None:
    client = Station().connect("http://127.0.0.1:5000/voice").test_client()
    for path in ("/phone", "/phone/static/main.js", "/phone/api/hotline"):
        answer = client.get(path, base_url="http://127.0.0.1")
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert client.get(path, environ_base={"REMOTE_ADDR": "10.0.0.8"}).status_code == 403
        assert client.get(path, base_url="http://evil.example").status_code == 403


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_small_and_write_no_markup(script: Path) -> None:
    source = script.read_text()
    assert source.startswith("// ")
    assert len(source.splitlines()) < 150
    for word in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", ".style"):
        assert word not in source


def test_the_page_has_no_inline_script_or_style() -> None:
    page = (ROOM / "templates" / "phone.html").read_text()
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src=')
