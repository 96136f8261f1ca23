"""What waits for workers, as programs ask that bring workers in where they are needed."""

from typing import Any

from tests.support.installation import Api, StillClock, a_pilot, problem
from tests.support.planted_worker import DEVICE, planted_curve


def waiting(api: Api) -> Any:
    headers = {"Authorization": f"Bearer {api.credentials.registration_token}"}
    return api.http.get("/api/waiting-runs", headers=headers).raise_for_status().json()


def row(
    *, runs: int, device: str | None = None, store_url: str | None = None, device_count: int = 1
) -> dict[str, object]:
    return {
        "workload": "digits-mlp",
        "device": device,
        "store_url": store_url,
        "runs": runs,
        "device_count": device_count,
    }


def test_a_pilot_on_a_device_that_nobody_measured_waits_for_one_worker_to_measure_its_own(
    api: Api,
) -> None:
    api.create(a_pilot())
    assert waiting(api) == [row(runs=1)]


def test_queued_runs_are_counted_by_the_device_that_they_are_bound_to(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    api.create(a_pilot(name="later"), throughput=planted_curve(), key="later")
    assert waiting(api) == [row(runs=2 * 4, device=DEVICE.name)]
    api.worker().claim()
    assert waiting(api) == [row(runs=2 * 4 - 1, device=DEVICE.name)]


def test_queued_runs_are_counted_by_the_devices_that_they_want(api: Api) -> None:
    devices = [{"schedule": "growing batch", "counts": [2]}]
    api.create(a_pilot(devices=devices), throughput=planted_curve())
    assert waiting(api) == [
        row(runs=2, device=DEVICE.name),
        row(runs=2, device=DEVICE.name, device_count=2),
    ]


def test_what_is_claimed_next_is_told_first(api: Api) -> None:
    devices = [{"schedule": "growing batch", "counts": [2]}]
    pilot = api.create(a_pilot(devices=devices), throughput=planted_curve())
    assert [group["device_count"] for group in waiting(api)] == [1, 2]
    last = api.runs(pilot.id)[-1]
    assert last.device_count == 2
    api.post(f"/api/runs/{last.id}:prioritise", {"priority": 5}).raise_for_status()
    assert [group["device_count"] for group in waiting(api)] == [2, 1]


def test_a_run_with_a_checkpoint_waits_for_a_worker_that_reaches_its_store(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker(store_url="file:///planted")
    claim = worker.claim()
    assert claim is not None
    worker.checkpoint(claim.runs[0], step=3)
    worker.finish(claim.runs[0], step=3, outcome="released", wall_clock_s=1.0)
    bound = row(runs=1, device=DEVICE.name, store_url="file:///planted")
    assert sorted(waiting(api), key=lambda one: one["runs"]) == [
        bound,
        row(runs=3, device=DEVICE.name),
    ]


def test_runs_of_a_pilot_at_its_cap_wait_for_nobody(api: Api, clock: StillClock) -> None:
    pilot = api.create(a_pilot(caps={"pilot_device_h": 0.5}), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    for _ in range(6 * 30):
        clock.pass_s(10)
        worker.beat(claim)
    worker.finish(claim.runs[0], step=3, outcome="capped", wall_clock_s=1800)
    assert api.pilot(pilot.id).run_counts == {"capped": 1, "queued": 3}
    assert waiting(api) == []


def test_only_whoever_may_bring_workers_in_is_told(api: Api) -> None:
    assert problem(api.get("/api/waiting-runs"))[:2] == (403, "not_allowed")
    worker = api.worker()
    headers = {"Authorization": f"Bearer {worker.welcome.worker_token}"}
    answer = api.http.get("/api/waiting-runs", headers=headers)
    assert problem(answer)[:2] == (403, "not_allowed")
