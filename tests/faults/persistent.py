"""Clients in threads of their own, that go on while the API is killed under them."""

import random
import threading
import time
from abc import ABC, abstractmethod

import httpx

from tests.faults.pulse import Pulse
from tests.support.processes import PATIENCE_S

AWAY_S = 0.05
"""Pause of a client that finds nobody at the API's address."""

HASTY_FRACTION = 0.15
"""Share of the repeatable requests that are given up at once, while the API works on them."""


class Persistent:
    """Sends requests that reach the API, and knows which of them were acknowledged."""

    def __init__(self, url: str, *, pulse: Pulse, rng: random.Random) -> None:
        self.rng = rng
        self.acks = 0
        self._pulse = pulse
        self._http = httpx.Client(base_url=url, timeout=PATIENCE_S)
        self._never = threading.Event()

    def once(
        self,
        method: str,
        path: str,
        body: object,
        token: str,
        *,
        key: str = "",
        hasty: bool = False,
    ) -> httpx.Response | None:
        """The acknowledgement of one request; None if nobody knows what became of it."""
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        read_s = self.rng.uniform(0.001, 0.03) if hasty else PATIENCE_S
        while True:
            sent_at = time.monotonic()
            try:
                answer = self._http.request(
                    method,
                    path,
                    json=body,
                    headers=headers,
                    timeout=httpx.Timeout(PATIENCE_S, read=read_s),
                )
            except httpx.ConnectError:
                self._never.wait(AWAY_S)
                continue
            except httpx.TransportError:
                return None
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                self._never.wait(AWAY_S)
                return None
            answer.raise_for_status()
            self._pulse.beat(sent_at=sent_at)
            self.acks += 1
            return answer

    def several(
        self, times: int, method: str, path: str, body: object, token: str, *, key: str = ""
    ) -> list[httpx.Response]:
        """Sends one request so many times, some in haste; the acknowledgements that arrived."""
        answers = [
            self.once(method, path, body, token, key=key, hasty=self.rng.random() < HASTY_FRACTION)
            for _ in range(times)
        ]
        return [answer for answer in answers if answer is not None]

    def until_acknowledged(
        self, method: str, path: str, body: object, token: str
    ) -> httpx.Response:
        """Sends one request until its acknowledgement arrives."""
        while (answer := self.once(method, path, body, token)) is None:
            pass
        return answer

    def close(self) -> None:
        self._http.close()


class Client(threading.Thread, ABC):
    """Acts again and again until it is told to leave; what stopped it is raised at the end."""

    def __init__(self, name: str, requests: Persistent) -> None:
        super().__init__(name=name, daemon=True)
        self.requests = requests
        self.rng = requests.rng
        self._leaving = threading.Event()
        self._failure: BaseException | None = None

    @abstractmethod
    def act(self) -> None:
        """One thing that a client does, to its end."""

    def run(self) -> None:
        try:
            while not self._leaving.is_set():
                self.act()
        except BaseException as failure:  # noqa: BLE001  # raised in the thread of the test
            self._failure = failure

    def leave(self) -> None:
        """Asks for an end after what is being done."""
        self._leaving.set()

    def check(self) -> None:
        """Raises what ended it."""
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        """Waits for the end, which needs a living API."""
        self.leave()
        self.join(PATIENCE_S)
        assert not self.is_alive(), f"{self.name} does not end"
        self.requests.close()
        self.check()
