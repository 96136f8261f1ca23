"""A cap holds although a worker is lost, gives its run back, or a meter told something long ago."""

from typing import Any

import pytest
from sqlalchemy import event

from backend.threads.reaper import sweep
from planner.exchange.work import Claim, SeriesChunk
from tests.support.installation import Api, StillClock, a_pilot, problem
from tests.support.planted_worker import PlantedWorker, planted_curve

HOUR_S = 3600.0
CAP_S = 100.0
OWN_CAP = {"run_device_h": CAP_S / HOUR_S}
SELECTION = {"selection": [1], "confirmation": [11]}


def claimed(worker: PlantedWorker) -> Claim:
    claim = worker.claim()
    assert claim is not None
    return claim


def held_to_the_cap(api: Api, clock: StillClock) -> tuple[PlantedWorker, Claim]:
    """A worker that told of all its seconds up to the cap, and nothing after."""
    worker = api.worker()
    claim = claimed(worker)
    worker.start(claim.runs[0], from_step=0)
    for _ in range(10):
        clock.pass_s(CAP_S / 10)
        worker.beat(claim)
    write(worker, claim, 0, "train", {"batch_loss": 1.0}, wall_clock_s=CAP_S)
    return worker, claim


def write(
    worker: PlantedWorker,
    claim: Claim,
    seq: int,
    group: str,
    columns: dict[str, float],
    *,
    wall_clock_s: float,
) -> None:
    chunk = SeriesChunk(
        seq=seq,
        group=group,  # type: ignore[arg-type]
        steps=(seq + 1,),
        columns={name: (value,) for name, value in columns.items()},
        wall_clock_s=wall_clock_s,
    )
    worker.write(claim.runs[0], "series", chunk).raise_for_status()


def test_a_run_that_is_lost_at_its_cap_is_claimed_by_nobody(api: Api, clock: StillClock) -> None:
    pilot = api.create(a_pilot(caps=OWN_CAP), throughput=planted_curve())
    _, claim = held_to_the_cap(api, clock)
    clock.pass_s(2 * api.installation.settings.lease_s)
    sweep(api.installation)
    run = api.run(claim.runs[0].run_id)
    assert (run.status, run.reason) == ("capped", "cap_run_device_h")
    assert claimed(api.worker(name="another")).runs[0].run_id != run.id
    assert api.pilot(pilot.id).run_counts["capped"] == 1


def test_a_run_that_is_lost_before_its_cap_goes_back_to_the_queue(
    api: Api, clock: StillClock
) -> None:
    api.create(a_pilot(caps={"run_device_h": 1.0}), throughput=planted_curve())
    _, claim = held_to_the_cap(api, clock)
    clock.pass_s(2 * api.installation.settings.lease_s)
    sweep(api.installation)
    assert api.run(claim.runs[0].run_id).status == "queued"


@pytest.mark.parametrize("reason", ["", "worker_left", "devices_change"])
def test_a_worker_that_leaves_at_the_cap_of_its_run_leaves_it_to_nobody(
    api: Api, clock: StillClock, reason: str
) -> None:
    api.create(a_pilot(caps=OWN_CAP), throughput=planted_curve())
    worker, claim = held_to_the_cap(api, clock)
    ended = worker.finish(
        claim.runs[0], step=1, outcome="released", wall_clock_s=CAP_S, reason=reason
    )
    assert (ended.status, ended.reason) == ("capped", "cap_run_device_h")
    assert claimed(worker).runs[0].run_id != ended.id


def test_a_capped_run_is_not_tried_again_before_its_cap_is_raised(
    api: Api, clock: StillClock
) -> None:
    pilot = api.create(a_pilot(caps=OWN_CAP), throughput=planted_curve())
    worker, claim = held_to_the_cap(api, clock)
    ended = worker.finish(claim.runs[0], step=1, outcome="capped", wall_clock_s=CAP_S)
    retry = f"/api/runs/{ended.id}:retry"
    assert problem(api.post(retry, {})) == (409, "cap_still_reached", None)
    raised = {"run_device_h": 2 * CAP_S / HOUR_S}
    api.post(f"/api/pilots/{pilot.id}:raise-cap", raised).raise_for_status()
    assert api.run(ended.id).status == "queued"


def test_a_raised_cap_leaves_runs_alone_that_are_judged_already(
    api: Api, clock: StillClock
) -> None:
    caps: dict[str, Any] = {"caps": OWN_CAP, "seeds": SELECTION, "rate_multipliers": [1.0, 2.0]}
    pilot = api.create(a_pilot(**caps), throughput=planted_curve())
    worker, claim = held_to_the_cap(api, clock)
    ended = worker.finish(claim.runs[0], step=1, outcome="capped", wall_clock_s=CAP_S)
    while api.pilot(pilot.id).phase == "selection":
        worker.train(claimed(worker).runs[0])
    raised = {"run_device_h": 2 * CAP_S / HOUR_S}
    api.post(f"/api/pilots/{pilot.id}:raise-cap", raised).raise_for_status()
    assert api.run(ended.id).status == "capped"
    assert problem(api.post(f"/api/runs/{ended.id}:retry", {})) == (409, "phase_judged", None)


def test_a_meter_is_taken_to_go_on_as_up_to_its_last_reading(api: Api, clock: StillClock) -> None:
    """1,000 W up to second 10 are 20,000 J at second 20, whatever was told in between."""
    api.create(a_pilot(caps={"run_energy_kwh": 1.0, "device_w": 500.0}), throughput=planted_curve())
    worker = api.worker()
    claim = claimed(worker)
    worker.start(claim.runs[0], from_step=0)
    for _ in range(2):
        clock.pass_s(10)
        worker.beat(claim)
    write(worker, claim, 0, "meters", {"energy_j": 10_000.0}, wall_clock_s=10.0)
    write(worker, claim, 1, "train", {"batch_loss": 1.0}, wall_clock_s=20.0)
    (pilot,) = api.get("/api/pilots").json()["items"]
    assert used_kwh(api, pilot["id"]) == pytest.approx(20_000 / 3.6e6)
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    api.http.put("/api/caps", json={"energy_kwh": 1.0}, headers=headers).raise_for_status()
    worker.finish(claim.runs[0], step=2, outcome="cancelled", wall_clock_s=20.0)
    (month,) = api.get("/api/caps").json()["uses"]
    assert month["used"] == pytest.approx(20_000 / 3.6e6)


def used_kwh(api: Api, pilot_id: str) -> float:
    (use,) = api.get(f"/api/pilots/{pilot_id}/live").json()["caps"]
    return float(use["used"])


def test_a_claim_asks_no_more_of_the_database_where_more_pilots_wait(api: Api) -> None:
    def one_more(number: int) -> None:
        caps = {"pilot_device_h": 1.0}
        api.create(a_pilot(caps=caps), throughput=planted_curve(), key=f"key {number}")

    worker = api.worker()
    for number in range(2):
        one_more(number)
    asked = questions_of_a_claim(api, worker)
    for number in range(2, 10):
        one_more(number)
    assert questions_of_a_claim(api, worker) == asked


def questions_of_a_claim(api: Api, worker: PlantedWorker) -> int:
    """On the writing connection, which nobody else uses meanwhile."""
    asked: list[str] = []
    with api.installation.database.connection() as connection:
        writer = connection.engine

    def note(*question: Any) -> None:
        asked.append(question[2])

    event.listen(writer, "before_cursor_execute", note)
    claim = claimed(worker)
    event.remove(writer, "before_cursor_execute", note)
    worker.finish(claim.runs[0], step=0, outcome="released")
    return len(asked)
