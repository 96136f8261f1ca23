"""One run trained by several ranks: the process that starts them, and each of them."""

import logging
import os
import signal
from contextlib import closing
from pathlib import Path

from worker.control import Control
from worker.job import JobMember, TrainerJob
from worker.spool import SpoolWriter, failure_in
from worker.supervising.quiet_host import shared_host
from worker.training.arithmetic import as_trainers_compute
from worker.training.failure import failing_alone
from worker.training.following_context import FollowingContext
from worker.training.job_parts import context_of, workload_of
from worker.training.memory import limit_memory
from worker.training.rank_launcher import RanksFailed, run_ranks
from worker.training.ranks import Ranks
from worker.training.run_context import SPOOL, RunContext
from worker.training.trainer import train

log = logging.getLogger(__name__)


def train_with_ranks(job: TrainerJob, folder: Path) -> None:
    """Starts the ranks of a job's only run, and speaks for those that could not.

    A SIGTERM reaches the first rank through the control that it reads at every step. When a signal
    ended a rank, this process ends by the same: its supervisor tells a killed trainer by that.
    """
    (member,) = job.members
    with closing(Control(member.scratch / "control")) as control:
        signal.signal(signal.SIGTERM, lambda *_: control.ask_to_stop())
        with shared_host(job.lock_dir, give_up=lambda: control.stop_asked or control.fenced):
            try:
                run_ranks(
                    be_rank,
                    job,
                    count=job.device_count,
                    folder=folder / "ranks",
                    kind=job.device.kind,
                    visible_devices=job.visible_devices,
                    part=job.part,
                )
            except RanksFailed as failed:
                _account_for(failed, job, member)


def be_rank(ranks: Ranks, job: TrainerJob) -> None:
    """One rank's training, to the end of the attempt.

    Raises:
        SystemExit: It ended for a reason that the others do not know; they are ended, too.
    """
    (member,) = job.members
    kind = FollowingContext if ranks.follows else RunContext
    limit_memory(_memory_of_one(job))
    with as_trainers_compute(), closing(context_of(job, member, kind=kind, ranks=ranks)) as context:
        _train(job, context)
    if context.rank_lost:
        # Whichever rank the launcher misses first, the one that is gone was killed.
        os.kill(os.getpid(), signal.SIGKILL)
    if context.broke_off:
        raise SystemExit(1)


def _train(job: TrainerJob, context: RunContext) -> None:
    with failing_alone([context]):
        train([context], workload_of(job), places=job.places)


def _memory_of_one(job: TrainerJob) -> int | None:
    """The limit is for the job: its ranks on this computer share it."""
    return None if job.memory_bytes is None else job.memory_bytes // len(job.ranks_here)


def _account_for(failed: RanksFailed, job: TrainerJob, member: JobMember) -> None:
    """Says why a rank failed that does not report, unless the first has said something itself.

    Where the first rank is on another computer, whoever started this part says it there.
    """
    log.error("%s", failed)
    said = [failure_in(member.scratch, rank) for rank in job.ranks_here if rank > 0]
    finish = next(filter(None, said), None)
    if finish is not None and 0 in job.ranks_here:
        with closing(SpoolWriter(member.scratch / SPOOL)) as spool:
            spool.append(finish)
    elif failed.exit_code < 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), -failed.exit_code)
    elif 0 not in job.ranks_here:
        raise failed
