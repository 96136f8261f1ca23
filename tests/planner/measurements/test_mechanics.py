import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.measurements.mechanics import (
    Ball,
    curvature_ratio,
    energy_jump,
    heavy_ball,
    kinetic_energy,
)
from planner.schedules.momentum import momentum_change


def test_rate_at_the_limit_of_a_quadratic_reads_one():
    ball = heavy_ball("heavy_ball", rate=2 * (1 + 0.9) / 5, beta=0.9)
    assert curvature_ratio("heavy_ball", ball, curvature=5.0) == pytest.approx(1.0)


def test_nesterov_bears_less_than_the_heavy_ball():
    limit = 2 * (1 + 0.9) / (1 + 2 * 0.9)
    ball = heavy_ball("nesterov", rate=limit / 5, beta=0.9)
    assert curvature_ratio("nesterov", ball, curvature=5.0) == pytest.approx(1.0)
    assert curvature_ratio("heavy_ball", ball, curvature=5.0) == pytest.approx(1 / 2.8)


def test_a_normalised_rate_is_ten_times_the_heavy_balls_at_beta_nine_tenths():
    ball = heavy_ball("normalised", rate=1.0, beta=0.9)
    assert ball.learning_rate == pytest.approx(0.1)


def walk(form, ratio, beta, steps=400):
    """Largest distance in the last steps of a one-dimensional quadratic that starts at 1."""
    curvature, rate = 5.0, 1.0
    rate = ratio / curvature_ratio(form, Ball(learning_rate=1.0, beta=beta), curvature=curvature)
    position, buffer, seen = 1.0, 0.0, []
    for _ in range(steps):
        gradient = curvature * position
        buffer = beta * buffer + gradient
        position -= rate * (gradient + beta * buffer if form == "nesterov" else buffer)
        seen.append(abs(position))
    return max(seen[-20:])


@pytest.mark.parametrize("form", ["heavy_ball", "nesterov"])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_a_quadratic_shrinks_below_one_and_grows_above(form, beta):
    assert walk(form, 0.97, beta) < 0.05
    assert walk(form, 1.03, beta) > 10


@given(
    beta=st.floats(0.0, 0.95),
    share=st.floats(0.05, 1.0),
    curvatures=st.lists(st.floats(0.01, 10.0), min_size=1, max_size=4),
    start=st.floats(0.1, 3.0),
)
def test_energy_falls_at_every_step_of_a_quadratic_up_to_twice_one_minus_beta(
    beta, share, curvatures, start
):
    stiffness = np.array(curvatures)
    rate = share * 2 * (1 - beta) / stiffness.max()
    ball = Ball(learning_rate=rate, beta=beta)
    position, buffer = np.full(len(stiffness), start), np.zeros(len(stiffness))
    energy = (stiffness * position**2).sum() / 2
    for _ in range(50):
        buffer = beta * buffer + stiffness * position
        position = position - rate * buffer
        moved = (stiffness * position**2).sum() / 2 + kinetic_energy(
            ball, square=float(buffer @ buffer)
        )
        assert moved <= energy * (1 + 1e-12) + 1e-300
        energy = moved


def test_a_halved_rate_takes_half_of_the_kinetic_energy():
    before, after = Ball(learning_rate=0.2, beta=0.9), Ball(learning_rate=0.1, beta=0.9)
    jump = energy_jump("heavy_ball", before, after, square=4.0, buffer_factor=1.0)
    assert jump == pytest.approx((0.1 - 0.2) * 0.9 / 2 * 4)


def test_a_change_of_beta_jumps_alike_in_both_forms_of_one_path():
    change = momentum_change("heavy_ball", old=0.9, new=0.95)
    jump = energy_jump(
        "heavy_ball",
        Ball(learning_rate=0.1, beta=0.9),
        Ball(learning_rate=0.1 * change.rate_factor, beta=0.95),
        square=4.0,
        buffer_factor=change.buffer_factor,
    )
    normalised = energy_jump(
        "normalised",
        heavy_ball("normalised", rate=1.0, beta=0.9),
        heavy_ball("normalised", rate=1.0, beta=0.95),
        square=4.0 * (1 - 0.9) ** 2,
        buffer_factor=1.0,
    )
    assert jump == pytest.approx(0.05 * 0.95 / 2 * 16 - 0.1 * 0.9 / 2 * 4)
    assert normalised == pytest.approx(jump)
