"""The permission that each view declares; the console does not start with an undeclared view."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from flask.sansio.app import App

from ivr.centre.staff.permissions import Permission, roles_of
from ivr.foundation.errors import ConfigurationError

V = TypeVar("V", bound=Callable[..., object])
ROOM = "console"
STATIC = f"{ROOM}.static"


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One method and path of the console with its permission."""

    method: str
    path: str
    permission: Permission

    @property
    def roles(self) -> list[str]:
        """The codes of the roles that have the permission."""
        return [role.value for role in roles_of(self.permission)]


def needs(permission: Permission) -> Callable[[V], V]:
    """Decorator: require this permission; without it the answer is 404."""

    def mark(view: V) -> V:
        view.needs = permission  # type: ignore[attr-defined]
        return view

    return mark


def for_strangers(view: V) -> V:
    """Decorator: no permission and no session required; for the sign-in pages only."""
    view.needs = None  # type: ignore[attr-defined]
    return view


def watching(view: V) -> V:
    """Not an activity: a page that is left alone while this is asked for signs its reader out all the same."""
    view.is_watching = True  # type: ignore[attr-defined]
    return view


def is_watching(app: App, endpoint: str) -> bool:
    """Whether a view only watches."""
    return hasattr(app.view_functions[endpoint], "is_watching")


def permission_of(app: App, endpoint: str) -> Permission | None:
    """The permission of an endpoint; None for public views. Raises `ConfigurationError` when undeclared."""
    if endpoint == STATIC:
        return None
    view = app.view_functions[endpoint]
    if not hasattr(view, "needs"):
        raise ConfigurationError(f"the view {endpoint} does not declare its permission: add @needs(...)")
    needed: Permission | None = view.needs
    return needed


def routes(app: App) -> Iterator[PageRoute]:
    """Every method and path of the console that needs a permission, ordered by path."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if not rule.endpoint.startswith(f"{ROOM}."):
            continue
        permission = permission_of(app, rule.endpoint)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if permission is not None:
                yield PageRoute(method, rule.rule, permission)


def check(app: App) -> None:
    """Raises `ConfigurationError` when a view of the console does not declare its permission."""
    for endpoint in app.view_functions:
        if endpoint.startswith(f"{ROOM}."):
            permission_of(app, endpoint)
