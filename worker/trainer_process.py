"""A trainer: one process that executes one attempt and reports how it ended."""

import json
import logging
import os
import signal
import traceback
from pathlib import Path

import torch

from planner.work import Finish
from worker.codec import decode
from worker.data.places import DataMissing
from worker.job import TrainerJob
from worker.memory import is_out_of_memory
from worker.probe import probe
from worker.quiet_host import quiet_host, shared_host
from worker.run_context import Fenced, RunContext
from worker.trainer import train
from worker.workloads import WORKLOADS

_DETAIL_LINES = 15
_DETAIL_CHARACTERS = 4000

log = logging.getLogger(__name__)


def run_trainer(job_file: Path) -> None:
    """Executes a job; its end is reported, and the exit status says nothing."""
    job = decode(TrainerJob, json.loads(job_file.read_text()))
    os.environ["CUDA_VISIBLE_DEVICES"] = job.visible_devices
    torch.set_num_threads(1)
    context = RunContext(
        job.run,
        scratch=job.scratch,
        checkpoints=job.checkpoints,
        device=job.torch_device,
        checkpoint_every_s=job.checkpoint_every_s,
    )
    signal.signal(signal.SIGTERM, lambda *_: context.ask_to_stop())
    try:
        _execute(job, context)
    except Fenced:
        log.info("the attempt belongs to another worker")
    except DataMissing as missing:
        log.error("%s", missing)
        context.report(_failure("data_missing", str(missing), context))
    except Exception as error:
        log.exception("the trainer failed")
        context.give_up_checkpoint()
        reason = "out_of_memory" if is_out_of_memory(error) else "trainer_failed"
        context.report(_failure(reason, _last_lines(), context))
    finally:
        context.close()


def _execute(job: TrainerJob, context: RunContext) -> None:
    workload = WORKLOADS[job.run.workload]
    if job.run.purpose == "probe":
        with quiet_host(job.lock_dir, give_up=context.asked_to_leave):
            probe(
                context,
                workload,
                places=job.places,
                device=job.device,
                versions=job.versions,
            )
    else:
        with shared_host(job.lock_dir, give_up=context.asked_to_leave):
            train(context, workload, places=job.places)


def _failure(reason: str, detail: str, context: RunContext) -> Finish:
    return Finish(
        outcome="failed",
        step=context.step,
        wall_clock_s=context.wall_clock_s,
        final_metrics={},
        reason=reason,
        detail=detail[-_DETAIL_CHARACTERS:],
    )


def _last_lines() -> str:
    """The end of the traceback of the exception that is being handled."""
    return "\n".join(traceback.format_exc().splitlines()[-_DETAIL_LINES:])
