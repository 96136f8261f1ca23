"""Starts the ranks of a job with torchrun's own launcher, forked from a process that has torch.

`run_ranks` is what a fork server's child calls for whatever several devices do together: training,
or a measurement of it. On one computer the ranks find each other through a file, and talk over
loopback only; on several, every computer starts its part of them.
"""

import functools
import logging
import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
from torch.distributed.launcher.api import LaunchConfig, elastic_launch

from worker.job import RankPart
from worker.process_death import die_with
from worker.training.ranks import Ranks, joined

_LOOK_EVERY_S = 0.05
_SECONDS_TO_LEAVE = 5

log = logging.getLogger(__name__)


class RanksFailed(Exception):
    """A rank did not come to its end, and so none of them did.

    Attributes:
        exit_code: Of the rank that was first; negative when a signal ended it.
    """

    def __init__(self, rank: int, exit_code: int) -> None:
        super().__init__(f"rank {rank} ended with {exit_code}")
        self.exit_code = exit_code


def run_ranks(
    function: Callable[..., Any],
    *arguments: object,
    count: int,
    folder: Path,
    kind: str,
    visible_devices: str = "",
    part: RankPart | None = None,
) -> list[Any]:
    """Calls ``function(ranks, *arguments)`` in ``count`` processes; what each of them returned.

    Where a part of them is on other computers, those here are called, and those alone return.

    All of them are gone when this returns or raises; they die with this process. A SIGTERM to a
    rank ends it at once: whoever wants an orderly end says so by other means.

    Args:
        function: Gets the `worker.training.ranks.Ranks` it is among; what it returns is pickled.
        arguments: Passed on.
        count: Of all ranks.
        folder: For this call alone; made here.
        kind: ``cpu`` or ``cuda``.
        visible_devices: Numbers of the GPUs, with commas between; each rank sees one of them.
        part: Which ranks are this computer's, and where they meet the others; None for all.

    Raises:
        RanksFailed: One of them ended otherwise than by returning.
    """
    folder.mkdir()
    _keep_the_launcher_quiet()
    first, here = (0, count) if part is None else (part.first, part.count)
    meet = functools.partial(joined, folder, count=count, kind=kind, part=part)
    rank = functools.partial(_be_rank, function, os.getpid(), meet, first, kind, visible_devices)
    try:
        found = elastic_launch(_config(here, folder), _named(rank))(*arguments)
    except ChildFailedError as error:
        failed, failure = error.get_first_failure()
        raise RanksFailed(first + failed, failure.exitcode) from error
    return [found[number] for number in range(here)]


def _config(count: int, folder: Path) -> LaunchConfig:
    """One computer, no restarts: what becomes of a run that lost a rank is the queue's to say."""
    return LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=count,
        run_id="ranks",
        rdzv_backend="c10d",
        rdzv_endpoint=str(folder / "launcher-meets"),
        rdzv_configs={"store_type": "file"},
        local_addr="127.0.0.1",
        max_restarts=0,
        monitor_interval=_LOOK_EVERY_S,
        start_method="fork",
        logs_specs=DefaultLogsSpecs(log_dir=str(folder / "launcher")),
        signals_to_handle="SIGQUIT",
        shutdown_timeout=_SECONDS_TO_LEAVE,
    )


def _keep_the_launcher_quiet() -> None:
    """No listening port, no device touched, and nothing of its own in a log that people read."""
    os.environ["TORCH_DISABLE_SHARE_RDZV_TCP_STORE"] = "1"
    os.environ["PYTORCH_NVML_BASED_CUDA_CHECK"] = "1"
    for name in (
        "torch.distributed.elastic",
        "torch.distributed.launcher",
        "torch.multiprocessing",
    ):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _named(rank: "functools.partial[Any]") -> "functools.partial[Any]":
    """The launcher asks for the names that functions have."""
    functools.update_wrapper(rank, _be_rank)
    return rank


def _be_rank(
    function: Callable[..., Any],
    launcher: int,
    meet: Callable[..., AbstractContextManager[Ranks]],
    first: int,
    kind: str,
    visible_devices: str,
    *arguments: object,
) -> object:
    """A rank's whole life; the launcher knows those of its own computer only."""
    die_with(launcher)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    place = int(os.environ["LOCAL_RANK"])
    if kind == "cuda":
        os.environ["CUDA_VISIBLE_DEVICES"] = visible_devices.split(",")[place]
    with meet(rank=first + place) as ranks:
        return function(ranks, *arguments)
