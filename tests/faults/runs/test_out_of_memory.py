"""P16: out of memory hurts one run only, which says so and what to do."""

import pytest

from planner.devices.throughput import BundleSpeed
from planner.exchange.states import RunState
from tests.contract.programs import wait_until
from tests.faults.conftest import Often, PromiseOf
from tests.faults.runs.conftest import Laboratory
from tests.support import hungry_plug_in
from tests.support.curve_here import curve_here
from tests.support.hungry_plug_in import KINDS, HungryPlugIn
from tests.support.installation import a_pilot
from wording.catalogue import say

pytestmark = pytest.mark.faults

SEEDS = [11, HungryPlugIn.SEED, 13]

BUNDLE = BundleSpeed(
    execution="batched",
    members=len(SEEDS),
    batch_size=32,
    step_time_s=2e-4,
    single_step_time_s=1e-4,
)


def ends(laboratory: Laboratory) -> list[RunState]:
    """A pilot of three seeds in one bundle, and of two schedules, one after the other."""
    api = laboratory.api
    pilot = a_pilot(workload=hungry_plug_in.NAME, seeds={"confirmation": SEEDS})
    curve = curve_here(hungry_plug_in.NAME, bundles=(BUNDLE,))
    created = api.create(pilot, throughput=curve)
    wait_until(
        lambda: all(run.status in ("failed", "succeeded") for run in api.runs(created.id)),
        what="the end of every run",
    )
    return list(api.runs(created.id))


def test_a_run_that_wants_too_much_fails_with_advice_and_all_others_come_to_their_end(
    laboratory: Laboratory, often: Often, promise: PromiseOf
) -> None:
    server = laboratory.worker.fork_server
    for kind in KINDS[: often(whole=len(KINDS), short=2)]:
        laboratory.hungry.eat(kind)
        for run in ends(laboratory):
            if run.run.seed == HungryPlugIn.SEED:
                assert (run.status, run.reason) == ("failed", "out_of_memory")
                promise("P16").add(out_of_memory=1, hurt=0)
            else:
                assert (run.status, run.attempt) == ("succeeded", 1)
                promise("P16").add(others=1)
    assert laboratory.worker.fork_server == server
    assert "Use a smaller batch" in say("reason.out_of_memory", "en")
