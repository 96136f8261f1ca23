import pytest
import torch

from planner.measurements.mechanics import Ball
from tests.worker.meters.quadratic import Distance, Quadratic, a_loss, a_moment, samples_of
from worker.meters.motion import MotionMeter

PROBE = samples_of(32)


class Moving:
    """The part of a learner that is looked at."""

    def __init__(self, *momentum):
        self.momentum = torch.tensor(momentum)


def read(*momentum, form="heavy_ball", **moment):
    workload, model = Quadratic(), Distance()
    meter = MotionMeter(a_loss(workload, model), PROBE, Moving(*momentum), form=form)
    return meter.read(a_moment(**moment)), potential(workload, model)


def potential(workload, model):
    distances = model.place.detach() - PROBE[0]
    return float(workload.loss_sum(distances, PROBE[1])) / 32


def test_a_run_that_has_not_moved_has_the_energy_of_its_loss():
    values, loss = read(0.0, 0.0, 0.0, 0.0)
    assert values["mechanical_energy"] == pytest.approx(loss)
    assert values["kinetic_fraction"] == values["energy_jump"] == 0


def test_energy_is_loss_and_half_of_rate_beta_and_the_buffers_square():
    values, loss = read(3.0, 0.0, 4.0, 0.0)
    kinetic = 0.1 * 0.9 / 2 * (9 + 16)
    assert values["mechanical_energy"] == pytest.approx(loss + kinetic)
    assert values["kinetic_fraction"] == pytest.approx(kinetic / (loss + kinetic))


def test_a_rate_that_doubles_after_this_step_adds_the_kinetic_energy_once_more():
    values, loss = read(3.0, 0.0, 4.0, 0.0, after=Ball(learning_rate=0.2, beta=0.9))
    kinetic = 0.1 * 0.9 / 2 * (9 + 16)
    assert values["mechanical_energy"] == pytest.approx(loss + kinetic)
    assert values["energy_jump"] == pytest.approx(kinetic)


def test_a_normalised_buffer_has_the_energy_of_the_heavy_ball_on_its_path():
    values, _ = read(0.3, 0.0, 0.4, 0.0, form="normalised")
    heavy, _ = read(3.0, 0.0, 4.0, 0.0)
    assert values["mechanical_energy"] == pytest.approx(heavy["mechanical_energy"])


def test_a_loss_that_broke_has_no_kinetic_share():
    values, _ = read(float("nan"), 0.0, 0.0, 0.0)
    assert values["kinetic_fraction"] is None
