import dataclasses
from pathlib import Path

import pytest
import torch

from planner.meters import COLUMNS, Meters
from planner.schedule import plan_steps
from tests.worker.builders import (
    GROWING,
    GROWING_STEPS,
    a_claimed_run,
    attempt,
    checkpoints_in,
    points,
)
from tests.worker.meters.quadratic import a_moment
from worker import checkpoint
from worker.meters.device import DeviceMeter
from worker.meters.panel import Panel


class Slow:
    """A meter that takes a second of a clock that is advanced by hand."""

    name = "curvature"
    costly = True

    def __init__(self, clock):
        self.clock = clock

    def read(self, _moment):
        self.clock.now += 1.0
        return {"curvature": 5.0}


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def a_panel():
    clock = Clock()
    return Panel(DeviceMeter("cpu", None), [Slow(clock)], "cpu", now=clock)


def was_read(panel, *, elapsed_s, at_stage=False):
    moment = a_moment(elapsed_s=elapsed_s, at_stage=at_stage)
    return panel.read(moment)["curvature"] is not None


def test_a_costly_meter_waits_until_it_has_taken_no_more_than_its_hundredth():
    panel = a_panel()
    assert was_read(panel, elapsed_s=1.0)
    assert not was_read(panel, elapsed_s=99.0)
    assert was_read(panel, elapsed_s=100.0)
    assert not was_read(panel, elapsed_s=199.0)
    assert was_read(panel, elapsed_s=200.0)


def test_the_start_of_a_stage_is_worth_three_hundredths():
    panel = a_panel()
    assert was_read(panel, elapsed_s=1.0)
    assert not was_read(panel, elapsed_s=33.0, at_stage=True)
    assert was_read(panel, elapsed_s=34.0, at_stage=True)
    assert not was_read(panel, elapsed_s=34.0, at_stage=True)


def test_cost_counts_on_the_attempts_clock_which_begins_with_the_first_step():
    panel = a_panel()
    assert panel.read(a_moment(elapsed_s=0.0))["curvature_cost_s"] == 0
    assert panel.read(a_moment(elapsed_s=100.0))["curvature_cost_s"] == 1
    assert panel.read(a_moment(elapsed_s=99.0))["curvature_cost_s"] == 1
    assert panel.read(a_moment(elapsed_s=100.0))["curvature_cost_s"] == 2


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
    return checkpoint.load(newest.folder, sha256=newest.sha256)[0]


def test_meters_are_read_at_evaluations_and_where_stages_begin(whole) -> None:
    read = points(whole[1], "meters")
    assert list(read) == [0, 17, 26, 31]
    first = read[0]
    assert first["kinetic_fraction"] == 0
    assert first["mechanical_energy"] == pytest.approx(2.3, abs=0.1)
    assert first["gradient_noise"] > 0
    rate = float(plan_steps(GROWING, training_samples=1078, epochs=3).learning_rate[0])
    expected = rate * first["curvature"] / (2 * (1 + 0.9))
    assert first["curvature_ratio"] == pytest.approx(expected)
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


def test_an_attempt_that_goes_on_reads_no_step_twice(whole, tmp_path: Path) -> None:
    scratch, reports = whole
    at_stage = checkpoints_in(scratch, reports)[1:2]
    run = dataclasses.replace(a_claimed_run(), attempt=2)
    again = attempt(run, tmp_path / "again", checkpoints=at_stage)
    assert list(points(again, "meters")) == [GROWING_STEPS]
