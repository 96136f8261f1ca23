"""What the page program refuses before Streamlit sees it: foreign hosts and foreign pages.

Streamlit would take a socket from a page of any other program of this computer.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_REFUSED = 1008
"""Close code of a socket against the rules; before it is open, the browser sees status 403."""


class PageGuard:
    """Answers only under its own names, and only its own pages where something is changed."""

    def __init__(self, app: ASGIApp, *, allowed_hosts: Collection[str]) -> None:
        self._app = app
        self._allowed_hosts = frozenset(allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request or a socket on, or refuses it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        status = self._refused(scope.get("method"), Headers(scope=scope))
        if status is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _REFUSED})
        else:
            await PlainTextResponse("Refused", status)(scope, receive, send)

    def _refused(self, method: str | None, headers: Headers) -> int | None:
        """Status of the refusal; sockets have no method and are never safe."""
        host = headers.get("host", "")
        if _host_name(f"//{host}") not in self._allowed_hosts:
            return 421
        if method in SAFE_METHODS:
            return None
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if site not in (None, "same-origin", "none"):
            return 403
        return None if origin is None or _place(origin) == host else 403


def _host_name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _place(origin: str) -> str | None:
    """Host and port of a page; None for one that has none."""
    try:
        found = urlsplit(origin)
    except ValueError:
        return None
    return found.netloc if found.scheme in ("http", "https") else None
