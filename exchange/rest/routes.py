"""Registers the URLs of resources."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

PREFIX = "/2010-04-01"


class Routes:
    """URLs below one account; the guard has checked the account in the path."""

    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint = blueprint

    def add(self, path: str, view: Callable[..., Any], verb: str = "GET") -> None:
        """path: below the account, such as /Messages/<sid>.json; the <> parts are the arguments of the view."""
        name = f"rest_{type(getattr(view, '__self__', None)).__name__}_{view.__name__}_{path}".replace(".", "_")

        def below_account(account: str, **parts: str) -> Any:
            del account  # checked already
            return view(**parts)

        rule = f"{PREFIX}/Accounts/<account>{path}"
        self._blueprint.add_url_rule(rule, f"{name}_{verb}", below_account, methods=[verb])
