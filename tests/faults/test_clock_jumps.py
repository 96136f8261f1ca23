"""P10: the time of day jumps under the API and under a worker that trains; nothing else changes."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.settings import Settings
from planner.exchange.states import PilotState
from tests.contract.programs import ApiProcess, WorkerProcess, wait_until
from tests.faults.conftest import PromiseOf
from tests.faults.jumping_clock import NOTICED_S, JumpingClock
from tests.faults.undisturbed import check_undisturbed, create_long_pilot
from tests.support.installation import pilot_data
from tests.support.processes import PATIENCE_S

AHEAD = {
    "+2h": timedelta(hours=2),
    "-2h": timedelta(hours=-2),
    "+400d": timedelta(days=400),
    "+0": timedelta(),
}

JUMPS = (("+2h", "-2h"), ("-2h", "+400d"), ("+400d", "+2h"), ("+0", "+0"))
"""Of the API and, in the same second, of the worker: each sees each of them."""

VALID_DAYS = 30

NEW_STEPS = 200

FAR_S = 900.0
"""More than this test takes, less than any jump."""


def wait_for_training(api: ApiProcess, pilot: PilotState, *, at_least_s: float) -> None:
    """Waits until the API has heard of many more steps than it knows now, and so long."""

    def steps() -> int:
        return sum(run.step for run in api.runs(pilot.id))

    before, until = steps(), time.monotonic() + at_least_s
    wait_until(
        lambda: time.monotonic() > until and steps() > before + NEW_STEPS,
        what="training after a jump",
    )


def repeated_create(api: ApiProcess) -> Any:
    body = {"pilot": pilot_data(name="the same"), "throughput": None}
    key = {"Idempotency-Key": "the same"}
    token = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    answer = httpx.post(f"{api.url}/api/pilots", json=body, headers=token | key, timeout=PATIENCE_S)
    return answer.raise_for_status().json()


def is_let_in(api: ApiProcess, token: str) -> bool:
    answer = httpx.get(
        f"{api.url}/api/me", headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE_S
    )
    return answer.is_success


def removes_by_age(api: ApiProcess) -> bool:
    """Whether retention believes the clock; nothing here is old."""
    token = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    order = {"older_than_days": 365}
    return httpx.post(
        f"{api.url}/api/retention:apply", json=order, headers=token, timeout=PATIENCE_S
    ).is_success


def is_ahead(api: ApiProcess, offset: timedelta) -> bool:
    """Whether the API's time of day is that far ahead of the real one."""
    saved = api.post("/api/drafts/clock", {"name": "clock"}, method="PUT")["saved_at"]
    ahead = datetime.fromisoformat(saved) - datetime.now(UTC)
    return abs((ahead - offset).total_seconds()) < FAR_S


def check_times(api: ApiProcess, pilot: PilotState) -> None:
    """No length of time that the API tells follows the time of day."""
    live = api.get(f"/api/pilots/{pilot.id}/live")
    told = [live["expected_finish_s"], *(run["expected_finish_s"] for run in live["runs"])]
    told += [run["run"]["wall_clock_s"] for run in live["runs"]]
    told += [live["spent_device_h"] * 3600]
    assert all(0 <= seconds < FAR_S for seconds in told if seconds is not None), told
    seen_ago: Sequence[float] = [worker["seen_ago_s"] for worker in live["workers"]]
    assert all(0 <= seconds < FAR_S for seconds in seen_ago)


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_a_jump_of_either_clock_loses_no_lease_and_changes_no_length_of_time(
    tmp_path: Path, promise: PromiseOf
) -> None:
    figures, began = promise("P10"), time.monotonic()
    for folder in (ours := tmp_path / "ours", theirs := tmp_path / "theirs"):
        folder.mkdir()
    clock, clock_of_worker = JumpingClock(ours), JumpingClock(theirs)
    api = ApiProcess(tmp_path, environment=clock.environment, lease_s=Settings().lease_s)
    worker = WorkerProcess(api, tmp_path / "worker", environment=clock_of_worker.environment)
    try:
        pilot = create_long_pilot(api, epochs=400, seeds=3)
        first = repeated_create(api)
        limited = api.post(
            "/api/tokens", {"name": "limited", "scope": "viewer", "valid_days": VALID_DAYS}
        )["token"]
        wait_for_training(api, pilot, at_least_s=0)
        for offset, offset_of_worker in JUMPS:
            clock.jump(offset)
            clock_of_worker.jump(offset_of_worker)
            wait_for_training(api, pilot, at_least_s=1.5 * NOTICED_S)
            figures.add(jumps=2)
            wait_until(lambda: is_ahead(api, AHEAD[offset]), what=f"{offset} on the API's clock")  # noqa: B023
            check_times(api, pilot)
            assert repeated_create(api)["id"] == first["id"]
            assert removes_by_age(api) == (AHEAD[offset].days < 365)
            assert is_let_in(api, limited) == (AHEAD[offset].days < VALID_DAYS)
        passed_s = time.monotonic() - began
        figures.add(steps=check_undisturbed(api, pilot.id, within_s=passed_s), leases_lost=0)
    finally:
        worker.close()
        api.close()
