"""Workers on one store whose processes are killed at random moments, and how runs go on."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Self

from planner.exchange.states import RunState
from tests.contract.programs import ApiProcess, WorkerProcess, children, wait_until

LONGEST_WAIT_S = 2.5
"""A process is killed so many seconds after its worker took a run in hand, or sooner."""


class Crew:
    """Workers on one store, each replaced as soon as its supervisor is killed."""

    def __init__(self, api: ApiProcess, folder: Path, *, workers: int) -> None:
        self.store = folder / "store"
        self.store.mkdir()
        self._api = api
        self._folder = folder
        self._started = 0
        self._workers: list[WorkerProcess] = []
        for _ in range(workers):
            self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.close()

    def __iter__(self) -> Iterator[WorkerProcess]:
        return iter(tuple(self._workers))

    def named(self, name: str | None) -> WorkerProcess | None:
        """The living worker of a name."""
        found = (worker for worker in self._workers if worker.data_dir.name == name)
        return next(found, None)

    def kill(self, worker: WorkerProcess, rng: Random) -> str:
        """Kills a supervisor, its fork server or its trainer; who it was."""
        servers = [int(pid) for pid in children(worker.pid)]
        trainers = [int(pid) for server in servers for pid in children(server)]
        pids = {"supervisor": [worker.pid], "fork server": servers, "trainer": trainers}
        victim = rng.choice([who for who, found in pids.items() if found])
        for pid in pids[victim]:
            os.kill(pid, signal.SIGKILL)
        if victim == "supervisor":
            worker.wait()
            self._workers.remove(worker)
            self._start()
        return victim

    def _start(self) -> None:
        self._started += 1
        folder = self._folder / f"worker-{self._started}"
        self._workers.append(WorkerProcess(self._api, folder, store=self.store))


@dataclass
class Strike:
    """One kill, and what became of the run whose worker it met.

    Attributes:
        lowest_step: Of the next attempt, as first seen: it begins at a checkpoint.
        after_s: Seconds until the run was seen going on; None while it does not.
    """

    victim: str
    run_id: str
    attempt: int
    at_s: float
    lowest_step: int | None = None
    after_s: float | None = None

    def watch(self, run: RunState) -> None:
        """Notes that the run goes on: a later attempt makes steps, or the run has ended well."""
        assert run.status in ("queued", "running", "succeeded"), (run, self)
        later = run.attempt > self.attempt and run.status == "running"
        if later:
            lowest = run.step if self.lowest_step is None else min(self.lowest_step, run.step)
            self.lowest_step = lowest
            later = run.step > lowest
        if later or run.status == "succeeded":
            self.after_s = time.monotonic() - self.at_s


@dataclass
class Strikes:
    """Kills at random moments, a number of them in all, never two on one run at once."""

    api: ApiProcess
    crew: Crew
    rng: Random
    wanted: int
    made: list[Strike] = field(default_factory=list)
    _due_s: dict[tuple[str, int], float] = field(default_factory=dict)

    def until_done(self, pilot_id: str) -> None:
        """Strikes the workers of a pilot until it has ended, or no kill is left."""
        wait_until(lambda: self._look(pilot_id), what="the end of the pilot", patience_s=600)

    def _look(self, pilot_id: str) -> bool:
        runs = {run.id: run for run in self.api.runs(pilot_id)}
        going = [strike for strike in self.made if strike.after_s is None]
        for strike in going:
            strike.watch(runs[strike.run_id])
        hit = {strike.run_id for strike in going if strike.after_s is None}
        for run in runs.values():
            if run.status == "running" and run.id not in hit:
                self._strike_when_due(run)
        return not hit and self.api.pilot(pilot_id).phase == "done"

    def _strike_when_due(self, run: RunState) -> None:
        now_s = time.monotonic()
        worker = self.crew.named(run.worker)
        if worker is None or len(self.made) == self.wanted:
            return
        wait_s = self.rng.uniform(0, LONGEST_WAIT_S)
        due_s = self._due_s.setdefault((run.id, run.attempt), now_s + wait_s)
        if now_s < due_s:
            return
        victim = self.crew.kill(worker, self.rng)
        self.made.append(Strike(victim=victim, run_id=run.id, attempt=run.attempt, at_s=now_s))
