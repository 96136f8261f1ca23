"""Ranks as real processes below a fork server: they end together, and one of them speaks."""

import dataclasses
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.exchange.work import CheckpointRecord, ClaimedRun, Finish
from tests.support.processes import is_alive, wait_until
from tests.worker.builders import a_claimed_run, points, reports_in
from tests.worker.supervising.jobs import (
    LONG,
    JobFor,
    end_of,
    started,
    steps_done,
)
from tests.worker.supervising.uneven import install_uneven
from worker.spool import Stopped
from worker.supervising.trainer_processes import TrainerProcesses

ENDLESS = a_claimed_run(schedule=LONG, epochs=1000, device_count=2)


@pytest.fixture(scope="module")
def processes() -> Iterator[TrainerProcesses]:
    processes = TrainerProcesses()
    yield processes
    processes.close()


def ranks_of(launcher: int) -> list[int]:
    """Process ids of the ranks, the first one first."""
    children = Path(f"/proc/{launcher}/task/{launcher}/children").read_text().split()
    return sorted(map(int, children))


def training(processes: TrainerProcesses, job_for: JobFor, run: ClaimedRun) -> tuple[Path, int]:
    """The folder and the launcher of a job that has made steps."""
    job_file = job_for(run)
    pid = started(processes, job_file)
    wait_until(lambda: steps_done(job_file.parent) > 5)
    return job_file.parent, pid


def test_two_ranks_train_a_run_to_its_end(processes: TrainerProcesses, job_for: JobFor) -> None:
    job_file = job_for(a_claimed_run(device_count=2))
    assert end_of(processes, started(processes, job_file)) == 0
    reports = reports_in(job_file.parent)
    assert list(points(reports, "train")) == list(range(1, 32))
    assert isinstance(reports[-1], Finish)
    assert reports[-1].outcome == "succeeded"
    assert "begins on 2 x cpu" in job_file.with_name("trainer.log").read_text()


def test_ranks_listen_on_loopback_alone(processes: TrainerProcesses, job_for: JobFor) -> None:
    _, pid = training(processes, job_for, ENDLESS)
    family = {pid, *ranks_of(pid)}
    assert len(family) == 3
    addresses = {address for one in family for address in listening(one)}
    processes.signal(pid, signal.SIGKILL)
    end_of(processes, pid)
    assert addresses == {"0100007F"}  # 127.0.0.1, the lowest byte first


def listening(pid: int) -> set[str]:
    """Addresses on which a process waits for connections, as the kernel writes them."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(str(descriptor.readlink()).removeprefix("socket:[").removesuffix("]"))
        except FileNotFoundError:
            continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == "0A" and rest[5] in inodes:
                found.add(local.split(":")[0])
    return found


def test_a_signal_makes_all_ranks_leave_after_one_checkpoint(
    processes: TrainerProcesses, job_for: JobFor
) -> None:
    folder, pid = training(processes, job_for, ENDLESS)
    ranks = ranks_of(pid)
    processes.signal(pid, signal.SIGTERM)
    assert end_of(processes, pid) == 0
    *_, record, stopped = reports_in(folder)
    assert isinstance(record, CheckpointRecord)
    assert isinstance(stopped, Stopped)
    assert record.step == stopped.step > 5
    assert not any(map(is_alive, ranks))


@pytest.mark.parametrize("killed", [pytest.param(0, marks=pytest.mark.slow), 1])
def test_a_killed_rank_ends_them_all_without_a_last_word(
    processes: TrainerProcesses, job_for: JobFor, killed: int
) -> None:
    folder, pid = training(processes, job_for, ENDLESS)
    ranks = ranks_of(pid)
    os.kill(ranks[killed], signal.SIGKILL)
    assert end_of(processes, pid) == -signal.SIGKILL
    assert not any(map(is_alive, ranks))
    assert not any(isinstance(report, Finish | Stopped) for report in reports_in(folder))


@pytest.mark.slow
def test_ranks_die_with_their_launcher(processes: TrainerProcesses, job_for: JobFor) -> None:
    _, pid = training(processes, job_for, ENDLESS)
    ranks = ranks_of(pid)
    processes.signal(pid, signal.SIGKILL)
    assert end_of(processes, pid) == -signal.SIGKILL
    wait_until(lambda: not any(map(is_alive, ranks)))


@pytest.mark.slow
def test_ranks_die_with_the_fork_server(job_for: JobFor) -> None:
    processes = TrainerProcesses()
    _, pid = training(processes, job_for, ENDLESS)
    ranks = ranks_of(pid)
    os.kill(processes.server_pid, signal.SIGKILL)
    wait_until(lambda: not any(map(is_alive, [pid, *ranks])))
    processes.close()


@pytest.mark.slow
def test_an_error_of_all_ranks_is_one_failure(processes: TrainerProcesses, job_for: JobFor) -> None:
    job_file = job_for(dataclasses.replace(ENDLESS, evaluate_every="never"))
    end_of(processes, started(processes, job_file))
    first, *_ = reports_in(job_file.parent)
    assert isinstance(first, Finish)
    assert (first.outcome, first.reason) == ("failed", "trainer_failed")
    assert first.detail.splitlines()[-1].startswith("planner.refusal.Refusal: every")


def test_an_error_of_a_rank_that_is_not_the_first_is_told_with_its_number_and_traceback(
    job_for: JobFor, tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_uneven(tmp_path, cache_dir, monkeypatch, says="the second rank cannot do this")
    processes = TrainerProcesses()
    job_file = job_for(a_claimed_run(workload="uneven", device_count=2))
    end_of(processes, started(processes, job_file))
    processes.close()
    (finish,) = [report for report in reports_in(job_file.parent) if isinstance(report, Finish)]
    assert finish.outcome == "failed"
    first, *_, last = finish.detail.splitlines()
    assert first == "rank 1 of 2:"
    assert last == "RuntimeError: the second rank cannot do this"
