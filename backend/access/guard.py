"""What is refused before any route: foreign hosts, foreign pages, and bodies without a bound."""

from functools import lru_cache
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.settings import Settings
from backend.wire.problem_json import problem_response

LARGEST_BODY_BYTES = 8 * 2**20
"""Above the largest chunk of series, below what could fill the memory."""

_DIGITS = 20
"""Far more than any length has; Python refuses to read very long numbers."""

LARGEST_FILE_BYTES = 2**30
"""Of a file that is written to the disk as it comes: no part of it waits in the memory."""

FILES = "/api/imports"
"""The only address that takes a file, to be imported; whoever may not bring one sends nothing."""

FILE_KIND = "application/octet-stream"

LARGEST_ADDRESS_BYTES = 16 * 2**10
"""Of path and query; above the longest link of a comparison of pilots."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

OWN_SITES = (None, "same-origin", "none")
"""What a browser says of a request that no other page made; programs say nothing."""


class Guard:
    """Answers only its own host, its own pages and bodies that say what and how long they are."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._allowed_hosts = settings.answered_hosts
        self._page_port = settings.page_port
        self._page = _split(settings.page_address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refused(scope, Headers(scope=scope))
        if refused is None:
            await self._app(scope, receive, send)
            return
        status, code = refused
        await problem_response(status, code)(scope, receive, send)

    def _refused(self, scope: Scope, headers: Headers) -> tuple[HTTPStatus, str] | None:
        host = headers.get("host", "")
        if _host_name(host) not in self._allowed_hosts:
            return HTTPStatus.MISDIRECTED_REQUEST, "host_not_allowed"
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LARGEST_ADDRESS_BYTES:
            return HTTPStatus.REQUEST_URI_TOO_LONG, "address_too_long"
        if scope["method"] in SAFE_METHODS:
            return _refused_length(headers, LARGEST_BODY_BYTES)
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        foreign = site not in OWN_SITES if origin is None else not self._is_ours(origin, host)
        if foreign or site == "cross-site":
            return HTTPStatus.FORBIDDEN, "origin_not_allowed"
        if scope["path"] == FILES and is_file(headers):
            return _refused_length(headers, LARGEST_FILE_BYTES)
        return _refused_length(headers, LARGEST_BODY_BYTES) or _refused_kind(headers)

    def _is_ours(self, origin: str, host: str) -> bool:
        """Whether it is the API's own address or the page's; another port is another program."""
        found = _split(origin)
        if found is None or found.scheme not in ("http", "https"):
            return False
        if found.netloc == host or (self._page and found.netloc == self._page.netloc):
            return True
        return found.port == self._page_port and found.hostname in self._allowed_hosts


def _refused_length(headers: Headers, largest_bytes: int) -> tuple[HTTPStatus, str] | None:
    """Of every method: what comes with a question is read as well."""
    if "transfer-encoding" in headers:
        return HTTPStatus.LENGTH_REQUIRED, "length_required"
    length = headers.get("content-length", "0")
    is_number = length.isascii() and length.isdigit() and len(length) < _DIGITS
    if not is_number or int(length) > largest_bytes:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large"
    return None


def _refused_kind(headers: Headers) -> tuple[HTTPStatus, str] | None:
    """Of a body whose length is known."""
    length = headers.get("content-length", "0")
    if int(length) > 0 and _kind(headers) != "application/json":
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_json_body"
    return None


def is_file(headers: Headers) -> bool:
    """Whether the body is a file, as its sender says."""
    return _kind(headers) == FILE_KIND


def _kind(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


@lru_cache(maxsize=64)
def _host_name(host: str) -> str | None:
    """Of a Host header; nearly every request has the same."""
    url = _split(f"//{host}")
    return None if url is None else url.hostname


def _split(url: str) -> SplitResult | None:
    """None for what is no address, such as one whose port is no number."""
    try:
        found = urlsplit(url)
        found.port  # noqa: B018  # read to be refused here
    except ValueError:
        return None
    return found
