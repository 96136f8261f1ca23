from dataclasses import replace

import pytest

from planner.economics.assumptions import Assumptions, Production
from planner.money import ExchangeRate, Money
from planner.refusal import Refusal
from planner.reviews.pace import Pace, in_reporting_currency, pace, training_today
from tests.support.known_pilot import (
    CURVE,
    GROWING,
    PLAN,
    STEPS_AT_22,
    T_22,
    T_154,
    TODAY,
    courses_of,
    known_pilot,
    races_of,
    records_of,
    this_computer,
    usd,
)
from tests.support.planted_worker import planted_curve

PILOT = known_pilot(schedules=[TODAY, GROWING])
RACES = races_of(
    PILOT,
    *records_of(PILOT, "today", [10.0, 10.0, 10.0, None, None]),
    *records_of(PILOT, "growing", [10.0] * 5),
)
TODAYS, GROWINGS = RACES[:5], RACES[5:]

EVALUATION_S = CURVE.evaluation_s

GROWING_S = 4 * 49 * T_22 + 6 * 7 * T_154
"""To epoch 10: four epochs of 49 steps at batch 22, six of 7 steps at batch 154."""

PRODUCTION = Production(
    training_h=100.0,
    device_count=8,
    batch_size=8 * 22,
    half_saturation_batch_size_per_device=22.0,
)


def the_pace(**changes):
    fields = {
        "pilot": PILOT,
        "laid_out": courses_of(PILOT),
        "plan": PLAN,
        "throughput": CURVE,
        "device_count": 1,
        "production": None,
    }
    return pace(RACES, **(fields | changes))


def seconds(found, races):
    assert isinstance(found, Pace)
    return [found.spent_s[race.run_id] for race in races]


def test_on_its_own_curve_a_race_takes_what_was_measured():
    found = the_pace()
    measured = [race.crossing.time_s for race in GROWINGS if race.crossing]
    assert seconds(found, GROWINGS) == pytest.approx(measured)
    assert seconds(found, GROWINGS) == pytest.approx([GROWING_S] * 5)


def test_a_race_without_crossing_takes_its_whole_plan():
    whole = 20 * STEPS_AT_22 * T_22
    assert seconds(the_pace(), TODAYS[3:]) == pytest.approx([whole, whole])


def test_on_another_curve_every_step_takes_what_that_curve_says():
    slower = planted_curve(overhead_s=2e-3, samples_per_s=2e5)
    expected = 4 * 49 * (2e-3 + 22 / 2e5) + 6 * 7 * (2e-3 + 154 / 2e5)
    assert seconds(the_pace(throughput=slower), GROWINGS) == pytest.approx([expected] * 5)


def test_the_horizon_is_the_longest_plan_on_that_hardware():
    found = the_pace()
    assert isinstance(found, Pace)
    assert found.budget_s == pytest.approx(980 * T_22)


def test_hardware_whose_speed_nobody_measured_gives_no_time():
    assert the_pace(throughput=None) == "throughput_unknown"


def test_several_devices_give_no_time_without_a_production_that_they_train():
    assert the_pace(device_count=8) == "several_devices_without_production"


def test_production_keeps_each_stages_share_of_samples_and_its_batch_relative_to_todays():
    found = the_pace(throughput=None, production=PRODUCTION, device_count=8)
    per_sample_22 = (22 + 22) / (8 * 22)
    per_sample_154 = (22 + 154) / (8 * 154)
    today = 10 * 1078 * per_sample_22
    growing = 1078 * (4 * per_sample_22 + 6 * per_sample_154)
    assert seconds(found, TODAYS[:3]) == pytest.approx([today] * 3)
    assert seconds(found, GROWINGS) == pytest.approx([growing] * 5)
    assert growing / today == pytest.approx(26 / 35)


def test_a_crossing_inside_a_step_counts_its_share_of_the_samples():
    records = records_of(PILOT, "growing", [10.5] * 5)
    laid_out = courses_of(PILOT)
    found = pace(
        races_of(PILOT, *records),
        pilot=PILOT,
        laid_out=laid_out,
        plan=PLAN,
        throughput=None,
        device_count=8,
        production=PRODUCTION,
    )
    assert isinstance(found, Pace)
    # 6.5 of the epochs at batch 154 are 45.5 steps
    growing = 1078 * (4 * (22 + 22) / (8 * 22) + 6.5 * (22 + 154) / (8 * 154))
    assert list(found.spent_s.values()) == pytest.approx([growing] * 5)


def test_a_saturated_production_gains_nothing_from_a_larger_batch():
    saturated = replace(PRODUCTION, half_saturation_batch_size_per_device=0.0)
    found = the_pace(throughput=None, production=saturated)
    assert seconds(found, GROWINGS) == pytest.approx(seconds(found, TODAYS[:3])[:1] * 5)


def test_production_on_hardware_that_was_measured_takes_its_half_saturation_batch_from_there():
    measured = replace(PRODUCTION, half_saturation_batch_size_per_device=None)
    found = the_pace(production=measured)
    half = 1e-3 * 1e5
    growing = 4 * (half + 22) / 22 + 6 * (half + 154) / 154
    today = 10 * (half + 22) / 22
    ratio = seconds(found, GROWINGS)[0] / seconds(found, TODAYS)[0]
    assert ratio == pytest.approx(growing / today)


def test_production_of_unknown_speed_gives_no_time():
    unknown = replace(PRODUCTION, half_saturation_batch_size_per_device=None)
    assert the_pace(throughput=None, production=unknown) == "throughput_unknown"


def training(races, reached, *, production=None, **assumptions):
    return training_today(
        races,
        reached,
        the_pace(production=production),
        hardware=this_computer(2.0),
        production=production,
        assumptions=Assumptions(**assumptions),
    )


def test_todays_training_is_the_production_that_the_team_states():
    found = training(TODAYS, 3, production=replace(PRODUCTION, overhead_fraction=0.05))
    assert (found.training_h, found.device_count, found.overhead_fraction) == (100.0, 8, 0.05)
    assert found.cost_today == usd(100 * 8 * 2.0)


def test_without_production_todays_training_is_the_mean_of_the_pilots_baseline():
    found = training(TODAYS[:3], 3)
    expected_s = 10 * STEPS_AT_22 * T_22 + 11 * EVALUATION_S
    assert found.training_h == pytest.approx(expected_s / 3600)
    assert (found.device_count, found.overhead_fraction) == (1, 0.0)


def test_where_some_runs_never_arrive_todays_training_is_the_time_of_all_for_each_success():
    found = training(TODAYS, 3)
    epochs = (10 + 10 + 10 + 20 + 20) / 3
    evaluations = (11 + 11 + 11 + 21 + 21) / 3
    expected_s = epochs * STEPS_AT_22 * T_22 + evaluations * EVALUATION_S
    assert found.training_h == pytest.approx(expected_s / 3600)


def test_a_race_is_evaluated_at_its_start_after_every_epoch_and_where_it_crosses():
    found = the_pace()
    assert isinstance(found, Pace)
    evaluations = [found.evaluated_s[race.run_id] / EVALUATION_S for race in TODAYS]
    assert evaluations == pytest.approx([11, 11, 11, 21, 21])
    assert found.held_s(GROWINGS[0]) == pytest.approx(GROWING_S + 11 * EVALUATION_S)


def test_an_evaluation_takes_what_it_takes_on_that_hardware():
    slower = replace(CURVE, evaluation_s=3 * EVALUATION_S)
    found = the_pace(throughput=slower)
    assert isinstance(found, Pace)
    assert found.evaluated_s[TODAYS[0].run_id] == pytest.approx(11 * 3 * EVALUATION_S)


def test_the_evaluations_of_a_production_training_are_in_its_overhead():
    found = the_pace(throughput=None, production=PRODUCTION, device_count=8)
    assert isinstance(found, Pace)
    assert set(found.evaluated_s.values()) == {0.0}


def test_a_run_that_was_over_at_its_very_start_trained_nothing_and_costs_nothing():
    races = races_of(PILOT, *records_of(PILOT, "today", [0.0] * 5))
    found = pace(
        races,
        pilot=PILOT,
        laid_out=courses_of(PILOT),
        plan=PLAN,
        throughput=CURVE,
        device_count=1,
        production=None,
    )
    assert isinstance(found, Pace)
    assert [found.held_s(race) for race in races] == [0] * 5


YEN_A_DOLLAR = ExchangeRate(base="USD", quote="JPY", rate=150.0, as_of="2026-11-24")


def test_a_price_is_exchanged_at_the_stated_rate():
    assumed = Assumptions(currency="JPY", exchange_rates=(YEN_A_DOLLAR,))
    assert in_reporting_currency(usd(2.5), assumed) == Money(amount=2.5 * 150, currency="JPY")


def test_a_price_of_nothing_needs_no_exchange_rate():
    found = in_reporting_currency(usd(0.0), Assumptions(currency="JPY"))
    assert found == Money(amount=0.0, currency="JPY")


def test_a_missing_exchange_rate_is_refused_where_it_is_entered():
    with pytest.raises(Refusal) as refused:
        in_reporting_currency(usd(2.5), Assumptions(currency="JPY"))
    assert refused.value.field == "assumptions.exchange_rates"
    assert refused.value.code == "exchange_rate_missing"
    assert refused.value.params == {"base": "USD", "quote": "JPY"}
