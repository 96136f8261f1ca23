"""A run belongs to one worker at a time; one that comes late changes nothing."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import httpx
import pytest

from planner.devices.throughput import ThroughputCurve
from planner.exchange.states import RunState
from planner.exchange.work import Claim
from planner.pilots.pilot import Pilot
from tests.contract.programs import ApiProcess, WorkerProcess, an_api, is_alive, wait_until
from tests.faults.conftest import Often, PromiseOf
from tests.faults.crew import Crew
from tests.faults.left_behind import doubled_steps, missing_steps, points_of, stopped, whole_series
from tests.faults.pilots import LONG, a_curve, a_pilot
from tests.support import installation
from tests.support.late_writes import KINDS, every_write
from tests.support.planted_worker import PlantedWorker, falling_loss, planted_curve

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

CLAIMERS = 8
RUNS_OF_A_PILOT = 200
"""Of two schedules on as many seeds as a pilot may have."""

LATE_WRITES = len(KINDS)


def planted(api: ApiProcess, http: httpx.Client, name: str) -> PlantedWorker:
    token = api.token_file.read_text()
    return PlantedWorker(http, token, lambda *_: falling_loss(0.2), name=name)


def test_eight_claimers_never_get_the_same_run(
    tmp_path: Path, database: dict[str, str], often: Often, promise: PromiseOf
) -> None:
    pilots = often(whole=1000 if database else 2000, short=200) // RUNS_OF_A_PILOT
    hundred = list(range(RUNS_OF_A_PILOT // 2))
    with an_api(tmp_path, lease_s=600.0, **database) as api:
        pilot_ids = [
            api.create(
                installation.a_pilot(seeds={"confirmation": hundred}), throughput=planted_curve()
            ).id
            for _ in range(pilots)
        ]

        def claim_all(number: int) -> list[str]:
            with httpx.Client(base_url=api.url, timeout=60) as http:
                worker = planted(api, http, f"claimer {number}")
                return [claim.runs[0].run_id for claim in iter(lambda: patient(worker), None)]

        with ThreadPoolExecutor(CLAIMERS) as pool:
            claimed = [run_id for ids in pool.map(claim_all, range(CLAIMERS)) for run_id in ids]
        counts = [api.pilot(pilot_id).run_counts for pilot_id in pilot_ids]
    promise("P5").add(acks=len(claimed), doubles=len(claimed) - len(set(claimed)))
    assert counts == [{"running": RUNS_OF_A_PILOT}] * pilots
    assert len(claimed) == len(set(claimed)) == pilots * RUNS_OF_A_PILOT


def patient(worker: PlantedWorker) -> Claim | None:
    """Asks again where the API is busy, as every worker does."""
    while True:
        try:
            return worker.claim()
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                raise


def test_a_worker_that_was_frozen_past_its_lease_changes_nothing_when_it_wakes_up(
    tmp_path: Path, database: dict[str, str], rng: Random, often: Often, promise: PromiseOf
) -> None:
    """One run goes from hand to hand; beside it a worker that only claims sends all it may."""
    terms = {"lease_s": 3.0, "beat_s": 0.3, "lost_attempts_limit": 100}
    figures = promise("P5")
    with (
        an_api(tmp_path, **terms, **database) as api,
        httpx.Client(base_url=api.url, timeout=60) as http,
        ExitStack() as started,
    ):
        run_id = the_only_run(api, a_pilot(epochs=LONG), a_curve())
        other_id = the_only_run(api, installation.a_pilot(), planted_curve())
        crew = started.enter_context(Crew(api, tmp_path, workers=2))
        claimers = [planted(api, http, name) for name in ("slow", "quick")]
        for _ in range(often(whole=3 if database else 6, short=1)):
            threading.Event().wait(rng.uniform(0.2, 1.5))
            slow = wait_until(claimers[0].claim, what="a run for the claimer")
            frozen = freeze(api, crew, run_id, rng)
            frozen.wait_for_take_over(api)
            wait_until(lambda: api.run(other_id).status == "queued", what="the claimer's loss")
            quick = wait_until(claimers[1].claim, what="the second claim")
            assert quick.runs[0].run_id == slow.runs[0].run_id == other_id
            before = api.run(other_id)
            refused = [
                claimers[0].write(slow.runs[0], what, body).json()["code"]
                for what, body in every_write(claimers[0], slow).items()
            ]
            assert refused == ["attempt_fenced"] * LATE_WRITES
            assert claimers[0].beat(slow) == "fenced"
            assert api.run(other_id) == before
            claimers[1].finish(quick.runs[0], step=0, outcome="released")
            figures.add(freezes=2, late_writes_refused=LATE_WRITES)
            figures.add(late_writes_refused=frozen.wake_up(api))
        paused = stopped(api, run_id)
        series = whole_series(api, run_id, "train")
    figures.add(losses=missing_steps(series, paused.step), doubles=doubled_steps(series))
    assert series.steps == tuple(range(1, paused.step + 1))
    assert doubled_steps(series) == 0


@dataclass(frozen=True)
class Frozen:
    """A worker that stands still, and what the API had of it by then."""

    worker: WorkerProcess
    pids: list[int]
    run: RunState

    def wait_for_take_over(self, api: ApiProcess) -> None:
        """Returns once another worker has the run, and trains it."""
        wait_until(lambda: api.run(self.run.id).attempt > self.run.attempt, what="the take-over")

    def wake_up(self, api: ApiProcess) -> int:
        """Lets it go on; how many writes it was refused, of which none changed anything."""
        before, refused, left = self._made(api), self._refused(), self._left()
        for pid in self.pids:
            os.kill(pid, signal.SIGCONT)
        *_, trainer = self.pids
        wait_until(lambda: not is_alive(trainer), what="the end of the late trainer")
        wait_until(lambda: self._left() > left, what="the worker's end of it")
        assert self._made(api) == before
        return self._refused() - refused

    def _made(self, api: ApiProcess) -> set[tuple[int, int]]:
        """Points of the frozen attempt, live and superseded."""
        points = points_of(whole_series(api, self.run.id, "train")) | points_of(
            whole_series(api, self.run.id, "train", superseded=True)
        )
        return {(attempt, step) for attempt, step in points if attempt == self.run.attempt}

    def _left(self) -> int:
        return self.worker.log.count(f"let go of run {self.run.id}")

    def _refused(self) -> int:
        return self.worker.log.count("is no longer ours") + self.worker.log.count("were refused")


def freeze(api: ApiProcess, crew: Crew, run_id: str, rng: Random) -> Frozen:
    """Stops the supervisor of a run, and half of the time all its processes."""
    worker = wait_until(lambda: held(api, crew, run_id), what="a worker")
    pids = [worker.fork_server, worker.trainer]
    still = [worker.pid, *pids] if rng.random() < 0.5 else [worker.pid]
    for pid in still:
        os.kill(pid, signal.SIGSTOP)
    return Frozen(worker, [worker.pid, *pids], api.run(run_id))


def held(api: ApiProcess, crew: Crew, run_id: str) -> WorkerProcess | None:
    """The worker that trains a run now."""
    run = api.run(run_id)
    return crew.named(run.worker) if run.status == "running" else None


def the_only_run(api: ApiProcess, pilot: Pilot, curve: ThroughputCurve) -> str:
    """Id of a pilot's first run; the others are cancelled."""
    run, *others = api.runs(api.create(pilot, throughput=curve).id)
    for other in others:
        api.order(other.id, "cancel")
    return run.id
