"""An application under test and what tests need to drive it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from backend.access.security import Credentials, load_credentials
from backend.clock import Clock
from backend.unit_of_work import Installation
from backend.wire.codec import decode
from planner.devices.throughput import ThroughputCurve
from planner.exchange.states import Page, PilotRequest, PilotState, RunState
from planner.pilots.pilot import Pilot
from planner.pilots.run import RunStatus
from tests.support.planted_worker import Plant, PlantedWorker, falling_loss, post


@dataclass
class StillClock:
    """Clocks that only move when told."""

    at: datetime = datetime(2026, 11, 1, tzinfo=UTC)
    monotonic_s: float = 1000.0
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(now=lambda: self.at, monotonic_s=lambda: self.monotonic_s)

    def jump(self, **change: float) -> None:
        """The time of day jumps; no time has passed."""
        self.at += timedelta(**change)

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.monotonic_s += seconds


@dataclass(frozen=True)
class Api:
    """The application behind an HTTP client, with the owner's credentials at hand."""

    http: httpx.Client
    installation: Installation
    clock: StillClock

    @property
    def credentials(self) -> Credentials:
        return credentials_in(self.installation.settings.data_dir)

    def get(self, path: str, **query: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.credentials.admin_token}"}
        text = {name: str(value) for name, value in query.items()}
        return self.http.get(path, params=text, headers=headers)

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        return post(self.http, path, body, self.credentials.admin_token, **headers)

    def create(
        self, pilot: Pilot, *, throughput: ThroughputCurve | None = None, key: str = "first"
    ) -> PilotState:
        body = PilotRequest(pilot=pilot, throughput=throughput)
        answer = self.post("/api/pilots", body, **{"Idempotency-Key": key})
        return decode(PilotState, answer.raise_for_status().json())

    def worker(self, plant: Plant = lambda *_: falling_loss(0.2), **how: Any) -> PlantedWorker:
        return PlantedWorker(self.http, self.credentials.registration_token, plant, **how)

    def pilot(self, pilot_id: str) -> PilotState:
        return decode(PilotState, self.get(f"/api/pilots/{pilot_id}").raise_for_status().json())

    def run(self, run_id: str) -> RunState:
        return decode(RunState, self.get(f"/api/runs/{run_id}").raise_for_status().json())

    def runs(self, pilot_id: str, status: RunStatus | None = None) -> tuple[RunState, ...]:
        query: dict[str, object] = {"pilot_id": pilot_id, "page_size": 200}
        if status is not None:
            query["status"] = status
        answer = self.get("/api/runs", **query).raise_for_status()
        return decode(Page[RunState], answer.json()).items


def credentials_in(data_dir: Path) -> Credentials:
    """The first tokens of the installation in a folder."""
    credentials = load_credentials(data_dir / "credentials.json")
    assert credentials is not None
    return credentials


def pilot_data(**changes: object) -> dict[str, Any]:
    """A small pilot as a file would state it: 2 schedules, 2 seeds of confirmation, no sweep."""
    return {
        "name": "Digits, growing batch",
        "workload": "digits-mlp",
        "target": {"metric": "validation_loss", "value": 0.5, "direction": "below"},
        "budget": {"epochs": 4},
        "seeds": {"confirmation": [11, 12]},
        "schedules": [
            schedule_data("today", role="baseline", batch_size={"initial": 32}),
            schedule_data(
                "growing batch", batch_size={"initial": 32, "growth": 2, "every_epochs": 2}
            ),
        ],
    } | changes


def schedule_data(name: str, **changes: object) -> dict[str, Any]:
    """A constant schedule as a file would state it."""
    return {
        "name": name,
        "role": "candidate",
        "learning_rate": {"initial": 0.1},
        "batch_size": {"initial": 32},
    } | changes


def a_pilot(**changes: object) -> Pilot:
    return decode(Pilot, pilot_data(**changes))


def problem(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and field of a refusal."""
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    return answer.status_code, told["code"], told["field"]
