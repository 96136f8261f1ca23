"""Clients that no server likes, each from the block's beginning to its end."""

import contextlib
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import httpx

from tests.contract.programs import ApiProcess

SLOW_BODIES = 40
UNREAD = 20
IDLE = 200
PAGES = 64
DRAWERS = 24
QUERIES = 8
LONG = "Long"
"""Name of a pilot of many points."""
SLOW_READERS = 2

Trouble = Callable[[ApiProcess, str], contextlib.AbstractContextManager[None]]


@contextmanager
def slow_bodies(api: ApiProcess, _pilot_id: str) -> Iterator[None]:
    """Bodies that come byte by byte."""
    kind = b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    head = _head(api, "POST", "/api/pilots") + kind

    def send(client: socket.socket, stop: threading.Event) -> None:
        client.sendall(head)
        while not stop.wait(0.1):
            client.sendall(b"x")

    with _sockets(api, SLOW_BODIES, send):
        yield


@contextmanager
def unread_answers(api: ApiProcess, _pilot_id: str) -> Iterator[None]:
    """Clients that ask for what is large, again and again, and never read."""
    request = _head(api, "GET", "/api/openapi.json") + b"\r\n"

    def send(client: socket.socket, stop: threading.Event) -> None:
        client.settimeout(0.2)
        for _ in range(50):
            with contextlib.suppress(TimeoutError):
                client.sendall(request)
        stop.wait()

    with _sockets(api, UNREAD, send):
        yield


@contextmanager
def idle_connections(api: ApiProcess, _pilot_id: str) -> Iterator[None]:
    """Clients that connect and say nothing."""
    with ExitStack() as stack:
        for _ in range(IDLE):
            stack.enter_context(_connected(api))
        yield


@contextmanager
def polling_pages(api: ApiProcess, pilot_id: str) -> Iterator[None]:
    """Pages that are open on a pilot, each with its tick of a second."""

    def poll(http: httpx.Client, stop: threading.Event) -> None:
        while not stop.wait(1.0):
            http.get(f"/api/pilots/{pilot_id}/live")

    with _clients(api, PAGES, poll):
        yield


@contextmanager
def drawn_reports(api: ApiProcess, pilot_id: str) -> Iterator[None]:
    """People who draw reports and ask for reviews at once, more than there are turns."""
    order = {"format": "pdf", "language": "ja"}

    def draw(http: httpx.Client, stop: threading.Event) -> None:
        while not stop.is_set():
            _allowed(http.post("/api/reviews:compute", json={"pilot_id": pilot_id}))
            key = {"Idempotency-Key": uuid4().hex}
            _allowed(http.post(f"/api/pilots/{pilot_id}/reports", json=order, headers=key))

    with _clients(api, DRAWERS, draw):
        yield


@contextmanager
def slow_queries(api: ApiProcess, _pilot_id: str) -> Iterator[None]:
    """Programs that ask for all of a long pilot again and again: millions of bytes an answer."""
    (long,) = api.get("/api/pilots:summaries", search=LONG)["items"]

    def read(http: httpx.Client, stop: threading.Event) -> None:
        while not stop.is_set():
            _allowed(http.get(f"/api/pilots/{long['id']}/records"))

    with _clients(api, QUERIES, read):
        yield


@contextmanager
def slow_readers(api: ApiProcess, _pilot_id: str) -> Iterator[None]:
    """Programs beside the API that hold a snapshot and compute in the database."""
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    path = api.data_dir / "paybatch.sqlite"
    connections = [
        sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        for _ in range(SLOW_READERS)
    ]

    def read(connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM runs").fetchall()
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute(slow).fetchall()

    threads = [threading.Thread(target=read, args=(one,)) for one in connections]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for connection, thread in zip(connections, threads, strict=True):
            while thread.is_alive():
                connection.interrupt()
                thread.join(0.1)
            connection.close()


EVERY: dict[str, Trouble] = {
    "bodies byte by byte": slow_bodies,
    "answers that nobody reads": unread_answers,
    "200 idle connections": idle_connections,
    "64 polling pages": polling_pages,
    "reports and reviews": drawn_reports,
    "slow queries": slow_queries,
    "slow readers": slow_readers,
}


def _allowed(answer: httpx.Response) -> None:
    """A trouble that is refused at the door troubles nobody."""
    assert answer.status_code in (200, 201, 503), answer.text


def _connected(api: ApiProcess) -> socket.socket:
    where = httpx.URL(api.url)
    return socket.create_connection((where.host, where.port), timeout=30)


def _head(api: ApiProcess, method: str, path: str) -> bytes:
    token = api.credentials.admin_token
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n".encode()
    )


@contextmanager
def _sockets(
    api: ApiProcess, number: int, act: Callable[[socket.socket, threading.Event], None]
) -> Iterator[None]:
    """Threads with a connection each; one that is cut off is done."""

    def run(stop: threading.Event) -> None:
        with contextlib.suppress(OSError), _connected(api) as client:
            act(client, stop)

    with _threads(number, run):
        yield


@contextmanager
def _clients(
    api: ApiProcess, number: int, act: Callable[[httpx.Client, threading.Event], None]
) -> Iterator[None]:
    """Threads with a signed-in client each."""
    token = {"Authorization": f"Bearer {api.credentials.admin_token}"}

    def run(stop: threading.Event) -> None:
        with (
            contextlib.suppress(httpx.TransportError),
            httpx.Client(base_url=api.url, headers=token, timeout=60) as http,
        ):
            act(http, stop)

    with _threads(number, run):
        yield


@contextmanager
def _threads(number: int, run: Callable[[threading.Event], None]) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=run, args=(stop,)) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
