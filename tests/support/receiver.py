"""A server that a webhook is sent to: real TLS on this computer, behind a public name."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_connection, socket

from backend.webhook.network import Network

TLS = Path(__file__).parent / "tls"
HOST = "hooks.example.com"
URL = f"https://{HOST}/take"
PUBLIC = "93.184.216.34"


@dataclass
class Heard:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What a server heard, and what it answers next.

    Attributes:
        status: Of the answers.
        headers: Of the answers.
        addresses: What the name leads to; the check sees these.
        connected: Addresses that were connected to; each leads to this computer.
        resolved: Times that the name was looked up.
        arrived: Set by the first request.
    """

    port: int
    heard: list[Heard] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    addresses: tuple[str, ...] = (PUBLIC,)
    connected: list[tuple[str, int]] = field(default_factory=list)
    resolved: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def network(self) -> Network:
        """The world outside, in which the name leads here."""
        return Network(resolve=self._resolve, connect=self._connect, trust=trust)

    def _resolve(self, host: str, port: int) -> tuple[str, ...]:
        assert (host, port) == (HOST, 443)
        self.resolved += 1
        return self.addresses

    def _connect(self, address: str, port: int, timeout_s: float) -> socket:
        self.connected.append((address, port))
        return create_connection(("127.0.0.1", self.port), timeout=timeout_s)


def trust() -> ssl.SSLContext:
    """Believes the authority of the tests and nobody else."""
    return ssl.create_default_context(cafile=TLS / "authority.pem")


@contextmanager
def a_receiver() -> Iterator[Receiver]:
    """A server that keeps what it hears."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard = Heard(path=self.path, headers=dict(self.headers), body=body)
            receiver.heard.append(heard)
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()
            receiver.arrived.set()

        def log_message(self, *said: object) -> None:
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver = Receiver(port=server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
