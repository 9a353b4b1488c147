"""The listening address determines the public URL, unless IVR_PUBLIC_URL is set."""

import pytest

import app
from ivr.foundation.addresses import client_address, is_loopback, networks
from ivr.foundation.environment import read_environment
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


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "203.0.113.9, 10.0.0.6", "203.0.113.9"),
        ("10.0.0.5", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "10.0.0.8", "10.0.0.8"),
        ("10.0.0.5", "203.0.113.9, not an address", "not an address"),
    ],
)
def test_an_address_is_the_last_one_that_a_trusted_proxy_saw(peer: str, forwarded: str, found: str) -> None:
    assert client_address(peer, forwarded, networks("10.0.0.0/8, ::1")) == found


def test_proxies_are_networks_with_commas() -> None:
    assert read_environment({"IVR_TRUSTED_PROXIES": "10.0.0.5, ::1"}).trusted_proxies == networks("10.0.0.5/32,::1/128")
    with pytest.raises(ConfigurationError, match="IVR_TRUSTED_PROXIES"):
        read_environment({"IVR_TRUSTED_PROXIES": "10.0.0.5/8"})
