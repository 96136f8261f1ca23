"""The API is away for longer than a lease: trainers park with all they know, and then go on."""

import re
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from backend.settings import Settings
from planner.exchange.states import RunState, Series
from tests.contract.programs import ApiProcess, WorkerProcess, a_worker, an_api, wait_until
from tests.faults.conftest import Often, PromiseOf
from tests.faults.ledger import Figures
from tests.faults.left_behind import doubled_steps, missing_steps, points_of, stopped, whole_series
from tests.faults.pilots import LONG, a_bundling_curve, a_curve, a_pilot
from tests.worker.builders import a_claimed_run, attempt, points

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

SHIPPED = Settings()

PARKED = re.compile(r"parked at step (\d+)")


def test_an_outage_parks_single_runs_and_bundles_and_costs_no_step_and_no_attempt(
    tmp_path: Path, database: dict[str, str], often: Often, promise: PromiseOf
) -> None:
    """As shipped, with a lease of 15 s, in the whole form; PostgreSQL's is always the short one."""
    away_s, terms = 7, {"lease_s": 6.0, "beat_s": 0.3}
    if not database:
        away_s = often(whole=60, short=away_s)
        terms = {name: often(whole=getattr(SHIPPED, name), short=terms[name]) for name in terms}
    with an_api(tmp_path, **terms, **database) as api:
        go_through_an_outage(
            api, tmp_path, promise("P4"), away_s=away_s, go=api.kill, come=api.start
        )


@pytest.mark.slow
def test_an_api_that_stands_still_for_longer_than_a_lease_costs_no_step_and_no_attempt_either(
    tmp_path: Path, promise: PromiseOf
) -> None:
    """As in a container that was paused: what nobody could hear is held against nobody."""
    with an_api(tmp_path) as api:
        go_through_an_outage(api, tmp_path, promise("P4"), away_s=12, go=api.freeze, come=api.thaw)


def go_through_an_outage(
    api: ApiProcess,
    folder: Path,
    figures: Figures,
    *,
    away_s: float,
    go: Callable[[], None],
    come: Callable[[], None],
) -> None:
    with ExitStack() as started:
        workers = {"first": started.enter_context(calm_worker(api, folder / "first"))}
        single = a_single_run(api)
        workers["second"] = started.enter_context(calm_worker(api, folder / "second"))
        runs = [single, *a_bundle(api)]
        known = {run.id: points_of(whole_series(api, run.id, "train")) for run in runs}
        earlier = {name: len(parked_at(worker)) for name, worker in workers.items()}
        go()
        gone_at_s = time.monotonic()
        wait_until(
            lambda: all(len(parked_at(workers[name])) > earlier[name] for name in workers),
            what="parked trainers",
        )
        threading.Event().wait(gone_at_s + away_s - time.monotonic())
        standing = {run.id: parked_at(workers[str(run.worker)])[-1] for run in runs}
        come()
        back_at_s = time.monotonic()
        for run in runs:
            wait_until(lambda run=run: api.run(run.id).step > standing[run.id], what="new steps")
        figures.recovered(time.monotonic() - back_at_s)
        for run in runs:
            wait_until(
                lambda run=run: api.series(run.id, "train").steps[-1] > standing[run.id],
                what="what was made meanwhile",
            )
        paused = [stopped(api, run.id) for run in runs]
        series = {run.id: whole_series(api, run.id, "train") for run in runs}
    assert [(run.status, run.attempt, run.reason) for run in paused] == [("paused", 1, "")] * 3
    for run in paused:
        made = series[run.id]
        last = made.steps[-1]  # whoever pauses does not wait for what is made while others arrive
        figures.add(
            acks=len(known[run.id]),
            losses=missing_steps(made, last) + len(known[run.id] - points_of(made)),
            doubles=doubled_steps(made),
            spooled=standing[run.id] - max((step for _, step in known[run.id]), default=0),
        )
        assert known[run.id] <= points_of(made)
        assert standing[run.id] < last <= run.step
        assert made.steps == tuple(range(1, last + 1))
    figures.add(kills=1, attempts_spent=0)
    told = series[single.id]
    assert by_name(told) == undisturbed(folder, until=told.steps[-1])


def calm_worker(api: ApiProcess, folder: Path) -> AbstractContextManager[WorkerProcess]:
    """Leaves checkpoints seldom enough that what was spooled arrives soon, as in earnest."""
    return a_worker(api, folder, checkpoint_every_s=3.0)


def a_single_run(api: ApiProcess) -> RunState:
    """The baseline's first run, under way; nothing else is queued."""
    run, *others = api.runs(api.create(a_pilot(epochs=LONG), throughput=a_curve()).id)
    wait_until(lambda: api.run(run.id).status == "running", what="a claim")
    for other in others:
        api.order(other.id, "cancel")
    return under_way(api, run.id)


def a_bundle(api: ApiProcess) -> list[RunState]:
    """The two runs of four that a worker takes who has another one beside it; no other is left."""
    pilot = a_pilot(epochs=LONG, seeds=(11, 12, 13, 14))
    pilot_id = api.create(pilot, throughput=a_bundling_curve(members=4)).id
    runs = wait_until(
        lambda: [run for run in api.runs(pilot_id) if run.status == "running"], what="a bundle"
    )
    assert [run.bundle_size for run in runs] == [2, 2]
    for run in api.runs(pilot_id):
        if run.status == "queued":
            api.order(run.id, "cancel")
    return [under_way(api, run.id) for run in runs]


def under_way(api: ApiProcess, run_id: str) -> RunState:
    """A run of which some steps have arrived."""
    wait_until(lambda: whole_series(api, run_id, "train").steps, what="first steps")
    return api.run(run_id)


def parked_at(worker: WorkerProcess) -> list[int]:
    """Steps at which a worker's trainer parked; the members of a bundle step together."""
    logs = worker.data_dir.glob("scratch/worker-*/attempt-*/trainer.log")
    return [int(step) for log in logs for step in PARKED.findall(log.read_text())]


def by_name(series: Series) -> dict[int, dict[str, float | None]]:
    return {
        step: {name: values[place] for name, values in series.columns.items()}
        for place, step in enumerate(series.steps)
    }


def undisturbed(folder: Path, *, until: int) -> dict[int, dict[str, float | None]]:
    """The single run's points, trained in one go in this process."""
    run = a_claimed_run(schedule=a_pilot().schedules[0], epochs=LONG, seed=11)
    return points(attempt(run, folder / "undisturbed" / "scratch", stop_at=until), "train")
