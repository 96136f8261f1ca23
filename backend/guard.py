"""What is refused before any route: foreign hosts, foreign pages, and bodies without a bound."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.problem_json import problem_response

LARGEST_BODY_BYTES = 8 * 2**20
"""Above the largest chunk of series, below what could fill the memory."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Answers only its own host, its own pages and bodies that say how long they are."""

    def __init__(self, app: ASGIApp, *, allowed_hosts: frozenset[str]) -> None:
        self._app = app
        self._allowed_hosts = allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refused(scope["method"], Headers(scope=scope))
        if refused is None:
            await self._app(scope, receive, send)
            return
        status, code = refused
        await problem_response(status, code)(scope, receive, send)

    def _refused(self, method: str, headers: Headers) -> tuple[HTTPStatus, str] | None:
        if _host_name(f"//{headers.get('host', '')}") not in self._allowed_hosts:
            return HTTPStatus.MISDIRECTED_REQUEST, "host_not_allowed"
        if method in SAFE_METHODS:
            return None
        origin = headers.get("origin")
        foreign = origin is not None and _host_name(origin) not in self._allowed_hosts
        if foreign or headers.get("sec-fetch-site") == "cross-site":
            return HTTPStatus.FORBIDDEN, "origin_not_allowed"
        return _refused_body(headers)


def _refused_body(headers: Headers) -> tuple[HTTPStatus, str] | None:
    if "transfer-encoding" in headers:
        return HTTPStatus.LENGTH_REQUIRED, "length_required"
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST_BODY_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large"
    return None


def _host_name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
