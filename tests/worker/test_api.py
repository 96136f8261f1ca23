"""What a worker sends, so that an API of an earlier version takes it, too."""

import json
from typing import Any

import httpx
import pytest

from planner.exchange.work import Beat
from worker.api import WorkerApi


class Sent:
    """Answers that nothing waits, and keeps what was asked."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []
        client = httpx.Client(transport=httpx.MockTransport(self._answer), base_url="http://api")
        self.api = WorkerApi(client, token="registration")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json.loads(request.content))
        if request.url.path.endswith("/claims"):
            return httpx.Response(204)
        return httpx.Response(200, json={"runs": []})


@pytest.mark.parametrize(
    ("fewest_devices", "said"),
    [(1, {"maximum_runs": 4}), (2, {"maximum_runs": 4, "fewest_devices": 2})],
)
def test_a_claim_says_what_it_wants_only_where_that_is_unusual(
    fewest_devices: int, said: dict[str, int]
) -> None:
    sent = Sent()
    assert sent.api.claim(maximum_runs=4, fewest_devices=fewest_devices) is None
    assert sent.bodies == [said]


def test_a_beat_says_what_is_wrong_only_where_something_is() -> None:
    sent = Sent()
    sent.api.beat(Beat(runs=()))
    sent.api.beat(Beat(runs=(), store_away=True))
    assert sent.bodies == [{"runs": []}, {"runs": [], "store_away": True}]
