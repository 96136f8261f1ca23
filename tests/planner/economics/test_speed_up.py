import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from planner.economics.distributions import hit_rate_draws
from planner.economics.speed_up import CensoredSpeedUp, PairedSpeedUp, speed_up
from planner.inference.mean_ratio import mean_ratio
from planner.inference.rate_choice import Rival
from planner.inference.success import HitRate
from planner.refusal import Refusal

BASELINE = (100.0, 110.0, 95.0, 105.0, 120.0)
CANDIDATE = (70.0, 80.0, 75.0, 72.0, 90.0)
ALL = (True,) * 5


def test_five_pairs_that_all_arrived_give_a_log_ratio():
    found = speed_up(CANDIDATE, ALL, BASELINE, ALL)
    assert isinstance(found, PairedSpeedUp)
    assert found.mean_log == pytest.approx(-0.315298751, abs=5e-10)
    assert found.sd_log == pytest.approx(0.0560242081, abs=5e-11)
    correction = (np.log(CANDIDATE).var(ddof=1) - np.log(BASELINE).var(ddof=1)) / 2
    assert found.correction_log == pytest.approx(correction)
    assert found.time_ratio == pytest.approx(math.exp(-0.315298751 + correction))


def test_the_draws_follow_students_t_around_the_mean_log_ratio():
    found = PairedSpeedUp(mean_log=-0.315298751, sd_log=0.0560242081, pairs=5)
    low, high = np.quantile(found.draws(), [0.05, 0.95])
    assert (low, high) == pytest.approx((0.691624764, 0.769598920), rel=1e-3)


def test_the_draws_hold_what_is_not_known_of_the_correction():
    found = speed_up(CANDIDATE, ALL, BASELINE, ALL)
    means = mean_ratio(CANDIDATE, BASELINE)
    low, high = np.quantile(found.draws(), [0.05, 0.95])
    assert (low, high) == pytest.approx((means.low, means.high), rel=1e-3)


def test_pairs_that_agree_exactly_leave_nothing_open():
    found = PairedSpeedUp(mean_log=math.log(0.75), sd_log=0.0, pairs=3)
    assert found.draws() == pytest.approx(np.full(16_384, 0.75))


def test_a_censored_pair_turns_the_claim_into_time_per_success():
    times = (10.0, 12.0, 11.0, 15.0, 20.0)
    found = speed_up(times, (True, True, True, True, False), (20.0,) * 5, ALL)
    assert isinstance(found, CensoredSpeedUp)
    assert found.time_ratio == pytest.approx(((10 + 12 + 11 + 15 + 20) / 4) / 20)
    assert found.pairs == 5


@pytest.mark.parametrize("reached", [ALL, (True, True, True, True, False)])
def test_a_run_that_was_over_at_its_very_start_gives_no_ratio(reached):
    assert speed_up((0.0, 12.0, 11.0, 15.0, 20.0), reached, (20.0,) * 5, ALL) is None


def test_draws_of_a_censored_speed_up_carry_both_hit_rates():
    found = CensoredSpeedUp(
        candidate_times_s=(10.0,) * 5,
        baseline_times_s=(20.0,) * 5,
        candidate_hits=HitRate(successes=4, runs=5),
        baseline_hits=HitRate(successes=5, runs=5),
    )
    mean_baseline_hits = 5.5 / 6
    mean_inverse_candidate_hits = (4.5 + 1.5 - 1) / (4.5 - 1)
    expected = 0.5 * mean_baseline_hits * mean_inverse_candidate_hits
    assert found.draws().mean() == pytest.approx(expected, rel=1e-3)


def test_resampling_keeps_pairs_together():
    found = CensoredSpeedUp(
        candidate_times_s=(5.0, 50.0, 500.0),
        baseline_times_s=(10.0, 100.0, 1000.0),
        candidate_hits=HitRate(successes=3, runs=3),
        baseline_hits=HitRate(successes=2, runs=3),
    )
    hit_rates = hit_rate_draws("baseline_hits", 2, 3) / hit_rate_draws("candidate_hits", 3, 3)
    assert found.draws() == pytest.approx(0.5 * hit_rates)


@pytest.mark.parametrize(
    ("candidate_reached", "baseline_reached", "pairs"),
    [
        ((False,) * 5, ALL, 5),
        (ALL, (False,) * 5, 5),
        (ALL, ALL, 2),
    ],
)
def test_no_success_or_too_few_pairs_give_no_figure(candidate_reached, baseline_reached, pairs):
    found = speed_up(
        CANDIDATE[:pairs], candidate_reached[:pairs], BASELINE[:pairs], baseline_reached[:pairs]
    )
    assert found is None


@settings(max_examples=20)
@given(st.floats(-1, 1), st.floats(0, 0.3), st.integers(3, 20))
def test_draws_are_positive_and_half_of_them_are_below_the_measured_ratio(mean, sd, pairs):
    found = PairedSpeedUp(mean_log=mean, sd_log=sd, pairs=pairs)
    draws = found.draws()
    assert draws.min() > 0
    assert np.median(draws) == pytest.approx(found.time_ratio, rel=1e-3)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mean_log": math.nan}, "mean_log"),
        ({"sd_log": -0.1}, "sd_log"),
        ({"pairs": 2}, "pairs"),
        ({"correction_log": math.inf}, "correction_log"),
    ],
)
def test_a_nonsense_speed_up_is_refused_at_its_field(changes, field):
    fields = {"mean_log": -0.3, "sd_log": 0.1, "pairs": 5, **changes}
    with pytest.raises(Refusal) as refusal:
        PairedSpeedUp(**fields)
    assert refusal.value.field == field


CLOSE = Rival(gap_log=0.05, spread_log=0.1, degrees=12)
FAR = Rival(gap_log=2.0, spread_log=0.1, degrees=12)
FIVE = PairedSpeedUp(mean_log=-0.2, sd_log=0.1, pairs=5)
CENSORED = CensoredSpeedUp(
    candidate_times_s=(10.0, 12.0, 11.0, 15.0, 20.0),
    baseline_times_s=(20.0, 22.0, 19.0, 21.0, 25.0),
    candidate_hits=HitRate(successes=4, runs=5),
    baseline_hits=HitRate(successes=5, runs=5),
)


def test_the_odds_of_a_bound_are_those_against_the_rate_that_is_hardest_to_beat():
    """At u = 0.9 the distances t_4 0.1/sqrt(5) and t_12 0.1 are added as squares."""
    found = replace(FIVE, rivals=(CLOSE, FAR))
    own = float(special.stdtrit(4, 0.9)) * 0.1 / math.sqrt(5)
    of_choice = float(special.stdtrit(12, 0.9)) * 0.1
    expected = math.exp(-0.2 + max(own, math.hypot(own, of_choice) - 0.05))
    assert np.quantile(found.draws(), 0.9) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("found", [FIVE, CENSORED], ids=["paired", "censored"])
def test_a_rate_chosen_on_few_seeds_never_makes_a_candidate_look_faster(found):
    open_rate = replace(found, rivals=(CLOSE,))
    assert np.all(open_rate.draws() >= found.draws())
    assert open_rate.draws().mean() > found.draws().mean()
    assert np.array_equal(open_rate.draws_at_frozen_rates(), found.draws())
    assert open_rate.time_ratio == found.time_ratio
    assert np.array_equal(replace(found, rivals=(FAR,)).draws(), found.draws())


def test_up_to_the_middle_the_frozen_rate_is_the_hardest_to_beat():
    open_rate = replace(FIVE, rivals=(CLOSE,))
    below = FIVE.draws() < FIVE.time_ratio
    assert np.array_equal(open_rate.draws()[below], FIVE.draws()[below])


@pytest.mark.parametrize("found", [FIVE, CENSORED], ids=["paired", "censored"])
def test_what_all_seeds_would_leave_open_is_the_choice_of_the_rate_alone(found):
    left = replace(found, rivals=(CLOSE, FAR)).draws_after_all_seeds()
    of_choice = float(special.stdtrit(12, 0.9)) * 0.1
    assert np.quantile(left, 0.9) == pytest.approx(
        found.time_ratio * math.exp(of_choice - 0.05), rel=1e-3
    )
    assert np.median(left) == found.time_ratio


def test_pairs_that_agree_exactly_say_nothing_of_the_rate():
    sure = replace(FIVE, sd_log=0.0, rivals=(CLOSE,))
    assert np.quantile(sure.draws(), 0.99) > 1.1 * sure.time_ratio
