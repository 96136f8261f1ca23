"""The example pilot by two computers that share nothing but the API and a store of checkpoints.

The API keeps its truth in PostgreSQL, the store is S3's protocol, and each worker lives in a
network of its own. One of them is killed midway; the other one ends what it had begun.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from backend.cli.files import read
from backend.wire.codec import decode
from planner.exchange.states import RunState
from planner.measurements.measurement import RunRecord
from planner.pilots.pilot import Pilot, Seeds
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from tests.contract.programs import ApiProcess, WorkerProcess, a_worker, an_api, wait_until
from tests.faults.conftest import Often, PromiseOf, settings_of
from tests.faults.left_behind import doubled_steps, missing_steps, whole_series
from tests.faults.two_networks import HOST, Network, two_networks
from tests.support.object_server import KEYS, ObjectServer, an_object_server
from tests.support.processes import PATIENCE_S

pytestmark = [pytest.mark.machines, pytest.mark.timeout(900)]

EXAMPLE = Path(__file__).parents[2] / "backend" / "data" / "example_pilot.yaml"
FOLDER = "two-machines"
ENDS_WITHIN_S = 600


@dataclass(frozen=True)
class TwoMachines:
    """Everything up, each worker behind its own wire."""

    api: ApiProcess
    objects: ObjectServer
    one: WorkerProcess
    two: WorkerProcess

    def has_checkpoint(self, run: RunState) -> bool:
        """Whether the store has one that the API was told of long enough ago to count on."""
        start = f"{FOLDER}/{run.id}/a{run.attempt}/"
        names = [name for name in self.objects.names(FOLDER) if name.startswith(start)]
        return sum(name.endswith("/complete.json") for name in names) > 1


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[TwoMachines]:
    with (
        two_networks() as networks,
        settings_of("postgresql") as database,
        an_object_server(HOST) as objects,
        an_api(tmp_path, host=HOST, lease_s=3.0, beat_s=0.3, **database) as api,
        worker_in(networks[0], "one", api, objects, tmp_path) as one,
        worker_in(networks[1], "two", api, objects, tmp_path) as two,
    ):
        yield TwoMachines(api, objects, one, two)


def worker_in(network: Network, name: str, api: ApiProcess, objects: ObjectServer, folder: Path):
    return a_worker(
        api,
        folder / name,
        environment=KEYS,
        options=("--store", objects.store(FOLDER)),
        behind=tuple(network.inside([])),
    )


def the_pilot(*, whole: bool) -> Pilot:
    """The example as it is shipped; in the short run with one rate and without a selection."""
    example = read(Pilot, EXAMPLE)
    if whole:
        return example
    return replace(
        example,
        schedules=example.schedules[:2],
        rate_multipliers=(1.0,),
        seeds=Seeds(confirmation=example.seeds.confirmation),
    )


def test_the_example_pilot_outlives_one_of_its_two_machines(
    machines: TwoMachines, often: Often, promise: PromiseOf
) -> None:
    api = machines.api
    wait_until(lambda: len(api.get("/api/workers")) == 2, what="both workers")
    pilot = api.create(the_pilot(whole=bool(often(whole=1, short=0))), throughput=None)

    def struck() -> list[str]:
        """Runs of the first machine that have a checkpoint, once there are any."""
        held = [run for run in api.runs(pilot.id) if run.worker == "one"]
        return [run.id for run in held if run.status == "running" and machines.has_checkpoint(run)]

    held = wait_until(struck, what="a checkpoint of the first machine", patience_s=300)
    machines.one.kill()
    wait_until(
        lambda: api.pilot(pilot.id).phase == "done",
        what="the end of the pilot",
        patience_s=ENDS_WITHIN_S,
    )

    runs = {run.id: run for run in api.runs(pilot.id)}
    kept = {run.status for run in runs.values() if run.run.purpose != "selection"}
    tried = {run.status for run in runs.values() if run.run.purpose == "selection"}
    assert kept == {"succeeded"}
    assert tried <= {"succeeded", "diverged"}  # a rate that is too high
    records = {
        record.run_id: record
        for record in decode(tuple[RunRecord, ...], api.get(f"/api/pilots/{pilot.id}/records"))
    }
    went_on = [one for one in held if records[one].attempts[-1].from_step > 0]
    assert went_on, [records[one].attempts for one in held]
    assert {runs[one].worker for one in went_on} == {"two"}
    missing, doubled = steps_amiss(api, list(runs.values()))
    amiss = [(run, records[run.id]) for run in runs.values() if any(steps_amiss(api, [run]))]
    assert (missing, doubled) == (0, 0), "\n".join(map(repr, amiss))
    review = decode(Review, api.post("/api/reviews:compute", ReviewRequest(pilot_id=pilot.id)))
    assert review.verdict.schedule
    promise("P6").add(kills=1, losses=missing, doubles=doubled)


def steps_amiss(api: ApiProcess, runs: list[RunState]) -> tuple[int, int]:
    """Steps that no live point stands for, and that two stand for; a probe has none."""
    missing = doubled = 0
    for run in runs:
        if run.steps_planned is not None:
            assert run.status == "diverged" or run.step == run.steps_planned
            series = whole_series(api, run.id, "train")
            missing += missing_steps(series, run.step)
            doubled += doubled_steps(series)
    return missing, doubled


def test_neither_machine_reaches_more_than_it_has_to(machines: TwoMachines) -> None:
    answer = httpx.get(f"{machines.api.url}/api/health", timeout=PATIENCE_S)
    assert answer.is_success
    for worker in machines.api.get("/api/workers"):
        assert worker["store_url"] == machines.objects.store(FOLDER)
        assert worker["store_away"] is False
    for secret in (KEYS["AWS_SECRET_ACCESS_KEY"], KEYS["AWS_ACCESS_KEY_ID"]):
        for process in (machines.one, machines.two):
            trainers = Path(f"/proc/{process.fork_server}/environ").read_bytes()
            assert secret.encode() not in trainers
            assert secret not in process.log
