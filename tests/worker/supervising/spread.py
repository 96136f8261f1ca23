"""Runs that are spread over several computers, and how they fare."""

from pathlib import Path

from tests.support.processes import wait_until
from tests.support.rank_hosts import SeveralComputers
from tests.worker.builders import a_claimed_run
from tests.worker.supervising.jobs import LONG, JobFor, started, steps_done
from worker.supervising.trainer_processes import Ended, Processes


def end_of_all(processes: Processes, pid: int) -> int:
    """Exit code of a trainer, once no computer holds a part of its run."""
    ended: list[Ended] = []

    def has_ended() -> bool:
        ended.extend(one for one in processes.wait(0.1) if isinstance(one, Ended))
        return bool(ended)

    wait_until(has_ended, what="the end of the trainer")
    (event,) = ended
    assert event.pid == pid
    return event.exit_code


def begun(computers: SeveralComputers, job_for: JobFor, *, devices: int) -> tuple[Path, int]:
    """The folder and the trainer of a run that has made steps on all computers."""
    job_file = job_for(a_claimed_run(schedule=LONG, epochs=1000, device_count=devices))
    pid = started(computers.processes, job_file)
    wait_until(lambda: steps_done(job_file.parent) > 5, what="six steps")
    return job_file.parent, pid


def ranks_of(computers: SeveralComputers) -> list[list[int]]:
    return [program.ranks for program in computers.programs]
