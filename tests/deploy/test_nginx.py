"""The example proxy in front of a hotline: what it lets through, and that dripping connections end at it."""

import re
import resource
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.caller import Caller
from tests.support.databases import ROOT
from tests.support.door import Door
from tests.support.hotline import WANG, Hotline

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CONFIGURATION = (ROOT / "deploy" / "nginx" / "hotline.conf").read_text(encoding="utf-8")
CONSOLE = (ROOT / "deploy" / "nginx" / "console.conf").read_text(encoding="utf-8")
DRIPPING = 1100
SOMEBODY_ELSE = "127.0.0.9"  # the connections of another address of this machine
MAIN = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/hotline.conf;
}}
"""

pytestmark = pytest.mark.skipif(NGINX is None, reason="this machine has no nginx (Debian: apt-get install nginx-light)")


@pytest.fixture(scope="module")
def proxy(shared_hotline: Hotline, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The way into the hotline through nginx, in the clear and on a port of this machine."""
    folder = tmp_path_factory.mktemp("nginx")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    text = CONFIGURATION.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = re.sub(r"^ +ssl_.*\n", "", text, flags=re.MULTILINE)
    upstream = shared_hotline.door.address[1]
    (folder / "hotline.conf").write_text(text.replace("127.0.0.1:5000", f"127.0.0.1:{upstream}"), encoding="utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < 3 * DRIPPING:
        pytest.skip(f"this machine lets a process open {most} files; {3 * DRIPPING} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (3 * DRIPPING, most))  # of this process and of nginx, which inherits it
    process = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        _until_it_listens(port, process)
        yield replace(shared_hotline.door, address=("127.0.0.1", port))
    finally:
        process.terminate()
        process.wait(timeout=20)


def _until_it_listens(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        assert process.poll() is None, "nginx ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(0.1)  # it is starting; a port gives no sign
        else:
            return
    raise AssertionError("nginx did not listen")


def test_a_call_goes_through_beside_a_thousand_connections_that_drip(proxy: Door) -> None:
    with ExitStack() as dripping:
        for number in range(DRIPPING):
            connection = dripping.enter_context(
                socket.create_connection(proxy.address, timeout=5, source_address=(SOMEBODY_ELSE, 0))
            )
            head = b"POST /voice HTTP/1.1\r\nHost: x\r\nContent-Le"
            connection.send(head if number % 2 else head + b"ngth: 400\r\n\r\nCallSid=CA")
        Caller(proxy, WANG).dial().press("1").hear("账户查询").hang_up()


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/metrics", "/phone", "/console/"])
def test_strangers_reach_nothing_else(proxy: Door, path: str) -> None:
    assert proxy.send("GET", path).status == 404


def test_music_is_reached(proxy: Door) -> None:
    reply = proxy.send("GET", "/audio/music/hold.wav")
    assert (reply.status, reply.body[:4]) == (200, b"RIFF")


def test_a_body_larger_than_any_webhook_is_refused_by_the_proxy(proxy: Door) -> None:
    assert proxy.send("POST", "/voice", b"x" * 70_000, {"Content-Type": "text/plain"}).status == 413


def test_both_examples_are_taken(tmp_path: Path) -> None:
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=hotline.example.com",
    ]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True, timeout=60)
    text = (CONFIGURATION + CONSOLE).replace("/etc/hotline/tls", str(tmp_path))
    (tmp_path / "hotline.conf").write_text(text, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(MAIN.format(folder=tmp_path), encoding="utf-8")
    check = [str(NGINX), "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    ran = subprocess.run(check, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
