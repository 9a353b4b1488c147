"""Paths of ours below the path of the public URL, which a proxy in front may have taken away, or not."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PUBLIC = ("voice", "audio")  # the first words of the paths that the provider asks for


def own_path(base: str, path: str) -> str:
    """The path as this program knows it. `base`: the path of the public URL, "/v" or "/voice" or "".

    What follows `base` tells a path that still has it from one that looks alike: with the base "/voice",
    "/voice/voice/turn/1" has it and "/voice/turn/1" does not.
    """
    rest = path.removeprefix(base)
    return rest if base and rest != path and _is_ours(rest) else path


def _is_ours(path: str) -> bool:
    return any(path == f"/{word}" or path.startswith((f"/{word}/", f"/{word}?")) for word in PUBLIC)


def below(base: str, inner: "WSGIApplication") -> "WSGIApplication":
    """The application where a proxy does not take the path of the public URL away."""
    if not base:
        return inner

    def outer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        own = own_path(base, path)
        if own != path:
            environ["PATH_INFO"] = own
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + base
        return inner(environ, start_response)

    return outer
