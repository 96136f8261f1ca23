import dataclasses
import math
from contextlib import closing
from pathlib import Path

import pytest
import torch

from planner.pilots.meters import COLUMNS, COSTLY, METERS, Meters
from tests.worker.builders import (
    GROWING_STEPS,
    a_claimed_run,
    attempt,
    checkpoints_in,
    place_for,
    points,
)
from tests.worker.meters.quadratic import a_moment
from worker.data.places import DataPlaces
from worker.meters.device import DeviceMeter
from worker.meters.panel import Panel, panel_of
from worker.training import checkpoint
from worker.training.arithmetic import as_trainers_compute
from worker.training.bundled_learner import BundledLearner
from worker.training.learner import Learner
from worker.training.run_context import RunContext
from worker.training.run_plan import RunPlan
from worker.training.sampler import Sampler, SamplerState
from worker.training.seeds import stream_seed
from worker.workloads.digits_mlp import DigitsMlp


class Timed:
    """A meter that takes its time of a clock that is advanced by hand."""

    def __init__(self, name, passes, takes_s):
        self.name, self.passes, self.takes_s = name, passes, takes_s

    def read(self, _moment):
        self.clock.now += self.takes_s
        return {"curvature": 5.0} if self.name == "curvature" else {}


def a_forward_pass(takes_s):
    return Timed("motion", 1, takes_s)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def a_panel(takes_s=1.0, beside=()):
    clock = Clock()
    meters = [*beside, Timed("curvature", 30, takes_s)]
    for meter in meters:
        meter.clock = clock
    return Panel(DeviceMeter("cpu", None), meters, "cpu", now=clock)


def was_read(panel, *, elapsed_s, at_stage=False):
    moment = a_moment(elapsed_s=elapsed_s, at_stage=at_stage)
    return panel.read(moment)["curvature"] is not None


def test_another_attempt_does_not_pay_for_the_meters_of_the_one_before():
    """Each takes 1 s of 1 %: the second attempt has earned it after 100 s of its own."""
    panel = a_panel()
    assert was_read(panel, elapsed_s=1000.0)
    panel.restart()
    assert not was_read(panel, elapsed_s=99.0)
    read = panel.read(a_moment(elapsed_s=100.0))
    assert (read["curvature"], read["curvature_cost_s"]) == (5.0, 1.0)


def test_a_meter_that_takes_long_waits_until_it_keeps_to_a_hundredth():
    panel = a_panel()
    assert was_read(panel, elapsed_s=1.0)
    assert not was_read(panel, elapsed_s=199.0)
    assert was_read(panel, elapsed_s=(1 + 1) / 0.01)
    assert not was_read(panel, elapsed_s=299.0)
    assert was_read(panel, elapsed_s=(1 + 1 + 1) / 0.01)


def test_the_start_of_a_stage_is_worth_three_hundredths():
    panel = a_panel()
    assert was_read(panel, elapsed_s=1.0)
    assert not was_read(panel, elapsed_s=66.0, at_stage=True)
    assert was_read(panel, elapsed_s=67.0, at_stage=True)
    assert not was_read(panel, elapsed_s=67.0, at_stage=True)


def test_a_short_reading_is_made_first_and_earned_afterwards():
    panel = a_panel(takes_s=0.04)
    assert was_read(panel, elapsed_s=0.0)
    assert was_read(panel, elapsed_s=1.0)
    assert not was_read(panel, elapsed_s=3.9)
    assert was_read(panel, elapsed_s=4.0)


def test_a_first_reading_that_would_take_long_is_not_even_tried_at_the_start():
    panel = a_panel(beside=[a_forward_pass(0.1)])
    assert not was_read(panel, elapsed_s=0.0)
    assert not was_read(panel, elapsed_s=299.0)
    assert was_read(panel, elapsed_s=301.0)


def test_cost_counts_on_the_attempts_clock_which_begins_with_the_first_step():
    panel = a_panel()
    assert panel.read(a_moment(elapsed_s=0.0))["curvature_cost_s"] == 0
    assert panel.read(a_moment(elapsed_s=100.0))["curvature_cost_s"] == 1
    assert panel.read(a_moment(elapsed_s=199.0))["curvature_cost_s"] == 1
    assert panel.read(a_moment(elapsed_s=200.0))["curvature_cost_s"] == 2


def test_a_meter_that_is_off_is_not_measured_and_has_no_cost():
    read = a_panel().read(a_moment())
    assert tuple(read) == COLUMNS
    assert read["gradient_noise"] is read["noise_scale_cost_s"] is None


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return folder / "run", attempt(a_claimed_run(), folder / "run")


def last_state(scratch, reports):
    newest = checkpoints_in(scratch, reports)[0]
    return checkpoint.load(newest.folder, sha256=newest.sha256, size_bytes=newest.size_bytes)[0]


def test_meters_are_read_at_evaluations_and_where_stages_begin(whole) -> None:
    read = points(whole[1], "meters")
    assert list(read) == [0, 17, 26, 31]
    assert read[0]["kinetic_fraction"] == 0
    assert read[0]["mechanical_energy"] == pytest.approx(math.log(10), abs=0.1)
    assert all(one["process_memory_bytes"] > 0 for one in read.values())
    assert all(one["energy_j"] is None for one in read.values())


def test_training_is_the_same_to_the_last_bit_with_and_without_meters(
    whole, tmp_path: Path
) -> None:
    off = a_claimed_run(meters=Meters(curvature=False, noise_scale=False))
    without = attempt(off, tmp_path / "without")
    assert points(without, "meters")[0]["curvature"] is None
    for group in ("train", "evaluation"):
        assert points(without, group) == points(whole[1], group)
    ours, theirs = last_state(*whole), last_state(tmp_path / "without", without)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_a_plain_loop_that_reads_and_evaluates_nothing_trains_the_same_to_the_last_bit(
    whole, tmp_path: Path
) -> None:
    """With every meter off, motion and device included: no pilot can, so a loop of our own."""
    run, workload = a_claimed_run(), DigitsMlp()
    training = workload.load(DataPlaces(cache_dir=tmp_path / "cache"))["training"]
    plan = RunPlan(run, training_samples=len(training[1]))
    sampler = Sampler(
        samples=len(training[1]), state=SamplerState(seed=run.seed, epoch=0, cursor=0)
    )
    with as_trainers_compute():
        learner = Learner(
            workload,
            training,
            weights_seed=stream_seed(run.seed, "weights"),
            augmentation_seed=stream_seed(run.seed, "augmentation"),
            momentum_form=run.momentum_form,
        )
        for step, items in enumerate(plan.items):
            learner.step(
                sampler.take(items),
                micro_batches=plan.split[items],
                rate=plan.rate[step],
                beta=plan.beta[step],
                kept=plan.kept[step],
            )
    metered = last_state(*whole)
    assert torch.equal(learner.parameters, metered["parameters"])
    assert torch.equal(learner.momentum, metered["momentum"])


def test_an_attempt_that_goes_on_reads_no_step_twice(whole, tmp_path: Path) -> None:
    scratch, reports = whole
    at_stage = checkpoints_in(scratch, reports)[1:2]
    run = dataclasses.replace(a_claimed_run(), attempt=2)
    again = attempt(run, tmp_path / "again", checkpoints=at_stage)
    assert list(points(again, "meters")) == [GROWING_STEPS]


@pytest.mark.parametrize("execution", ["batched", "mapped"])
def test_a_member_of_a_bundle_is_metered_as_it_is_alone(execution, tmp_path: Path) -> None:
    workload = DigitsMlp()
    splits = workload.load(DataPlaces(cache_dir=tmp_path / "cache"))
    learners = [
        Learner(
            workload,
            splits["training"],
            weights_seed=seed,
            augmentation_seed=seed,
            momentum_form="heavy_ball",
        )
        for seed in (1, 2)
    ]
    for learner in learners:
        learner.momentum.normal_(generator=torch.Generator().manual_seed(1))
    alone = [readings_of(workload, splits, learner, tmp_path) for learner in learners]
    BundledLearner(learners, execution)
    together = [readings_of(workload, splits, learner, tmp_path) for learner in learners]
    assert together == [pytest.approx(reading) for reading in alone]
    assert alone[0]["curvature"] != alone[1]["curvature"]
    for reading in alone:
        expected = 0.1 * reading["curvature"] / (2 * (1 + 0.9))
        assert reading["curvature_ratio"] == pytest.approx(expected)
        assert reading["gradient_noise"] > 0


def readings_of(workload, splits, learner, folder) -> dict[str, float]:
    """What all meters but the device's read when time is no object."""
    scratch = folder / f"scratch-{len(list(folder.iterdir()))}"
    place_for(scratch)
    with closing(RunContext(a_claimed_run(), scratch=scratch)) as context:
        read = panel_of(context, workload, splits, learner).read(a_moment(elapsed_s=1e9))
    return {name: read[name] for meter in COSTLY for name in METERS[meter]}
