"""What a trainer makes of its job, whether it trains alone or is one of several ranks."""

from worker.job import JobMember, TrainerJob
from worker.plug_ins.adapter import load_reported
from worker.training.ranks import ALONE, Ranks
from worker.training.run_context import RunContext
from worker.workloads import WORKLOADS
from worker.workloads.contract import TrainingWorkload


def workload_of(job: TrainerJob) -> TrainingWorkload:
    """The workload that the job trains: a built-in one, or one that a plug-in brings."""
    return WORKLOADS.get(job.workload) or load_reported(job.workload, job.places)


def context_of(
    job: TrainerJob,
    member: JobMember,
    *,
    kind: type[RunContext] = RunContext,
    ranks: Ranks = ALONE,
) -> RunContext:
    """What one of its attempts sees of the world."""
    return kind(
        member.run,
        scratch=member.scratch,
        checkpoints=member.checkpoints,
        device=job.torch_device,
        checkpoint_every_s=job.checkpoint_every_s,
        compiles=job.compiles,
        ranks=ranks,
    )
