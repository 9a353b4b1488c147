"""The listening address determines the public URL, unless IVR_PUBLIC_URL is set."""

import pytest

import app
from ivr.foundation.environment import is_loopback, read_environment
from ivr.foundation.errors import ConfigurationError


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:5642"),
        ("127.0.0.2", "http://127.0.0.2:5642"),
        ("localhost", "http://localhost:5642"),
        ("10.1.2.3", "http://10.1.2.3:5642"),
        ("0.0.0.0", "http://127.0.0.1:5642"),
        ("::1", "http://[::1]:5642"),
        ("::", "http://[::1]:5642"),
        ("2001:db8::7", "http://[2001:db8::7]:5642"),
    ],
)
def test_without_a_public_url_the_hotline_is_reached_where_it_listens(host: str, url: str) -> None:
    made = read_environment({"HOST": host, "PORT": "5642"})
    assert (made.public_url, made.local_url) == (url, url)


def test_a_public_url_is_taken_as_it_is_given() -> None:
    made = read_environment({"HOST": "127.0.0.2", "PORT": "5642", "IVR_PUBLIC_URL": "https://hotline.example.com/"})
    assert (made.public_url, made.local_url) == ("https://hotline.example.com", "http://127.0.0.2:5642")


@pytest.mark.parametrize("host", ["[::1]", "http://127.0.0.1", "127.0.0.1/x", "two words"])
def test_a_host_that_is_neither_name_nor_address_is_refused_by_name(host: str) -> None:
    with pytest.raises(ConfigurationError, match="HOST"):
        read_environment({"HOST": host})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "hotline.example.com"])
def test_the_embedded_exchange_refuses_to_be_heard_by_other_machines(host: str) -> None:
    with pytest.raises(ConfigurationError, match="loopback only"):
        app.with_exchange(read_environment({"HOST": host}))


@pytest.mark.parametrize(
    ("host", "ours"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("", False), ("::", False)],
)
def test_loopback_is_what_no_other_machine_reaches(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours
