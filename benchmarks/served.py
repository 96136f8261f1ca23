"""Servers as the processes they are: their CPU, and clients that cost little."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tests.support.processes import free_port, wait_until

_SCHEDULED = 2
"""A clock that Linux has of every process: nanoseconds, where `/proc` has ticks of 10 ms."""


class Busy(Exception):  # an answer, not an error
    """The server told to come back."""


@dataclass(frozen=True, kw_only=True)
class Served:
    """One server on loopback.

    Attributes:
        headers: Sent with every request.
    """

    process: subprocess.Popen[bytes]
    port: int
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def cpu_s(self) -> float:
        """User and system time of all threads of the process so far, from its own clock."""
        return time.clock_gettime(~self.process.pid << 3 | _SCHEDULED)

    def client(self) -> "Client":
        """A connection that stays open."""
        return Client(http.client.HTTPConnection("127.0.0.1", self.port), self.headers)


class Client:
    """One connection; requests one after another."""

    def __init__(self, connection: http.client.HTTPConnection, headers: Mapping[str, str]) -> None:
        self._connection = connection
        self._headers = headers

    def get(self, path: str) -> bytes:
        """The body of an answer."""
        return self._answer("GET", path, None, {})

    def post(self, path: str, body: bytes, **headers: str) -> bytes:
        """The body of an answer to JSON."""
        kind = {"Content-Type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._answer("POST", path, body, kind | named)

    def told(self, path: str) -> Any:  # noqa: ANN401  # JSON has no narrower type
        """The JSON of an answer."""
        return json.loads(self.get(path))

    def close(self) -> None:
        self._connection.close()

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> bytes:
        self._connection.request(method, path, body, {**self._headers, **headers})
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise Busy
        assert answer.status < 400, (path, answer.status, text[:500])
        return text


@contextmanager
def a_server(
    command: Sequence[str],
    health: str,
    *,
    headers: Mapping[str, str] | None = None,
    port: int | None = None,
    **environment: str,
) -> Iterator[Served]:
    """Starts a Python module as a server, waits until it is healthy, and stops it afterwards.

    Args:
        command: The module and its arguments; ``{port}`` is replaced.
        health: Path that answers once it can.
        headers: Of every request.
        port: A free one by default.
        environment: Variables of the process.
    """
    chosen = port or free_port()
    words = [word.format(port=chosen) for word in command]
    process = subprocess.Popen(
        [sys.executable, "-m", *words], env=os.environ | environment, stderr=subprocess.DEVNULL
    )
    served = Served(process=process, port=chosen, headers=headers or {})
    try:
        wait_until(lambda: _answers(served, health), what=f"a healthy {words[0]}")
        yield served
    finally:
        process.terminate()
        process.wait()


def an_api(data_dir: Path, token: str, **settings: str) -> AbstractContextManager[Served]:
    """The API on a data folder, asked with this credential; leases outlast any benchmark."""
    port = free_port()
    return a_server(
        ["backend"],
        "/api/health",
        headers={"Authorization": f"Bearer {token}"},
        port=port,
        PAYBATCH_DATA_DIR=str(data_dir),
        PAYBATCH_PORT=str(port),
        PAYBATCH_LEASE_S="3600",
        **settings,
    )


def _answers(served: Served, path: str) -> bool:
    assert served.process.poll() is None, "the server ended"
    client = served.client()
    try:
        client.get(path)
    except ConnectionError:
        return False
    finally:
        client.close()
    return True
