"""How soon a trainer makes its first step, from the supervisor's hands."""

import json
import time
from pathlib import Path
from statistics import median

from benchmarks.worker_loops import a_run
from planner.exchange.work import Device
from planner.schedules.batch_size import BatchSize
from worker.codec import encode
from worker.control import Control
from worker.data.places import DataPlaces
from worker.job import JobMember, TrainerJob
from worker.supervising.trainer_processes import TrainerProcesses

TRAINERS = 6
"""The first imports torch and loads the data; it does not count."""


def compare_all(folder: Path) -> None:
    """Prints how long a job takes from the supervisor's hands to its first step, warm."""
    processes = TrainerProcesses()
    times = []
    for number in range(TRAINERS):
        scratch = folder / f"first-{number}"
        scratch.mkdir()
        control = Control.create(scratch / "control", deadline=float("inf"))
        run = a_run(BatchSize(initial=8))
        job = TrainerJob(
            execution="sequential",
            members=(JobMember(run=run, checkpoints=(), scratch=scratch),),
            device=Device(kind="cpu", name="CPU", memory_bytes=2**30),
            visible_devices="",
            versions="",
            places=DataPlaces(cache_dir=folder / "cache"),
            lock_dir=folder,
            checkpoint_every_s=3600.0,
        )
        (scratch / "job.json").write_text(json.dumps(encode(job)))
        began = time.monotonic()
        processes.start(scratch / "job.json")
        while control.step == 0:
            time.sleep(0.001)
        times.append(time.monotonic() - began)
        (started,) = processes.wait(10)
        processes.signal(started.pid, 9)
        processes.wait(10)
    processes.close()
    print(
        f"start to first step, warm: median {median(times[1:]):.3f} s, "
        f"longest {max(times[1:]):.3f} s (aim <= 0.5)"
    )
