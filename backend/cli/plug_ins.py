"""Plug-ins that are installed on this computer; each is loaded in a program of its own."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping

from backend.cli.installation import without_secrets
from backend.cli.options import Failed
from backend.wire.codec import decode
from planner.pilots.plug_in import PlugInDescription, PlugInFinding, PlugInProblem
from planner.pilots.workload import BUILT_IN, Workload
from wording.catalogue import say
from wording.language import Language

PATIENCE_S = 120.0
"""Longest time that a plug-in may take before something is known of it."""

_READ_BYTES = 65536


def descriptions() -> tuple[PlugInDescription, ...]:
    """Every installed plug-in; the program that loads them ends each that takes too long."""
    asked = subprocess.run(  # a program of ours, no shell
        [sys.executable, "-m", "worker.describe"], capture_output=True, text=True, check=True
    )
    return decode(tuple[PlugInDescription, ...], json.loads(asked.stdout))


def findings(name: str, *, patience_s: float) -> Iterator[PlugInFinding]:
    """What is found out about a plug-in, as it is found; a program that hangs is ended."""
    asked = subprocess.Popen(  # noqa: S603  # a program of ours, no shell
        [sys.executable, "-m", "worker.check", name],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=without_secrets(),
        start_new_session=True,
    )
    try:
        yield from _read_findings(asked, patience_s)
    finally:
        if asked.poll() is None:
            os.killpg(asked.pid, signal.SIGKILL)
        asked.communicate()


def known_here(name: str, language: Language) -> Mapping[str, Workload]:
    """The built-in workloads, and those of plug-ins if ``name`` is none of the former.

    Raises:
        Failed: A plug-in brings it and cannot be used.
    """
    if name in BUILT_IN:
        return BUILT_IN
    found = descriptions()
    for one in found:
        if one.name == name and one.problem is not None:
            raise Failed(problem_sentence(one.problem, language))
    brought = {one.name: one.workload for one in found if one.workload is not None}
    return {**BUILT_IN, **brought, **BUILT_IN}


def problem_sentence(problem: PlugInProblem, language: Language) -> str:
    """What is wrong with a plug-in and how to mend it."""
    return say(f"plug_in.problem.{problem.code}", language, **problem.params)


def _read_findings(asked: subprocess.Popen[bytes], patience_s: float) -> Iterator[PlugInFinding]:
    if asked.stdout is None:
        raise AssertionError("its standard output is a pipe")
    unread = b""
    while True:
        readable, _, _ = select.select([asked.stdout], [], [], patience_s)
        if not readable:
            yield _ended("timed_out", seconds=f"{patience_s:g}")
            return
        received = os.read(asked.stdout.fileno(), _READ_BYTES)
        if not received:
            break
        *lines, unread = (unread + received).split(b"\n")
        for line in lines:
            yield decode(PlugInFinding, json.loads(line))
    code = asked.wait()
    if code != 0:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        yield _ended("ended_early", exit=how, last="-")


def _ended(code: str, **params: str) -> PlugInFinding:
    return PlugInFinding(check="ended", outcome="problem", code=code, params=params)
