"""Requests to one installation; what may be sent twice is sent again when a connection is lost."""

import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from threading import Event
from typing import TypeVar
from uuid import uuid4

import httpx

from paybatch.codec import decode, encode
from paybatch.found_here import on_this_computer
from paybatch.refused import Unreachable, refused_by

Value = TypeVar("Value")
Query = Mapping[str, str | int | None]
Pause = Callable[[float], object]

TIMEOUT_S = 60.0
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0


def new_key() -> dict[str, str]:
    """The header of a create: another one for each call, the same if the request is sent again."""
    return {"Idempotency-Key": str(uuid4())}


class Connection:
    """A person's requests to the API of one installation."""

    def __init__(
        self, url: str, token: str, *, patience_s: float, pause: Pause | None = None
    ) -> None:
        """Nothing is sent yet.

        Args:
            url: Of the API.
            token: Of the person.
            patience_s: Seconds for which what may be sent twice is tried again.
            pause: Waits so many seconds.
        """
        self.url = url
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_S,
            trust_env=not on_this_computer(url),  # no proxy sees what is sent to this computer
        )
        self._patience_s = patience_s
        self._pause = pause or Event().wait

    def close(self) -> None:
        """Ends it."""
        self._http.close()

    def send(
        self,
        kind: type[Value],
        method: str,
        path: str,
        *,
        body: object = None,
        params: Query | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> Value:
        """The decoded answer.

        Args:
            kind: Of the answer.
            method: Of the request.
            path: From the root of the API.
            body: Any value that the API takes.
            params: What is None is left out.
            headers: Beside those of every request.
            again: Whether it may be sent twice, as a question may; what reads, and what carries
                an ``Idempotency-Key``, may anyway.

        Raises:
            Refused: The API refused it.
            Unreachable: There was no answer.
        """
        return decode(
            kind,
            self.answer(
                method, path, body=body, params=params, headers=headers, again=again
            ).content,
        )

    def answer(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        params: Query | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> httpx.Response:
        """A good answer as it came; see `send`."""
        request = self._http.build_request(
            method,
            path,
            params={name: value for name, value in (params or {}).items() if value is not None},
            content=None if body is None else encode(body),
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        again = again or method == "GET" or "Idempotency-Key" in request.headers
        answer = self._answered(request, again=again)
        if not answer.is_success:
            raise refused_by(answer)
        return answer

    def send_file(
        self, kind: type[Value], path: str, file: Path, *, params: Query | None = None
    ) -> Value:
        """The decoded answer to a file, which is read as it is sent, whatever its size.

        Raises:
            Refused: The API refused it.
            Unreachable: There was no answer.
        """
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Length": str(file.stat().st_size),
            **new_key(),
        }
        try:
            with file.open("rb") as content:
                answer = self._http.post(path, params=params, content=content, headers=headers)
        except httpx.TransportError as error:
            raise Unreachable(self.url) from error
        if not answer.is_success:
            raise refused_by(answer)
        return decode(kind, answer.content)

    def parts(self, path: str) -> Iterator[bytes]:
        """A long answer, part by part.

        Raises:
            Refused: The API refused it.
            Unreachable: There was no answer, or it broke off.
        """
        try:
            with self._http.stream("GET", path) as answer:
                if not answer.is_success:
                    answer.read()
                    raise refused_by(answer)
                yield from answer.iter_bytes()
        except httpx.TransportError as error:
            raise Unreachable(self.url) from error

    def _answered(self, request: httpx.Request, *, again: bool) -> httpx.Response:
        """The last answer there was to it.

        Raises:
            Unreachable: There was none.
        """
        ends_at = time.monotonic() + self._patience_s
        pause_s = FIRST_PAUSE_S
        while True:
            last = time.monotonic() + pause_s > ends_at
            try:
                answer = self._http.send(request)
            except httpx.TransportError as error:
                sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if last or (sent and not again):
                    raise Unreachable(self.url) from error
            else:
                busy = answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
                if last or not (busy and again):
                    return answer
            self._pause(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
