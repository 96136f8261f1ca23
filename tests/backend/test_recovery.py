"""Leases: a lost worker's run goes on elsewhere, and nothing else disturbs anybody."""

from pathlib import Path

import pytest

from backend.main import open_installation
from backend.settings import Settings
from backend.threads.reaper import sweep
from planner.exchange.work import AttemptStart, Claim
from tests.support.installation import Api, StillClock, a_pilot
from tests.support.planted_worker import PlantedWorker, chunks_of, planted_curve, table_of


@pytest.fixture
def worker(api: Api) -> PlantedWorker:
    api.create(a_pilot(seeds={"confirmation": [11]}), throughput=planted_curve())
    return api.worker()


def claimed(worker: PlantedWorker) -> Claim:
    claim = worker.claim()
    assert claim is not None
    return claim


def test_a_run_without_a_beat_for_a_whole_lease_is_queued_again(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    run_id = claimed(worker).runs[0].run_id
    clock.pass_s(15)
    sweep(api.installation)
    assert api.run(run_id).status == "running"
    clock.pass_s(0.1)
    sweep(api.installation)
    lost = api.run(run_id)
    assert (lost.status, lost.reason, lost.queue_position) == ("queued", "worker_lost", 1)


def test_a_lease_that_could_not_be_given_back_at_once_is_counted_once(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    run_id = claimed(worker).runs[0].run_id
    clock.pass_s(15.1)
    with api.installation.database.write() as others:
        others.connection()
        sweep(api.installation)
    assert api.run(run_id).status == "running"
    sweep(api.installation)
    assert api.run(run_id).status == "queued"
    assert "paybatch_leases_lost_total 1.0" in api.get("/api/metrics").text


def test_beats_keep_a_run_for_as_long_as_they_come(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    claim = claimed(worker)
    for _ in range(10):
        clock.pass_s(14)
        assert worker.beat(claim) == "continue"
        sweep(api.installation)
    assert api.run(claim.runs[0].run_id).status == "running"


def test_an_api_that_stood_still_holds_the_silence_of_that_time_against_nobody(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    claim = claimed(worker)
    run_id = claim.runs[0].run_id
    sweep(api.installation, every_s=2.0)
    clock.pass_s(60)  # 58 s more than between two looks
    sweep(api.installation, every_s=2.0)
    assert api.run(run_id).status == "running"
    clock.pass_s(2)
    assert worker.beat(claim) == "continue"
    clock.pass_s(16)  # frozen again
    sweep(api.installation, every_s=2.0)
    for _ in range(8):  # 15 s after the last beat and the 14 s of that freeze have passed
        clock.pass_s(2)
        sweep(api.installation, every_s=2.0)
    assert api.run(run_id).status == "queued"


def test_a_beat_shows_the_step_without_writing_it(api: Api, worker: PlantedWorker) -> None:
    claim = claimed(worker)
    worker.beat(claim, step=77)
    assert api.run(claim.runs[0].run_id).step == 77
    with api.installation.database.read() as session:
        stored = session.connection().exec_driver_sql("SELECT max(step) FROM runs").scalar()
    assert stored == 0


def test_a_run_that_is_lost_three_times_without_progress_fails(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    for _ in range(3):
        run_id = claimed(worker).runs[0].run_id
        clock.pass_s(16)
        sweep(api.installation)
    lost = api.run(run_id)
    assert (lost.status, lost.reason, lost.attempt) == ("failed", "lost_too_often", 3)


@pytest.mark.parametrize(
    ("reason", "at_last"),
    [
        ("trainer_killed", "lost_too_often"),
        ("killed_for_memory", "killed_for_memory_too_often"),
    ],
)
def test_a_killed_trainer_is_told_at_once_and_goes_on_until_it_happens_too_often(
    api: Api, worker: PlantedWorker, reason: str, at_last: str
) -> None:
    (run,) = claimed(worker).runs
    for said in (1, 2):  # the answer may be lost, and the worker says it again
        lost = worker.finish(run, step=0, outcome="lost", reason=reason)
        assert (lost.status, lost.reason, lost.attempt) == ("queued", reason, 1), said
    assert worker.write(run, "start", AttemptStart(from_step=0)).status_code == 409
    for _ in range(2):
        lost = worker.finish(claimed(worker).runs[0], step=0, outcome="lost", reason=reason)
    assert (lost.status, lost.reason, lost.attempt) == ("failed", at_last, 3)
    assert "paybatch_attempts_lost_total 3.0" in api.get("/api/metrics").text


def test_progress_before_the_loss_starts_the_count_again(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    for attempt in range(1, 6):
        claim = claimed(worker)
        worker.start(claim.runs[0], from_step=0)
        worker.beat(claim, step=10 * attempt)
        clock.pass_s(16)
        sweep(api.installation)
    assert api.run(claim.runs[0].run_id).status == "queued"


@pytest.mark.parametrize(("order", "becomes"), [("cancel", "cancelled"), ("pause", "paused")])
def test_a_run_that_is_lost_after_it_was_asked_to_stop_stops(
    api: Api, clock: StillClock, worker: PlantedWorker, order: str, becomes: str
) -> None:
    run_id = claimed(worker).runs[0].run_id
    api.post(f"/api/runs/{run_id}:{order}", {"reason": "asked"}).raise_for_status()
    clock.pass_s(16)
    sweep(api.installation)
    assert api.run(run_id).status == becomes


@pytest.mark.parametrize("change", [{"hours": 2}, {"hours": -2}, {"days": 400}])
def test_a_jump_of_the_time_of_day_loses_no_lease(
    api: Api, clock: StillClock, worker: PlantedWorker, change: dict[str, float]
) -> None:
    claim = claimed(worker)
    clock.jump(**change)
    sweep(api.installation)
    assert worker.beat(claim) == "continue"
    assert api.run(claim.runs[0].run_id).attempt == 1


@pytest.mark.file  # two open it at once; P9 restarts real programs on both kinds
def test_after_a_start_of_the_api_every_running_run_has_a_full_new_term(
    api: Api, clock: StillClock, worker: PlantedWorker, tmp_path: Path
) -> None:
    run_id = claimed(worker).runs[0].run_id
    clock.pass_s(14)
    restarted = open_installation(Settings(data_dir=tmp_path / "data"), clock.clock)
    sweep(restarted)
    clock.pass_s(14)
    sweep(restarted)
    assert api.run(run_id).status == "running"
    clock.pass_s(2)
    sweep(restarted)
    assert api.run(run_id).status == "queued"
    restarted.database.close()


def test_a_queued_again_run_carries_its_checkpoints_newest_first(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    (run,) = claimed(worker).runs
    worker.start(run, from_step=0)
    for step in (8, 16):
        worker.checkpoint(run, step=step)
    worker.train(claimed(worker).runs[0])
    clock.pass_s(16)
    sweep(api.installation)
    assert api.worker(store_url="file:///elsewhere").claim() is None
    again = claimed(worker).runs[0]
    assert [saved.step for saved in again.checkpoints] == [16, 8]


def test_a_resumed_run_finishes_as_if_nothing_had_happened(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    (run,) = claimed(worker).runs
    worker.start(run, from_step=0)
    worker.checkpoint(run, step=34)
    clock.pass_s(16)
    sweep(api.installation)
    (run,) = claimed(worker).runs
    worker.start(run, from_step=34)
    for chunk in chunks_of(run, table_of(run), worker.plant, from_step=34):
        worker.write(run, "series", chunk).raise_for_status()
    assert worker.finish(run, step=136).status == "succeeded"
