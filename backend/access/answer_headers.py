"""Headers of every answer: nothing is guessed, framed, cached or told to others."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What an answer says unless its route says something of its own under that name."""

_RAW = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())

ONLY_OVER_TLS = "max-age=31536000"
"""A browser that came over TLS does not come without it for a year."""


class AnswerHeaders:
    """Adds `HEADERS` to every answer, also to those of the innermost failure."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                added = [pair for pair in _RAW if pair[0] not in said]
                if scope["scheme"] == "https":
                    added.append((b"strict-transport-security", ONLY_OVER_TLS.encode()))
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
