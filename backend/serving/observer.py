"""What is noted of every request: its id, how long it took, and a line where that is worth one."""

import asyncio
import logging
import re
import time
from http import HTTPStatus
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.unit_of_work import Installation
from backend.vitals import NOT_NOW
from backend.wire.problem_json import problem_response
from wording.log_lines import REQUEST_ID, Allowance

LOG = logging.getLogger(__name__)

HEADER = "X-Request-ID"

_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

_QUIET = re.compile(r"/api/workers/|/api/runs/\{run_id\}/attempts/|.*:(compute|control|export)$")
"""Routes of which no line is written while all is well: programs call them all the time, or
nothing changes."""

UNMATCHED = "unmatched"
"""Stands for every path that is no route's, so that nobody makes up routes."""


class Observer:
    """Gives every request an id and notes how it was answered; outermost but for the server.

    An error that nobody expected is written once, with its traceback, and told without it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._allowance = Allowance()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_in(Headers(scope=scope))
        began_s = time.perf_counter()
        status = 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                mine = (HEADER.lower().encode(), request_id.encode())
                message["headers"] = [*message["headers"], mine]
            await send(message)

        token = REQUEST_ID.set(request_id)
        try:
            try:
                await self._app(scope, receive, send_noting)
            except asyncio.CancelledError:
                # The server leaves and waits no longer for the rest of this request.
                _count(scope, began_s, HTTPStatus.SERVICE_UNAVAILABLE)
                if not status:
                    await problem_response(NOT_NOW, "leaving")(scope, receive, send_noting)
                return
            except Exception:  # outermost for this request: the others are still answered
                LOG.exception("a request failed", extra=_told(scope, began_s, 500))
                _count(scope, began_s, 500)
                if status:
                    raise
                answer = problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error")
                await answer(scope, receive, send_noting)
                return
            self._note(scope, began_s, status)
        finally:
            REQUEST_ID.reset(token)

    def _note(self, scope: Scope, began_s: float, status: int) -> None:
        """Counts it, and writes a line for what changed something or was not answered as asked."""
        _count(scope, began_s, status)
        is_quiet = scope["method"] in _SAFE or _QUIET.match(route_of(scope))
        if status < HTTPStatus.BAD_REQUEST and is_quiet:
            return
        suppressed = self._allowance.take()
        if suppressed is None:
            return
        level = logging.INFO if status < HTTPStatus.INTERNAL_SERVER_ERROR else logging.WARNING
        more = {"suppressed": suppressed} if suppressed else {}
        LOG.log(level, "request", extra=_told(scope, began_s, status) | more)


def request_id_in(headers: Headers) -> str:
    """The id that the client gave, where it is a sane one; else a new one."""
    given = headers.get(HEADER, "")
    return given if _SANE.fullmatch(given) else uuid4().hex


def route_of(scope: Scope) -> str:
    """Template of the route that a request was for; never the path, which anybody can make up."""
    route = scope.get("route")
    return UNMATCHED if route is None else str(route.path_format)


def _count(scope: Scope, began_s: float, status: int) -> None:
    installation: Installation = scope["app"].state.installation
    method = scope["method"] if scope["method"] in _METHODS else UNMATCHED
    route = route_of(scope)
    shown = installation.instruments
    shown.count("http_requests", method, route, f"{status // 100}xx")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        shown.count("http_failures", route, str(int(status)))
    shown.observe(
        "http_request_duration_seconds", method, route, seconds=time.perf_counter() - began_s
    )


def _told(scope: Scope, began_s: float, status: int) -> dict[str, object]:
    principal = scope.get("state", {}).get("principal")
    path = scope.get("path_params") or {}
    return {
        "request_id": REQUEST_ID.get(),
        "method": scope["method"],
        "route": route_of(scope),
        "status": status,
        "duration_ms": round(1000 * (time.perf_counter() - began_s), 1),
        "principal": None if principal is None else principal.name,
        "run_id": _short(path.get("run_id")),
        "attempt": _short(path.get("number")) if "run_id" in path else None,
        "worker_id": _short(path.get("worker_id")),
        "pilot_id": _short(path.get("pilot_id")),
    }


def _short(text: str | None) -> str | None:
    """As long as an id can be; what a path says is anybody's text."""
    return None if text is None else text[:64]
