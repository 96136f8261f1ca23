"""A trainer process that trains a bundle, asked to stop in every way there is."""

import json
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import torch

from planner.exchange.work import CheckpointRecord, ClaimedRun, Device, Finish
from tests.support.processes import wait_until
from tests.worker.builders import a_claimed_run, checkpoints_in, place_for, reports_in
from tests.worker.supervising.test_trainer_processes import (
    LONG,
    end_of,
    started,
    steps_done,
)
from worker.codec import encode
from worker.control import Control
from worker.data.places import DataPlaces
from worker.job import JobMember, TrainerJob
from worker.spool import Report, Stopped
from worker.supervising.trainer_processes import TrainerProcesses
from worker.training import checkpoint

SEEDS = (11, 12, 13)


@pytest.fixture(scope="module")
def processes() -> Iterator[TrainerProcesses]:
    processes = TrainerProcesses()
    yield processes
    processes.close()


def job_of(runs: Sequence[ClaimedRun], folder: Path, *, lock_dir: Path | None = None) -> Path:
    """The job file in its own folder, the members' folders below it."""
    members = []
    for number, run in enumerate(runs):
        place_for(folder / str(number))
        members.append(JobMember(run=run, checkpoints=(), scratch=folder / str(number)))
    job = TrainerJob(
        execution="batched",
        members=tuple(members),
        device=Device(kind="cpu", name="CPU", memory_bytes=2**30),
        visible_devices="",
        versions="torch 2.13.0",
        places=DataPlaces(cache_dir=folder / "cache"),
        lock_dir=lock_dir or folder,
        checkpoint_every_s=30.0,
    )
    (folder / "job.json").write_text(json.dumps(encode(job)))
    return folder / "job.json"


def long_runs() -> list[ClaimedRun]:
    return [a_claimed_run(schedule=LONG, epochs=1000, seed=seed) for seed in SEEDS]


def stopped_at(reports: list[Report]) -> int:
    """The step of the checkpoint that an attempt left behind."""
    *_, record, stopped = reports
    assert isinstance(record, CheckpointRecord)
    assert isinstance(stopped, Stopped)
    assert record.step == stopped.step
    return stopped.step


def test_sigterm_makes_every_member_leave_a_checkpoint_of_one_step(
    processes: TrainerProcesses, tmp_path: Path
) -> None:
    pid = started(processes, job_of(long_runs(), tmp_path))
    wait_until(lambda: steps_done(tmp_path / "0") > 20)
    processes.signal(pid, signal.SIGTERM)
    assert end_of(processes, pid) == 0
    steps = {stopped_at(reports_in(tmp_path / str(number))) for number in range(len(SEEDS))}
    assert len(steps) == 1
    assert min(steps) > 20


def test_a_member_is_asked_to_leave_through_its_control_and_the_others_train_on(
    processes: TrainerProcesses, tmp_path: Path
) -> None:
    pid = started(processes, job_of(long_runs(), tmp_path))
    wait_until(lambda: steps_done(tmp_path / "1") > 20)
    control = Control(tmp_path / "1" / "control")
    control.ask_to_stop()
    control.close()
    wait_until(lambda: any(isinstance(one, Stopped) for one in reports_in(tmp_path / "1")))
    left_at = stopped_at(reports_in(tmp_path / "1"))
    wait_until(lambda: steps_done(tmp_path / "0") > left_at + 50)
    processes.signal(pid, signal.SIGTERM)
    assert end_of(processes, pid) == 0
    assert stopped_at(reports_in(tmp_path / "0")) == stopped_at(reports_in(tmp_path / "2"))
    assert steps_done(tmp_path / "1") == left_at


def test_momentum_that_only_decays_becomes_zero_and_not_ever_smaller(
    processes: TrainerProcesses, tmp_path: Path
) -> None:
    runs = [a_claimed_run(schedule=LONG, epochs=8, seed=seed) for seed in SEEDS]
    assert end_of(processes, started(processes, job_of(runs, tmp_path))) == 0
    smallest = torch.finfo(torch.float32).smallest_normal
    for number in range(len(SEEDS)):
        saved = checkpoints_in(tmp_path / str(number), reports_in(tmp_path / str(number)))[0]
        momentum = checkpoint.load(saved.folder, sha256=saved.sha256, size_bytes=saved.size_bytes)[
            0
        ]["momentum"]
        assert not ((momentum != 0) & (momentum.abs() < smallest)).any()


def test_an_error_of_the_whole_process_fails_every_member(
    processes: TrainerProcesses, tmp_path: Path
) -> None:
    pid = started(processes, job_of(long_runs(), tmp_path, lock_dir=tmp_path / "nowhere"))
    assert end_of(processes, pid) == 0
    for number in range(len(SEEDS)):
        (finish,) = reports_in(tmp_path / str(number))
        assert isinstance(finish, Finish)
        assert (finish.outcome, finish.reason) == ("failed", "trainer_failed")
        assert finish.detail.splitlines()[-1].startswith("FileNotFoundError")
