"""A network in front of an API that loses answers: the request arrives, and nobody hears of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx

HOP = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding"})


class LosingProxy:
    """Hands requests on; loses as many answers as it is told."""

    def __init__(self, target: str) -> None:
        self.losing = 0
        self.seen: list[str] = []
        self.http = httpx.Client(base_url=target, timeout=60)

    def hand_on(self, handler: BaseHTTPRequestHandler) -> None:
        size = int(handler.headers.get("Content-Length", "0"))
        body = handler.rfile.read(size)
        kept = {name: value for name, value in handler.headers.items() if name.lower() not in HOP}
        answer = self.http.request(handler.command, handler.path, content=body, headers=kept)
        self.seen.append(f"{handler.command} {urlsplit(handler.path).path}")
        handler.close_connection = True
        if self.losing:
            self.losing -= 1
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.send_response(answer.status_code)
        for name in ("Content-Type", "Content-Disposition"):
            if name in answer.headers:
                handler.send_header(name, answer.headers[name])
        handler.send_header("Content-Length", str(len(answer.content)))
        handler.end_headers()
        handler.wfile.write(answer.content)


@contextmanager
def losing(target: str) -> Iterator[tuple[str, LosingProxy]]:
    """The address of a proxy, and the proxy."""
    proxy = LosingProxy(target)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            proxy.hand_on(self)

        def do_POST(self) -> None:
            proxy.hand_on(self)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        proxy.http.close()
