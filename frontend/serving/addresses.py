"""Addresses that Streamlit would answer with an empty page."""

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SERVED = ("_stcore", "static", "media", "component", "vendor")
"""First parts of addresses below which there are files and sockets, not pages."""


class OneLevel:
    """Leads the address of a page that has more than one part to its first part.

    Streamlit finds its own files beside the page, so that a page below another finds none.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        first, _, rest = scope.get("path", "").strip("/").partition("/")
        if scope["type"] == "http" and rest and first not in SERVED and _for_eyes(scope):
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"/{first}?{query}", 303)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _for_eyes(scope: Scope) -> bool:
    """Whether a browser asks for a document."""
    return b"text/html" in dict(scope["headers"]).get(b"accept", b"")
