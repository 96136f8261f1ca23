"""A file all the way through the API as it is: sent, looked at, mapped, read, stored as a pilot."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

from backend.wire.codec import decode, encode_json
from planner.exchange.imports import AT_WORK, ImportState
from planner.imports.mapping import ColumnMapping
from planner.imports.terms import ImportTerms
from tests.contract.programs import an_api

ASKS_EVERY_S = 0.1
PATIENCE_S = 600.0
_SCHEDULED = 2


@dataclass
class Stages:
    """What a file took.

    Attributes:
        seconds: Of each stage, by the clock on the wall.
        cpu_s: Of all threads of the API, its start left out.
        before_mib: Memory of the API before the file came.
        peak_mib: The most that it ever had.
    """

    before_mib: float
    peak_mib: float = 0.0
    cpu_s: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begin_s = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - begin_s


def through_the_api(file: Path, folder: Path, mapping: ColumnMapping, terms: ImportTerms) -> Stages:
    """Times of a new installation in ``folder``; every answer must be the good one."""
    with an_api(folder) as api:
        begun_s = _cpu_s(api.pid)
        stages = Stages(before_mib=_mib(api.pid, "VmRSS"))
        token = api.credentials.admin_token
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
        with httpx.Client(base_url=api.url, headers=headers, timeout=PATIENCE_S) as http:
            with stages.stage("upload"), file.open("rb") as content:
                kind = {
                    "Content-Type": "application/octet-stream",
                    "Content-Length": str(file.stat().st_size),
                }
                named = {"file_name": file.name}
                sent = http.post("/api/imports", params=named, content=content, headers=kind)
                path = f"/api/imports/{sent.raise_for_status().json()['id']}"
            with stages.stage("look"):
                _settled(http, path)
            as_json = {"Content-Type": "application/json"}
            with stages.stage("mapping"):
                body = encode_json(ColumnMapping, mapping)
                http.put(f"{path}/mapping", content=body, headers=as_json).raise_for_status()
                _settled(http, path)
            with stages.stage("storing"):
                body = encode_json(ImportTerms, terms)
                http.post(f"{path}:create", content=body, headers=as_json).raise_for_status()
                done = _settled(http, path)
            assert done.phase == "done", done
        stages.peak_mib = _mib(api.pid, "VmHWM")
        stages.cpu_s = _cpu_s(api.pid) - begun_s
        return stages


def _cpu_s(pid: int) -> float:
    """Seconds of processors that a process has taken, from the clock that Linux has of it."""
    return time.clock_gettime(~pid << 3 | _SCHEDULED)


def _mib(pid: int, name: str) -> float:
    """Memory of a process, by the name that Linux gives it in ``/proc/<pid>/status``."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) / 1024


def _settled(http: httpx.Client, path: str) -> ImportState:
    until_s = time.monotonic() + PATIENCE_S
    while True:
        answer = http.get(path, params={"brief": "true"}).raise_for_status()
        state = decode(ImportState, answer.json())
        assert state.refusal is None, state.refusal
        if state.phase not in AT_WORK:
            return state
        assert time.monotonic() < until_s, state
        time.sleep(ASKS_EVERY_S)
