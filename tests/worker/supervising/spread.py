"""Runs that are spread over several computers, and how they fare."""

from pathlib import Path

from tests.support.processes import wait_until
from tests.support.rank_hosts import SeveralComputers
from tests.worker.builders import a_claimed_run
from tests.worker.supervising.jobs import LONG, JobFor, started, steps_done


def begun(computers: SeveralComputers, job_for: JobFor, *, devices: int) -> tuple[Path, int]:
    """The folder and the trainer of a run that has made steps on all computers."""
    job_file = job_for(a_claimed_run(schedule=LONG, epochs=1000, device_count=devices))
    pid = started(computers.processes, job_file)
    wait_until(lambda: steps_done(job_file.parent) > 5, what="six steps")
    return job_file.parent, pid


def ranks_of(computers: SeveralComputers) -> list[list[int]]:
    return [program.ranks for program in computers.programs]
