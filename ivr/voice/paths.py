"""Request paths below the public URL's path, whether or not a proxy in front strips that path."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PUBLIC = ("voice", "audio")  # the first segments of the paths that the provider requests


def own_path(base: str, path: str) -> str:
    """The path without the prefix `base`, the path of the public URL: "/v", "/voice" or "".

    A path counts as prefixed only if a path of ours follows the prefix: with the base "/voice",
    "/voice/voice/turn/1" has it and "/voice/turn/1" does not.
    """
    rest = path.removeprefix(base)
    return rest if base and rest != path and _is_ours(rest) else path


def _is_ours(path: str) -> bool:
    return any(path == f"/{word}" or path.startswith((f"/{word}/", f"/{word}?")) for word in PUBLIC)


def below(base: str, inner: "WSGIApplication") -> "WSGIApplication":
    """WSGI middleware that strips the public URL's path, for proxies that pass it on."""
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
