"""What a learning rate chosen on few seeds leaves open."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.inference.rate_choice import Rival, Tried, rivals
from planner.refusal import Refusal


def a_sweep(times_log, *, lost=()):
    """Log times by rate and seed; runs of the rates in ``lost`` never reached their target."""
    return {
        rate: {
            seed: Tried(time_s=math.exp(time), reached=rate not in lost)
            for seed, time in enumerate(times)
        }
        for rate, times in times_log.items()
    }


TODAY = a_sweep({0.5: (0.30, 0.10), 1.0: (0.00, 0.20), 2.0: (0.05, 0.25)})
"""Rates 1 and 2 differ by 0.05 on either seed; rate 0.5 by 0.30 and -0.10."""


def test_a_gap_is_the_mean_log_ratio_on_the_shared_seeds():
    slow, close = rivals(TODAY, 1.0, others=[])
    assert (slow.gap_log, close.gap_log) == pytest.approx(((0.30 - 0.10) / 2, 0.05))


def test_a_gap_is_as_unsure_as_rates_scatter_against_each_other():
    """Of two seeds: how far half their difference at each rate is from the mean of these."""
    table = np.array([(0.30, 0.10), (0.00, 0.20), (0.05, 0.25)])
    half = (table[:, 1] - table[:, 0]) / 2
    rest = 2 * np.sum((half - half.mean()) ** 2)
    degrees = (3 - 1) * (2 - 1)
    for rival in rivals(TODAY, 1.0, others=[]):
        assert rival.degrees == degrees
        assert rival.spread_log == pytest.approx(math.sqrt(2 * (rest / degrees) / 2))


def test_every_schedule_of_the_sweep_shows_the_scatter():
    other = a_sweep({0.5: (1.0, 1.0), 1.0: (0.9, 0.9), 2.0: (0.8, 0.8)})
    alone, pooled = rivals(TODAY, 1.0, others=[])[0], rivals(TODAY, 1.0, others=[other])[0]
    assert pooled.degrees == 2 * alone.degrees
    assert pooled.spread_log == pytest.approx(alone.spread_log / math.sqrt(2))
    assert pooled.gap_log == alone.gap_log


def test_a_sweep_on_one_seed_borrows_the_scatter_of_the_confirmation():
    """Two schedules on three seeds, 0.1, 0.3 and 0.2 apart: each adds half of what is left."""
    alone = a_sweep({1.0: (0.0,), 2.0: (0.05,)})
    assert rivals(alone, 1.0, others=[alone]) == ()
    schedules = a_sweep({0.0: (0.0, 0.1, 0.2), 1.0: (0.1, 0.4, 0.4)}).values()
    (rival,) = rivals(alone, 1.0, others=[alone], confirmed=schedules)
    variance = (0.1**2 + 0.1**2) / (3 - 1) / 2
    assert (rival.gap_log, rival.degrees) == (pytest.approx(0.05), 2)
    assert rival.spread_log == pytest.approx(math.sqrt(2 * variance))
    assert rivals(TODAY, 1.0, others=[], confirmed=schedules) == rivals(TODAY, 1.0, others=[])


def test_rates_that_never_reached_the_target_say_nothing_of_the_scatter():
    lost = a_sweep({0.5: (0.3, 0.1), 1.0: (0.0, 0.2), 2.0: (0.05, 0.3), 4.0: (2, 2)}, lost=(4.0,))
    kept = a_sweep({0.5: (0.3, 0.1), 1.0: (0.0, 0.2), 2.0: (0.05, 0.3)})
    with_lost, without = rivals(lost, 1.0, others=[]), rivals(kept, 1.0, others=[])
    assert with_lost[:2] == without
    assert with_lost[2].gap_log == pytest.approx((2.0 + 1.8) / 2)


def test_where_hardly_any_rate_reached_it_the_others_are_all_there_is():
    lost = a_sweep({0.5: (0.9, 1.0), 1.0: (0.0, 0.2), 2.0: (1.0, 1.0)}, lost=(0.5, 2.0))
    assert [rival.degrees for rival in rivals(lost, 1.0, others=[])] == [2, 2]


def test_no_other_rate_and_one_seed_leave_nothing_to_say():
    assert rivals(a_sweep({1.0: (0.0, 0.2)}), 1.0, others=[]) == ()
    assert rivals(a_sweep({1.0: (0.0,), 2.0: (0.1,)}), 1.0, others=[]) == ()
    assert rivals({}, 1.0, others=[TODAY]) == ()


def test_a_rate_without_a_seed_of_the_frozen_one_is_not_compared():
    apart = {1.0: TODAY[1.0], 2.0: {7: Tried(time_s=1.0, reached=True)}, 0.5: TODAY[0.5]}
    (found,) = rivals(apart, 1.0, others=[TODAY])
    assert found.gap_log == pytest.approx(0.10)


@given(st.lists(st.floats(-1, 1), min_size=6, max_size=6))
def test_a_gap_is_never_negative_since_the_frozen_rate_was_the_fastest(logs):
    sweep = a_sweep({0.5: logs[:2], 1.0: logs[2:4], 2.0: logs[4:]})
    assert all(rival.gap_log >= 0 for rival in rivals(sweep, 1.0, others=[]))


@pytest.mark.parametrize("field", ["gap_log", "spread_log"])
def test_a_rival_refuses_what_no_sweep_can_show(field):
    fields = {"gap_log": 0.1, "spread_log": 0.1, "degrees": 3}
    with pytest.raises(Refusal, match=field):
        Rival(**fields | {field: -0.1})
    with pytest.raises(Refusal, match="degrees"):
        Rival(**fields | {"degrees": 0})
