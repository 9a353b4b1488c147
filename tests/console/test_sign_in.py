"""Signing in and out over real HTTP: cookies, tokens, the second factor, and where people are led."""

import base64
import json
import re

import pytest
from flask import Blueprint

from ivr.centre.staff import totp
from ivr.centre.staff.demo import password_of
from ivr.console.application import blueprint, standalone
from ivr.foundation.errors import ConfigurationError
from tests.support.console import Console, Person, errors

HOMES = ("/console/", "/console/desk")  # of most roles, and of agents
NEW = "a long sentence of my own"


def test_a_session_replayed_after_sign_out_is_refused(console: Console) -> None:
    person = console.person("tech1")
    thief = Person(console.url)
    thief.http.cookies.update(person.http.cookies)
    assert thief.get("/console/staff").status_code == 200
    person.post("/console/sign-out")
    thief.http.cookies.set("staff_session", thief.http.cookies["staff_session"])
    assert thief.get("/console/staff").url.startswith(f"{console.url}/console/sign-in")
    assert [line.actor for line in console.audited("signed_out")] == ["staff:tech1"]


def test_signing_in_gives_a_token_that_was_never_used_before(own_console: Console) -> None:
    person = own_console.person()
    person.get("/console/sign-in")
    before = person.http.cookies["staff_session"]
    person.sign_in("agent1", password_of("agent1"))
    assert person.http.cookies["staff_session"] != before
    stranger = Person(own_console.url)
    stranger.http.cookies.set("staff_session", before)
    assert "sign-in" in stranger.get("/console/").url


def test_the_cookie_is_for_our_pages_alone_and_secure_beyond_this_machine(own_console: Console) -> None:
    for host, secure in (("127.0.0.1:5000", False), ("localhost", False), ("console.bank.example", True)):
        answer = own_console.person().get("/console/sign-in", headers={"Host": host})
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/console" in cookie
        assert ("Secure" in cookie) is secure, host


def test_a_form_without_the_token_of_the_page_does_nothing(own_console: Console) -> None:
    tech = own_console.person("tech1")
    other = own_console.person("hr1")
    for token in ("", other.token, "0" * 64):
        answer = tech.post("/console/staff/agent1/lock", {"why": "x", "csrf_token": token})
        assert answer.status_code == 403
    tech.get("/console/staff")
    headers = {"X-CSRF-Token": tech.token}
    assert tech.post("/console/staff/agent1/lock", {"why": "x", "csrf_token": ""}, headers=headers).status_code == 200
    assert own_console.account("agent1").state == "locked"
    stranger = own_console.person()
    assert stranger.post("/console/sign-in", {"user_name": "agent1", "password": "x"}).status_code == 403


def test_somebody_is_led_back_to_where_they_wanted_to_go_and_nowhere_else(own_console: Console) -> None:
    person = own_console.person()
    person.get("/console/staff?role=agent")
    sent = {"user_name": "tech1", "password": password_of("tech1")}
    assert person.post("/console/sign-in", {**sent, "next": "/console/staff?role=agent"}).url.endswith("?role=agent")
    for elsewhere in ("https://evil.example/", "//evil.example", "/console/../voice", "/console//evil", "/phone"):
        again = own_console.person()
        again.get("/console/sign-in")
        assert again.post("/console/sign-in", {**sent, "next": elsewhere}).url == f"{own_console.url}/console/", (
            elsewhere
        )


def test_wrong_passwords_are_told_alike_counted_and_then_throttled(own_console: Console) -> None:
    for name in ("agent1", "who.is.this"):
        person = own_console.person()
        told = [errors(person.sign_in(name, "wrong"))["pass"] for _ in range(6)]
        assert ["再错 4 次" in told[0], "已锁定" in told[4], "15 分钟后" in told[5]] == [True] * 3, told
    person = own_console.person()
    assert "15 分钟后" in errors(person.sign_in("agent1", password_of("agent1")))["pass"]
    own_console.clock.forward(minutes=15)
    assert person.sign_in("agent1", password_of("agent1")).url.endswith(HOMES)


def test_strangers_do_not_lock_out_who_signed_in_with_this_browser_before(own_console: Console) -> None:
    own_console.trust("127.0.0.0/8")
    agent, stranger = own_console.person("agent1"), own_console.person()
    agent.post("/console/sign-out")
    cookie = next(each for each in agent.http.cookies if each.name == "staff_device")
    assert cookie.path == "/console"
    for told_by_the_proxy in ("198.51.100.7, 203.0.113.1", "198.51.100.7, 203.0.113.2", ""):
        stranger.http.headers["X-Forwarded-For"] = told_by_the_proxy
        told = [errors(stranger.sign_in("agent1", "wrong"))["pass"] for _ in range(6)]
        assert ["再错 4 次" in told[0], "15 分钟后" in told[5]] == [True] * 2, "only what the proxy itself saw counts"
    assert agent.sign_in("agent1", password_of("agent1")).url.endswith(HOMES)
    assert "15 分钟后" in errors(own_console.person().sign_in("agent1", password_of("agent1")))["pass"]


def test_a_browser_says_its_address_only_where_a_proxy_is_trusted(own_console: Console) -> None:
    person = own_console.person()
    for count in range(6):
        person.http.headers["X-Forwarded-For"] = f"203.0.113.{count}"
        told = errors(person.sign_in("agent1", "wrong"))["pass"]
    assert "15 分钟后" in told


def test_a_demonstration_password_opens_nothing_outside_of_the_demonstration(own_console: Console) -> None:
    own_console.show_demonstration(shown=False)
    for name in ("agent1", "tech1"):
        person = own_console.person()
        assert "演示密码" in errors(person.sign_in(name, password_of(name)))["pass"]
        assert "sign-in" in person.get("/console/").url
    assert "用户名或密码不对" in errors(own_console.person().sign_in("agent1", "wrong"))["pass"]
    assert "用户名或密码不对" in errors(own_console.person().sign_in("agent9", password_of("agent9")))["pass"]
    whys = [json.loads(line.details)["why"] for line in own_console.audited("sign_in_refused")]
    assert whys == ["demonstration password"] * 2 + ["password"] * 2


def test_a_session_is_over_after_a_quarter_of_an_hour_without_a_request(console: Console) -> None:
    person = console.person("agent1")
    for _ in range(3):
        console.clock.forward(minutes=14)
        assert person.get("/console/").url.endswith(HOMES)
    console.clock.forward(minutes=15)
    assert "sign-in" in person.get("/console/").url


def test_the_second_factor_is_set_up_asked_for_and_its_recovery_codes_work_once(console: Console) -> None:
    person = console.person("qa1")
    assert "old" in errors(person.post("/console/account/second-factor", {"old": "wrong"}))
    page = person.post("/console/account/second-factor", {"old": password_of("qa1")})
    found = re.search(r'id="secret">([A-Z2-7 ]+)<', page.text)
    assert found is not None
    secret = _unbase32(found.group(1))
    _look_at_the_picture(console, person, page.text)
    assert "code" in errors(person.post("/console/account/second-factor/confirm", {"code": "000000"}))
    codes_page = person.post("/console/account/second-factor/confirm", {"code": _code(console, secret)})
    codes = re.findall(r'<li class="code-word">([a-z0-9-]+)<', codes_page.text)
    assert len(codes) == 10

    second = console.person()
    page = second.sign_in("qa1", password_of("qa1"))
    assert page.url.endswith("/console/sign-in/code")
    assert "sign-in" in second.get("/console/").url, "half signed in opens nothing"
    assert errors(second.post("/console/sign-in/code", {"code": _code(console, secret)})), "that step was taken"
    console.clock.forward(seconds=30)
    assert second.post("/console/sign-in/code", {"code": _code(console, secret)}).url.endswith(HOMES)
    for expected in ("/console/", "/console/sign-in/code"):
        third = console.person()
        third.sign_in("qa1", password_of("qa1"))
        assert third.post("/console/sign-in/code", {"code": codes[0]}).url.endswith(expected)


def test_a_new_password_is_judged_and_ends_other_sessions(own_console: Console) -> None:
    person, elsewhere = own_console.person("agent1"), own_console.person("agent1")
    old = password_of("agent1")
    for form, field in (
        ({"old": "wrong", "new": NEW, "again": NEW}, "old"),
        ({"old": old, "new": "short", "again": "short"}, "new"),
        ({"old": old, "new": NEW, "again": f"{NEW}x"}, "again"),
        ({"old": old, "new": old, "again": old}, "new"),
        ({"old": old, "new": "", "again": NEW}, "new"),
    ):
        answer = person.post("/console/account/password", dict(form))
        assert (answer.status_code, list(errors(answer))) == (422, [field])
        assert re.search(rf'id="{field}"[^>]*autofocus', answer.text), "the field has the focus"
    assert person.post("/console/account/password", {"old": old, "new": NEW, "again": NEW}).status_code == 200
    assert person.get("/console/").url.endswith(HOMES)
    assert "sign-in" in elsewhere.get("/console/").url
    assert own_console.person().sign_in("agent1", NEW).url.endswith(HOMES)


def test_the_demonstration_staff_are_shown_only_in_a_demonstration(own_console: Console) -> None:
    assert "demo-用户名-2026" in own_console.person().get("/console/sign-in").text
    own_console.show_demonstration(shown=False)
    assert "demo-" not in own_console.person().get("/console/sign-in").text


def test_a_view_that_does_not_say_what_it_needs_keeps_the_console_from_starting() -> None:
    pages = Blueprint("forgotten", __name__)
    pages.add_url_rule("/forgotten", "show", lambda: "everything")
    console = blueprint(lambda: None)
    console.register_blueprint(pages)
    with pytest.raises(ConfigurationError, match=r"console\.forgotten\.show"):
        standalone(lambda: None, console)


def test_without_its_database_the_console_says_so_in_a_page_of_its_own() -> None:
    answer = standalone(lambda: None).test_client().get("/console/sign-in")
    assert answer.status_code == 503
    assert "系统暂时没有应答" in answer.text


def test_nothing_is_inline_nothing_foreign_and_nothing_kept(shared_console: Console) -> None:
    answer = shared_console.person("audit1").get("/console/audit")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script(?![^>]*src=\"/console/static/)|<style|\sstyle=|\son\w+=|https?://", answer.text)


def _look_at_the_picture(console: Console, person: Person, page: str) -> None:
    """The QR code comes to who was given its address, while the factor is set up, and to nobody else."""
    found = re.search(r'src="(/console/account/second-factor/([0-9a-f]{64})\.svg)"', page)
    assert found is not None
    drawn = person.get(found.group(1))
    assert (drawn.status_code, drawn.headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert drawn.headers["Cache-Control"] == "no-store"
    assert person.get(found.group(1).replace(found.group(2), "0" * 64)).status_code == 404
    for other in (console.person("qa1"), console.person("agent1")):
        assert other.get(found.group(1)).status_code == 404, "nor another session of the same person"


def test_guesses_on_an_open_desk_are_throttled_as_at_sign_in(own_console: Console) -> None:
    person = own_console.person("agent1")
    for path in ("/console/account/password", "/console/account/second-factor"):
        told = [errors(person.post(path, {"old": "wrong", "new": NEW, "again": NEW})) for _ in range(6)]
        assert "15 分钟后" in told[5]["old"]
    assert "现用密码不对" in told[0]["old"] or "15 分钟后" in told[0]["old"]


def _code(console: Console, secret: bytes) -> str:
    return totp.code_at(secret, totp.step_at(console.clock()))


def _unbase32(text: str) -> bytes:
    return base64.b32decode(text.replace(" ", ""))
