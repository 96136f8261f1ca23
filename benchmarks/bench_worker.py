"""The worker against plain loops, other people's trackers and frameworks, and itself.

One process, one run, one thread: ``make bench-worker``. Every ratio has its noise beside it (A/A,
see `benchmarks.turns`). Nothing reaches a network.
"""

import tempfile
from pathlib import Path

from benchmarks import (
    worker_batch_change,
    worker_bundles,
    worker_checkpoints,
    worker_data,
    worker_first_step,
    worker_peers,
    worker_steps,
)
from benchmarks.turns import load
from worker.device import describe_versions
from worker.training.arithmetic import as_trainers_compute

COMPARISONS = (
    worker_steps,
    worker_data,
    worker_checkpoints,
    worker_batch_change,
    worker_bundles,
    worker_first_step,
    worker_peers,
)
"""Peers last: what they leave running in this process disturbs nobody else."""


def main() -> None:
    print(f"{describe_versions()}, one thread, {load()}", flush=True)
    with (
        as_trainers_compute(),
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        for comparison in COMPARISONS:
            comparison.compare_all(Path(folder))
    print(load())


if __name__ == "__main__":
    main()
