"""Ranks of one run on several computers, each of them a program that holds ranks, on loopback."""

import dataclasses
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.exchange.work import CheckpointRecord, Finish
from tests.support.processes import is_alive
from tests.support.rank_hosts import SeveralComputers, children, several_computers
from tests.worker.builders import (
    GROWING_STEPS,
    a_claimed_run,
    checkpoints_in,
    points,
    reports_in,
)
from tests.worker.supervising.jobs import JobFor, end_of, started
from tests.worker.supervising.spread import begun, ranks_of
from tests.worker.supervising.test_rank_processes import listening
from tests.worker.supervising.uneven import install_uneven
from worker.codec import decode, encode
from worker.job import LocalCheckpoint, TrainerJob
from worker.spool import Stopped
from worker.supervising.trainer_processes import Processes, TrainerProcesses
from worker.training.checkpoint_files import TENSORS


@pytest.fixture(scope="module")
def computers(
    tmp_path_factory: pytest.TempPathFactory, cache_dir: Path
) -> Iterator[SeveralComputers]:
    """One device here, one on the first rank host, two on the second."""
    folder = tmp_path_factory.mktemp("computers")
    with several_computers(folder, cache_dir=cache_dir, devices=(1, 2)) as computers:
        yield computers


@pytest.fixture(scope="module")
def one_computer() -> Iterator[TrainerProcesses]:
    processes = TrainerProcesses()
    yield processes
    processes.close()


def trained(processes: Processes, job_file: Path) -> list[object]:
    """What a run said that was trained to its end."""
    assert end_of(processes, started(processes, job_file)) == 0
    reports = reports_in(job_file.parent)
    assert isinstance(reports[-1], Finish)
    assert reports[-1].outcome == "succeeded"
    return reports


@pytest.mark.parametrize("count", [2, pytest.param(3, marks=pytest.mark.slow), 4])
def test_ranks_of_several_computers_make_the_run_that_those_of_one_make(
    computers: SeveralComputers, one_computer: TrainerProcesses, job_for: JobFor, count: int
) -> None:
    run = a_claimed_run(device_count=count)
    several = trained(computers.processes, job_for(run))
    one = trained(one_computer, job_for(run))
    assert list(points(several, "train")) == list(range(1, GROWING_STEPS + 1))
    for group in ("train", "evaluation"):
        assert points(several, group) == points(one, group)


def test_a_run_of_as_many_devices_as_are_here_stays_here(
    computers: SeveralComputers, job_for: JobFor
) -> None:
    job_file = job_for(a_claimed_run())
    before = [program.log for program in computers.programs]
    trained(computers.processes, job_file)
    assert not (job_file.parent / "ranks").exists()
    assert [program.log for program in computers.programs] == before


def test_a_signal_makes_the_ranks_of_all_computers_leave_after_one_checkpoint(
    computers: SeveralComputers, job_for: JobFor
) -> None:
    folder, pid = begun(computers, job_for, devices=3)
    ranks = ranks_of(computers)
    assert [len(some) for some in ranks] == [1, 1]
    computers.processes.signal(pid, signal.SIGTERM)
    assert end_of(computers.processes, pid) == 0
    *_, record, stopped = reports_in(folder)
    assert isinstance(record, CheckpointRecord)
    assert isinstance(stopped, Stopped)
    assert record.step == stopped.step > 5
    assert not any(is_alive(rank) for some in ranks for rank in some)


def test_a_killed_rank_of_another_computer_ends_them_all_without_a_last_word(
    computers: SeveralComputers, job_for: JobFor
) -> None:
    folder, pid = begun(computers, job_for, devices=3)
    ((first,), (second,)) = ranks_of(computers)
    os.kill(second, signal.SIGKILL)
    assert end_of(computers.processes, pid) == -signal.SIGKILL
    assert not any(map(is_alive, [pid, first, second]))
    assert not any(isinstance(report, Finish | Stopped) for report in reports_in(folder))
    assert computers.processes.are_whole


def test_all_of_them_listen_where_the_worker_is_reached_alone(
    computers: SeveralComputers, job_for: JobFor
) -> None:
    _, pid = begun(computers, job_for, devices=3)
    launchers = [pid, *(program.launcher for program in computers.programs)]
    family = {*launchers, *children(pid), *(one for some in ranks_of(computers) for one in some)}
    assert len(family) == 6
    addresses = {address for one in family for address in listening(one)}
    computers.processes.signal(pid, signal.SIGKILL)
    end_of(computers.processes, pid)
    assert addresses == {"0100007F"}  # 127.0.0.1, the lowest byte first


def from_checkpoints(job_file: Path, checkpoints: tuple[LocalCheckpoint, ...]) -> Path:
    """The same job, of an attempt that has checkpoints of an earlier one."""
    job = decode(TrainerJob, json.loads(job_file.read_text()))
    member = dataclasses.replace(job.members[0], checkpoints=checkpoints)
    job_file.write_text(json.dumps(encode(dataclasses.replace(job, members=(member,)))))
    return job_file


def test_the_checkpoint_to_go_on_from_travels_to_the_other_computers(
    computers: SeveralComputers, one_computer: TrainerProcesses, job_for: JobFor
) -> None:
    """The newest is damaged: all of them go on from the one before it."""
    run = a_claimed_run(device_count=2)
    whole = trained(one_computer, job_for(run))
    left: list[LocalCheckpoint] = []
    for until in (17, 26):
        part = job_for(dataclasses.replace(run, until_step=until))
        end_of(one_computer, started(one_computer, part))
        left += checkpoints_in(part.parent, reports_in(part.parent))[:1]
    older, newest = left
    (newest.folder / TENSORS).write_bytes(b"damaged")
    second = job_for(dataclasses.replace(run, attempt=2))
    went_on = trained(computers.processes, from_checkpoints(second, (newest, older)))
    expected = points(whole, "train")
    assert points(went_on, "train") == {step: expected[step] for step in expected if step > 17}


def test_an_error_on_another_computer_is_the_runs_with_its_number_and_traceback(
    job_for: JobFor, tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_uneven(tmp_path, cache_dir, monkeypatch, says="the other computer cannot do this")
    job_file = job_for(a_claimed_run(workload="uneven", device_count=2))
    with several_computers(tmp_path, cache_dir=cache_dir, devices=(1,)) as computers:
        end_of(computers.processes, started(computers.processes, job_file))
        said = computers.programs[0].log
    finish = reports_in(job_file.parent)[-1]
    assert isinstance(finish, Finish), said + job_file.with_name("trainer.log").read_text()
    assert finish.outcome == "failed"
    first, *_, last = finish.detail.splitlines()
    assert first == "rank 1 of 2:"
    assert last == "RuntimeError: the other computer cannot do this"
