"""A client of an application in this process: one way to its event loop and back for each request.

Starlette's own goes that way seven times a request, and tests make some hundred thousand.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.applications import Starlette

_CALLER = ("testclient", 50000)


class _InProcess(httpx.BaseTransport):
    """Hands requests to the application; what it raises is raised where the request was made."""

    def __init__(self, app: Starlette, portal: BlockingPortal) -> None:
        self._app = httpx.ASGITransport(app, client=_CALLER)
        self._portal = portal

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._portal.call(self._answer, request)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._app.handle_async_request(request)
        return httpx.Response(
            answer.status_code,
            headers=answer.headers.raw,
            stream=httpx.ByteStream(b"".join([part async for part in answer.aiter_raw()])),
        )


class AppClient(httpx.Client):
    """A client that knows its application."""

    def __init__(self, app: Starlette, portal: BlockingPortal) -> None:
        super().__init__(
            transport=_InProcess(app, portal), base_url="http://127.0.0.1", follow_redirects=True
        )
        self.app = app


@contextmanager
def a_client_of(app: Starlette) -> Iterator[AppClient]:
    """The application from its start to its end, and a client that follows redirects."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(app.router.lifespan_context(app)),
        AppClient(app, portal) as client,
    ):
        yield client
