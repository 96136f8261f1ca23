"""What the installed plug-ins bring, told by programs that load one each; no torch in here.

A plug-in that fails, hangs or kills its program takes nobody else down.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from planner.pilots.plug_in import PlugInDescription, PlugInProblem
from planner.pilots.workload import Workload
from worker.child_environment import child_environment
from worker.codec import decode
from worker.plug_ins.installed import PlugIn, installed, named
from worker.plug_ins.kept_description import KeptDescription
from worker.plug_ins.words import sentence_of

PATIENCE_S = 120.0
"""Longest time that one plug-in may take to be imported and to load its data."""

_POLL_S = 0.2
_NO_DEVICE = {"CUDA_VISIBLE_DEVICES": ""}

log = logging.getLogger(__name__)


def reported(cache: Path, leaving: Callable[[], bool]) -> tuple[Workload, ...]:
    """Workloads of the plug-ins that can be trained here; what is wrong with others is logged.

    Args:
        cache: Folder of what was told before; asked again only of what has changed.
        leaving: Looked at while waiting; True ends it.
    """
    workloads = []
    for name in sorted({one.name for one in installed()}):
        if leaving():
            break
        told = describe(name, cache=cache, leaving=leaving)
        if told.workload is not None:
            workloads.append(told.workload)
        elif told.problem is not None:
            log.warning("plug-in %s is left out: %s", name, sentence_of(told.problem))
    return tuple(workloads)


def describe(
    name: str,
    *,
    cache: Path | None = None,
    leaving: Callable[[], bool] = lambda: False,
    patience_s: float = PATIENCE_S,
) -> PlugInDescription:
    """What one plug-in brings, or what is wrong with it."""
    plug_in = named(name)
    if isinstance(plug_in, PlugInProblem):
        return PlugInDescription(name=name, version="", workload=None, problem=plug_in)
    kept = None if cache is None else KeptDescription(cache, plug_in)
    known = kept.read() if kept else None
    if known is not None:
        return _of(plug_in, workload=known)
    told = _ask(plug_in, leaving, patience_s)
    if kept and told.workload is not None:
        kept.write(told.workload)
    return told


def _ask(plug_in: PlugIn, leaving: Callable[[], bool], patience_s: float) -> PlugInDescription:
    asked = subprocess.Popen(  # noqa: S603 - our own program, the name of an entry point
        [sys.executable, "-m", "worker.describe", "--one", plug_in.name],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=child_environment(os.environ) | _NO_DEVICE,
        start_new_session=True,
    )
    waited_s = 0.0
    while waited_s < patience_s and not leaving():
        try:
            answer, said = asked.communicate(timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            waited_s += _POLL_S
            continue
        if answer.strip():
            return decode(PlugInDescription, json.loads(answer))
        return _of(plug_in, problem=_ended_early(asked.returncode, said))
    os.killpg(asked.pid, signal.SIGKILL)
    asked.communicate()
    return _of(plug_in, problem=timed_out(patience_s))


def timed_out(patience_s: float) -> PlugInProblem:
    """It took too long."""
    return PlugInProblem(code="timed_out", params={"seconds": f"{patience_s:g}"})


def _ended_early(exit_code: int, said: str) -> PlugInProblem:
    lines = said.strip().splitlines()
    how = f"signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"
    last = lines[-1][-300:] if lines else "-"
    return PlugInProblem(code="ended_early", params={"exit": how, "last": last})


def _of(
    plug_in: PlugIn, *, workload: Workload | None = None, problem: PlugInProblem | None = None
) -> PlugInDescription:
    return PlugInDescription(
        name=plug_in.name, version=plug_in.version, workload=workload, problem=problem
    )
