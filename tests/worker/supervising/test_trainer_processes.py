import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.exchange.work import CheckpointRecord, Finish
from tests.support.processes import PATIENCE_S, is_alive, wait_until
from tests.worker.builders import a_claimed_run, points, reports_in
from tests.worker.supervising.jobs import LONG, JobFor, end_of, started, steps_done
from worker.spool import Stopped
from worker.supervising.trainer_processes import ForkServerLost, TrainerProcesses


@pytest.fixture(scope="module")
def processes() -> Iterator[TrainerProcesses]:
    processes = TrainerProcesses()
    yield processes
    processes.close()


def test_a_forked_trainer_trains_a_run_to_its_end(
    processes: TrainerProcesses, job_for: JobFor
) -> None:
    job_file = job_for(a_claimed_run())
    pid = started(processes, job_file)
    assert end_of(processes, pid) == 0
    reports = reports_in(job_file.parent)
    assert len(points(reports, "train")) == 31
    assert isinstance(reports[-1], Finish)
    assert reports[-1].outcome == "succeeded"


def test_a_trainer_that_is_asked_to_stop_leaves_a_checkpoint_behind(
    processes: TrainerProcesses, job_for: JobFor
) -> None:
    job_file = job_for(a_claimed_run(schedule=LONG, epochs=1000))
    pid = started(processes, job_file)
    wait_until(lambda: steps_done(job_file.parent) > 20)
    processes.signal(pid, signal.SIGTERM)
    assert end_of(processes, pid) == 0
    *_, record, stopped = reports_in(job_file.parent)
    assert isinstance(record, CheckpointRecord)
    assert isinstance(stopped, Stopped)
    assert record.step == stopped.step > 20


def test_a_trainer_that_fails_says_why(processes: TrainerProcesses, job_for: JobFor) -> None:
    run = dataclasses.replace(a_claimed_run(), evaluate_every="never")
    job_file = job_for(run)
    pid = started(processes, job_file)
    assert end_of(processes, pid) == 0
    (finish,) = reports_in(job_file.parent)
    assert isinstance(finish, Finish)
    assert (finish.outcome, finish.reason) == ("failed", "trainer_failed")
    assert finish.detail.splitlines()[-1].startswith("planner.refusal.Refusal: every")


def test_a_trainer_whose_plug_in_is_gone_says_so(
    processes: TrainerProcesses, job_for: JobFor
) -> None:
    job_file = job_for(a_claimed_run(workload="ours"))
    pid = started(processes, job_file)
    assert end_of(processes, pid) == 0
    (finish,) = reports_in(job_file.parent)
    assert isinstance(finish, Finish)
    assert (finish.outcome, finish.reason, finish.step) == ("failed", "plug_in_wrong", 0)
    assert finish.detail.startswith('No plug-in named "ours" is installed for this Python.')


def test_a_trainer_without_its_data_says_how_to_get_them(
    processes: TrainerProcesses, job_for: JobFor
) -> None:
    job_file = job_for(a_claimed_run(workload="cifar100-resnet18"))
    pid = started(processes, job_file)
    assert end_of(processes, pid) == 0
    (finish,) = reports_in(job_file.parent)
    assert isinstance(finish, Finish)
    assert (finish.outcome, finish.reason, finish.step) == ("failed", "data_missing", 0)
    assert "run 'paybatch data fetch cifar-100'" in finish.detail


def test_a_killed_trainer_says_nothing(processes: TrainerProcesses, job_for: JobFor) -> None:
    job_file = job_for(a_claimed_run(schedule=LONG, epochs=1000))
    pid = started(processes, job_file)
    processes.signal(pid, signal.SIGKILL)
    assert end_of(processes, pid) == -signal.SIGKILL
    assert not any(isinstance(report, Finish | Stopped) for report in reports_in(job_file.parent))


def test_a_signal_for_a_trainer_that_is_gone_reaches_nobody(
    processes: TrainerProcesses, job_for: JobFor
) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    processes.signal(bystander.pid, signal.SIGKILL)
    job_file = job_for(a_claimed_run())
    end_of(processes, started(processes, job_file))
    assert bystander.poll() is None
    bystander.communicate(b"\n")


def test_a_warm_trainer_brings_torch_along_and_prepares_no_data(
    processes: TrainerProcesses, job_for: JobFor
) -> None:
    job_file = job_for(a_claimed_run(schedule=LONG, epochs=1000))
    pid = started(processes, job_file)
    wait_until(lambda: steps_done(job_file.parent) > 0)
    server, trainer = (Path(f"/proc/{of}/maps").read_text() for of in (processes.server_pid, pid))
    processes.signal(pid, signal.SIGKILL)
    end_of(processes, pid)
    assert "libtorch" in server
    assert "sklearn" not in trainer


def test_a_trainer_dies_with_the_fork_server(job_for: JobFor) -> None:
    processes = TrainerProcesses()
    job_file = job_for(a_claimed_run(schedule=LONG, epochs=1000))
    pid = started(processes, job_file)
    os.kill(processes.server_pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(pid))
    with pytest.raises(ForkServerLost):
        processes.wait(PATIENCE_S)
    processes.close()


SUPERVISOR = """
import sys, time
from pathlib import Path
from worker.supervising.trainer_processes import TrainerProcesses
processes = TrainerProcesses()
processes.start(Path(sys.argv[1]))
(event,) = processes.wait(120)
print(processes.server_pid, event.pid, flush=True)
time.sleep(3600)
"""


def test_fork_server_and_trainer_die_with_the_supervisor(job_for: JobFor) -> None:
    job_file = job_for(a_claimed_run(schedule=LONG, epochs=1000))
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(job_file)], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout is not None
    server, trainer = map(int, supervisor.stdout.readline().split())
    assert is_alive(server)
    assert is_alive(trainer)
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    wait_until(lambda: not is_alive(server) and not is_alive(trainer))


def test_the_trainer_runs_in_a_session_of_its_own_without_the_workers_settings(
    job_for: JobFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAYBATCH_REGISTRATION_TOKEN", "not for trainers")
    processes = TrainerProcesses()
    job_file = job_for(a_claimed_run(schedule=LONG, epochs=1000))
    pid = started(processes, job_file)
    wait_until(lambda: steps_done(job_file.parent) > 0)
    assert os.getsid(pid) == pid
    assert b"not for trainers" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert b"not for trainers" not in job_file.read_bytes()
    processes.close()
    wait_until(lambda: not is_alive(pid))
