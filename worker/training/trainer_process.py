"""A trainer: one process that executes a job and reports how each of its attempts ended."""

import json
import logging
import os
import signal
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from planner.devices.scaling import ScalingCurve
from worker.codec import decode
from worker.control import Control
from worker.job import TrainerJob
from worker.probing.probe import probe
from worker.probing.scaling_probe import probe_scaling
from worker.supervising.quiet_host import quiet_host, shared_host
from worker.training.arithmetic import as_trainers_compute
from worker.training.failure import failing_alone
from worker.training.job_parts import context_of, workload_of
from worker.training.memory import limit_memory
from worker.training.rank_process import train_with_ranks
from worker.training.run_context import RunContext
from worker.training.trainer import train
from worker.workloads.contract import TrainingWorkload

log = logging.getLogger(__name__)


def run_trainer(job_file: Path) -> None:
    """Executes a job; the end of each attempt is reported, and the exit status says nothing."""
    job = decode(TrainerJob, json.loads(job_file.read_text()))
    if job.device_count > 1:
        train_with_ranks(job, job_file.parent)
        return
    limit_memory(job.memory_bytes)
    os.environ["CUDA_VISIBLE_DEVICES"] = job.visible_devices
    with as_trainers_compute(), ExitStack() as files:
        contexts = [files.enter_context(closing(context_of(job, one))) for one in job.members]
        signal.signal(signal.SIGTERM, lambda *_: _ask_all_to_stop(contexts))
        with failing_alone(contexts):
            _execute(job, contexts, job_file.parent)


def _ask_all_to_stop(contexts: list[RunContext]) -> None:
    for context in contexts:
        context.ask_to_stop()


def _execute(job: TrainerJob, contexts: list[RunContext], folder: Path) -> None:
    workload = workload_of(job)
    if job.is_probe:
        (context,) = contexts
        with quiet_host(job.lock_dir, give_up=context.asked_to_leave):
            probe(
                context,
                workload,
                places=job.places,
                device=job.device,
                versions=job.versions,
                scaling=partial(_scaling, job, context, workload, folder)
                if job.probed_devices > 1
                else None,
            )
    else:
        with shared_host(job.lock_dir, give_up=lambda: not any(one.is_wanted for one in contexts)):
            train(contexts, workload, places=job.places, execution=job.execution)


def _scaling(
    job: TrainerJob, context: RunContext, workload: TrainingWorkload, folder: Path
) -> ScalingCurve | None:
    """What a step takes on several of the worker's devices; None where that was not measured.

    A SIGTERM reaches the ranks through the control, which they share with this process.
    """
    with closing(Control(job.members[0].scratch / "control")) as control:
        before = signal.getsignal(signal.SIGTERM)
        signal.signal(signal.SIGTERM, lambda *_: control.ask_to_stop())
        try:
            return probe_scaling(
                workload,
                device=job.device,
                device_count=job.probed_devices,
                visible_devices=job.visible_devices,
                precision=context.run.precision,
                versions=job.versions,
                places=job.places,
                folder=folder / "scaling",
                asked_to_leave=lambda: not context.is_wanted,
            )
        finally:
            signal.signal(signal.SIGTERM, before)
