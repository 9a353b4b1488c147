"""Role by route, on one's own and on others' objects: what is not granted is 404; the signed-out are led to sign in."""

import re

import pytest

from ivr.centre.staff.demo import DEMO_STAFF
from ivr.console.access import PageRoute, routes
from ivr.console.application import standalone
from tests.support.console import Console, Person

ROUTES = list(routes(standalone(lambda: None)))
NUMBERED = re.compile(r"<int:\w+>")
VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>")
PEOPLE = {shown.person.user_name: next(iter(shown.person.roles)).value for shown in DEMO_STAFF}
DESK = "/console/desk"  # where a button is a deed without fields
AGENTS = {"agent1", "agent2"}
ELSEWHERE = {  # everybody may: test_sign_in, test_live, test_floor do; a stream has no end
    "/console/", "/console/sign-out", "/console/account/second-factor/<seal>.svg", "/console/live",
}  # fmt: skip


@pytest.fixture(scope="module")
def people(shared_console: Console) -> dict[str, Person]:
    return {name: shared_console.person(name) for name in PEOPLE}


def path_of(route: PageRoute, whose: str) -> str:
    """The route's path to something of somebody's; numbered things are those numbered 1."""
    return VARIABLE.sub(whose, NUMBERED.sub("1", route.path))


def may(user_name: str, route: PageRoute, whose: str) -> bool:
    """Computed from a table of its own, not from the program's."""
    role = PEOPLE[user_name]
    if role not in route.roles:
        return False
    if not VARIABLE.search(route.path):
        return True
    if route.path.startswith(DESK):
        return "/offers/" in route.path  # of talks there are none here: test_desk tries them
    if role in ("leader", "head"):
        return route.path.startswith("/console/calls/agents/") and whose in AGENTS
    if role == "hr":
        return whose in AGENTS
    return role == "tech" and (route.method == "GET" or whose != user_name)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_what_is_not_granted_is_not_there(people: dict[str, Person], route: PageRoute) -> None:
    """A POST comes without its fields: who may do it is told so, who may not, that it is not there."""
    for user_name, person in people.items():
        for whose in {user_name, "agent1", "leader1"} if VARIABLE.search(route.path) else {user_name}:
            path = path_of(route, whose)
            if route.path in ELSEWHERE:
                continue
            answer = person.get(path, allow_redirects=False) if route.method == "GET" else person.post(path)
            posted = (200, 409, 422) if route.path.startswith(DESK) else (422,)
            granted = {"GET": (200, 302), "POST": posted}[route.method]
            expected = granted if may(user_name, route, whose) else (404,)
            assert answer.status_code in expected, (user_name, whose)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_who_is_not_signed_in_is_led_to_the_sign_in_page(shared_console: Console, route: PageRoute) -> None:
    stranger = shared_console.person()
    path = path_of(route, "agent1")
    answer = stranger.http.request(route.method, shared_console.url + path, allow_redirects=False, timeout=10)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/console/sign-in")


def test_every_role_has_its_home_and_sees_nothing_else(people: dict[str, Person]) -> None:
    links = {"tech": {"/console/staff"}, "hr": {"/console/staff"}, "audit": {"/console/audit"}}
    for user_name, person in people.items():
        page = person.get("/console/").text
        found = set(re.findall(r'href="(/console/(?:staff|audit)[^"]*)"', page)) - {"/console/staff/import"}
        assert found == links.get(PEOPLE[user_name], set()), user_name


def test_a_page_that_is_not_there_and_one_that_is_not_theirs_say_the_same(people: dict[str, Person]) -> None:
    missing, forbidden = (people["agent1"].get(path) for path in ("/console/nothing", "/console/audit"))
    assert missing.status_code == forbidden.status_code == 404
    strip = re.compile(r"lang=\w+|href=\"[^\"]*\"")
    assert strip.sub("", missing.text) == strip.sub("", forbidden.text)
    assert people["agent1"].post("/console/staff").status_code == 404, "nor is a method that a page does not take"
