"""P15: cancel and pause always work within 10 s, whatever a run is in the middle of."""

import random
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from backend.settings import Settings
from planner.devices.throughput import BundleSpeed
from planner.exchange.states import RunState
from planner.pilots.pilot import Pilot, Seeds
from tests.contract import test_worker_against_api as digits
from tests.contract.programs import (
    BEAT_S,
    ApiProcess,
    a_worker,
    an_api,
    children,
    wait_until,
)
from tests.faults.conftest import Often, PromiseOf
from tests.faults.ledger import Figures
from tests.faults.runs.conftest import Laboratory
from tests.support import stuck_plug_in
from tests.support.curve_here import curve_here
from tests.support.installation import a_pilot
from tests.support.processes import is_alive
from tests.support.stopwatch import Stopwatch

pytestmark = pytest.mark.faults

PROMISED_S = 10.0
SLOWER_BEAT_S = Settings(data_dir=Path()).beat_s - BEAT_S
"""What a worker of an installation as it comes may hear of an order later than one of this test."""

ENDS = {"cancel": "cancelled", "pause": "paused"}


def pilot() -> Pilot:
    """Trains for longer than any test takes: 30,000 steps that sleep a millisecond each."""
    return a_pilot(
        workload=stuck_plug_in.NAME, budget={"epochs": 10_000}, seeds={"confirmation": [11]}
    )


def first_run(laboratory: Laboratory, *, probed: bool = False) -> RunState:
    """The first run of a new pilot, or the probe that comes before; the others are cancelled."""
    api, curve = laboratory.api, curve_here(stuck_plug_in.NAME)
    created = api.create(pilot(), throughput=None if probed else curve)
    first, *others = api.runs(created.id)
    for run in others:
        api.order(run.id, "cancel")
    return first


def obeyed(api: ApiProcess, run_id: str, verb: str, figures: Figures) -> None:
    """Gives an order; the run is to be what was wanted within the time that is promised."""
    with Stopwatch() as watch:
        api.order(run_id, verb)
        wait_for(api, run_id, ENDS[verb], watch, figures)


def wait_for(api: ApiProcess, run_id: str, status: str, watch: Stopwatch, figures: Figures) -> None:
    wait_until(
        lambda: api.run(run_id).status == status,
        what=f"{status} instead of {api.run(run_id).status}",
    )
    took_s = watch.took_s
    figures.add(orders=1)
    figures.recovered(took_s)
    assert took_s + SLOWER_BEAT_S < watch.allowed_s(PROMISED_S)


def test_an_order_is_obeyed_wherever_a_trainer_is_stuck_and_nothing_it_started_is_left(
    laboratory: Laboratory, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    places = [*stuck_plug_in.PLACES, "probe"]
    for place in rng.sample(places, k=often(whole=len(places), short=1)):
        laboratory.stuck.get_stuck_in("step" if place == "probe" else place)
        run = first_run(laboratory, probed=place == "probe")
        child, trainer = laboratory.stuck.child(), laboratory.worker.trainer
        laboratory.stuck.let_go()
        obeyed(laboratory.api, run.id, rng.choice(list(ENDS)), promise("P15"))
        wait_until(lambda: not is_alive(trainer), what="the end of the trainer")  # noqa: B023
        wait_until(lambda: not is_alive(child), what="the end of what it started")  # noqa: B023
        promise("P15").add(stuck_on_purpose=1, orphans=0)
        laboratory.api.cancel_everything()


def a_stuck_bundle(laboratory: Laboratory) -> list[RunState]:
    """Three runs of one claim, of which the first is stuck and the others wait for their turn."""
    api = laboratory.api
    laboratory.stuck.get_stuck_in("evaluation")
    bundle = BundleSpeed(
        execution="batched",
        members=3,
        batch_size=32,
        step_time_s=2e-4,
        single_step_time_s=1e-4,
    )
    curve = curve_here(stuck_plug_in.NAME, bundles=(bundle,))
    created = api.create(replace(pilot(), seeds=Seeds(confirmation=(11, 12, 13))), throughput=curve)
    laboratory.stuck.child()
    laboratory.stuck.let_go()
    runs = [run for run in api.runs(created.id) if run.status == "running"]
    assert len(runs) == 3
    return runs


def test_a_member_of_a_stuck_bundle_is_cancelled_or_paused_and_the_others_stay(
    laboratory: Laboratory, rng: random.Random, promise: PromiseOf
) -> None:
    runs = a_stuck_bundle(laboratory)
    wanted = runs.pop(rng.randrange(3))
    obeyed(laboratory.api, wanted.id, rng.choice(list(ENDS)), promise("P15"))
    assert [laboratory.api.run(run.id).status for run in runs] == ["running"] * 2
    promise("P15").add(stuck_on_purpose=1)


@pytest.mark.slow
def test_a_member_that_never_leaves_ends_its_bundle_and_the_others_are_queued_again(
    laboratory: Laboratory, promise: PromiseOf
) -> None:
    api = laboratory.api
    wanted, *others = a_stuck_bundle(laboratory)
    trainer = laboratory.worker.trainer
    obeyed(api, wanted.id, "cancel", promise("P15"))
    wait_until(lambda: not is_alive(trainer), what="the end of the trainer")
    for run in others:
        wait_until(lambda: api.run(run.id).reason == "bundle_broken", what="a release")  # noqa: B023
    assert {api.run(run.id).status for run in others} <= {"queued", "running"}
    assert api.run(wanted.id).status == "cancelled"
    promise("P15").add(bundles_broken=1, members_lost=0)


def test_a_run_that_is_queued_is_cancelled_or_paused_at_once(
    laboratory: Laboratory, rng: random.Random, promise: PromiseOf
) -> None:
    running = first_run(laboratory)
    wait_until(lambda: laboratory.api.run(running.id).status == "running", what="a busy worker")
    for verb in rng.sample(list(ENDS), k=2):
        obeyed(laboratory.api, first_run(laboratory).id, verb, promise("P15"))


def test_orders_at_any_moment_are_obeyed_and_leave_no_process_behind(
    laboratory: Laboratory, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    """Before the claim, while the trainer starts, loads, trains, saves or evaluates."""
    for _ in range(often(whole=100, short=3)):
        run = first_run(laboratory)
        threading.Event().wait(rng.uniform(0, 1.0))
        verb = rng.choice(list(ENDS))
        obeyed(laboratory.api, run.id, verb, promise("P15"))
        if verb == "pause":
            obeyed(laboratory.api, run.id, "cancel", promise("P15"))
    server = laboratory.worker.fork_server
    wait_until(lambda: not children(server), what="an end of every trainer")
    assert started_from(laboratory.site) == {laboratory.worker.pid, server}
    promise("P15").add(orphans=0)


@pytest.mark.parametrize("given", ["before it went down", "when it is back"])
def test_an_api_that_is_down_loses_no_order(
    laboratory: Laboratory, given: str, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    api = laboratory.api
    for _ in range(often(whole=4, short=1)):
        run = first_run(laboratory)
        wait_until(lambda: api.run(run.id).step > 0, what="a first step")  # noqa: B023
        verb = rng.choice(list(ENDS))
        if given == "before it went down":
            api.order(run.id, verb)
        api.kill()
        threading.Event().wait(rng.uniform(0, 1.0))
        api.start()
        with Stopwatch() as watch:
            if given == "when it is back":
                api.order(run.id, verb)
            wait_for(api, run.id, ENDS[verb], watch, promise("P15"))
        promise("P15").add(kills=1)


def test_an_order_is_obeyed_while_checkpoints_come_faster_than_they_are_taken(
    tmp_path: Path, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    with an_api(tmp_path) as api, a_worker(api, tmp_path / "w", checkpoint_every_s=0.01):
        for _ in range(often(whole=6, short=2)):
            verb = rng.choice(list(ENDS))
            created = api.create(digits.a_pilot(epochs=4000), throughput=digits.a_curve())
            run = digits.first_run(api, created.id)
            wait_until(lambda: api.run(run.id).step > 0, what="a first step")  # noqa: B023
            threading.Event().wait(rng.uniform(1.0, 4.0))
            obeyed(api, run.id, verb, promise("P15"))
            api.cancel_everything()


def started_from(site: Path) -> set[int]:
    """Processes that can import the plug-ins of a folder: those of this test alone."""
    return {int(one.name) for one in Path("/proc").glob("[0-9]*") if inherits(one, str(site))}


def inherits(process: Path, text: str) -> bool:
    try:
        return text.encode() in (process / "environ").read_bytes() and is_alive(int(process.name))
    except OSError:
        return False
