"""Files come from people who may bring one: Streamlit would keep anybody's in its memory."""

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from frontend.calls.api import Api, ApiRefused, ApiUnreachable, SignedOut
from frontend.session import COOKIE

PLACE = "/_stcore/upload_file/"
ROUTE = "POST /api/imports"
"""Of the API; whoever may use it may put a file on the page."""


class Uploads:
    """Asks the API who brings a file, before the first byte of it is taken."""

    def __init__(self, app: ASGIApp, *, api: httpx.Client) -> None:
        self._app = app
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses a file."""
        brings = scope["type"] == "http" and scope["method"] == "PUT"
        if brings and scope["path"].startswith(PLACE):
            token = Request(scope).cookies.get(COOKIE)
            status = await run_in_threadpool(self._refused, token)
            if status is not None:
                await PlainTextResponse("Refused", status)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refused(self, token: str | None) -> int | None:
        """Status of the refusal."""
        if token is None:
            return 401
        try:
            me = Api(self._api, token).me()
        except ApiUnreachable:
            return 503
        except (SignedOut, ApiRefused):
            return 401
        return 403 if ROUTE in me.needs else None
