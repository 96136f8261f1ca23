from dataclasses import fields, replace

import pytest

from planner.economics.assumptions import Production
from planner.pilots.run import PROBE
from planner.reviews.review import make_review
from tests.support.known_pilot import (
    EPOCHS,
    EVALUATION_S,
    GROWING,
    LARGE,
    STEPS_AT_22,
    STEPS_AT_154,
    T_22,
    T_154,
    TODAY,
    known_pilot,
    records_of,
    review_input,
    this_computer,
    usd,
)
from tests.support.known_sweep import AT_EPOCH, FROZEN, a_swept_pilot, a_swept_review, sweep_of

PILOT = known_pilot()
RECORDS = (
    *records_of(PILOT, "today", [9.5, 10.0, 10.5, 11.0, 9.0]),
    *records_of(PILOT, "large", [12.0, 12.5, 12.2, 13.0, 11.0]),
)
GIVEN = review_input(PILOT, RECORDS)

PRODUCTION = Production(
    training_h=12.0,
    device_count=8,
    batch_size=176,
    half_saturation_batch_size_per_device=64.0,
    overhead_fraction=0.05,
)


def of_schedule(review, name):
    return next(found for found in review.schedules if found.schedule == name)


def chart_of(review, key):
    return next((chart for chart in review.charts if chart.key == key), None)


def fields_but(value, *left_out):
    return {
        field.name: getattr(value, field.name)
        for field in fields(value)
        if field.name not in left_out
    }


def measured_ingredients(review):
    return [
        (found.schedule, found.number, ingredient)
        for found in review.provenances
        for ingredient in found.ingredients
        if ingredient.origin == "measured"
    ]


PRICED_OF_REVIEW = (
    *("price", "pilot_cost", "pilot_rate_per_device_h", "today", "verdict"),
    *("next_step", "schedules", "charts", "provenances"),
)
PRICED_OF_SCHEDULE = ("pilot_cost", "training", "case", "verdict", "charts")


def test_a_price_changes_money_and_not_one_measured_number():
    cheap = make_review(GIVEN)
    dear = make_review(
        replace(
            GIVEN,
            hardware=this_computer(36_000.0),
            pilot_rate=this_computer(7.0).rate_card,
        )
    )
    assert fields_but(cheap, *PRICED_OF_REVIEW) == fields_but(dear, *PRICED_OF_REVIEW)
    assert measured_ingredients(cheap) == measured_ingredients(dear)
    for one, other in zip(cheap.schedules, dear.schedules, strict=True):
        assert fields_but(one, *PRICED_OF_SCHEDULE) == fields_but(other, *PRICED_OF_SCHEDULE)
        assert fields_but(one.training, "cost") == fields_but(other.training, "cost")
        assert other.training.cost.amount == pytest.approx(10 * one.training.cost.amount)
        assert other.pilot_cost == usd(7.0) * one.pilot_device_h
    ratios = [
        (case.time_ratio, case.time_ratio_low, case.time_ratio_high)
        for case in (of_schedule(cheap, "large").case, of_schedule(dear, "large").case)
        if case is not None
    ]
    assert ratios[0] == ratios[1]
    of_money = ("payback", "time_against_cost", "convergence_by_money")
    kept = [[c for c in review.charts if c.key not in of_money] for review in (cheap, dear)]
    assert {chart.key for chart in kept[0]} >= {"convergence", "convergence_by_step"}
    assert kept[0] == kept[1]


def test_an_assumption_changes_no_measured_number_either():
    other = replace(
        PILOT.assumptions, trainings_per_month=7.0, engineer_rate_per_h=90.0, horizon_months=60
    )
    one, another = make_review(GIVEN), make_review(replace(GIVEN, assumptions=other))
    apart = (*PRICED_OF_REVIEW, "assumptions")
    assert fields_but(one, *apart) == fields_but(another, *apart)
    for ours, theirs in zip(one.schedules, another.schedules, strict=True):
        assert ours.measured == theirs.measured
        assert ours.comparison == theirs.comparison


def test_the_same_input_gives_the_same_review():
    assert make_review(GIVEN) == make_review(review_input(known_pilot(), RECORDS))


def test_the_baseline_is_compared_with_nothing():
    today = of_schedule(make_review(GIVEN), "today")
    assert (today.comparison, today.case, today.verdict) == (None, None, None)
    assert today.training is not None
    evaluations = (1 + 10 + 1 + 10 + 1 + 11 + 1 + 11 + 1 + 9) / 5
    expected_s = 10 * STEPS_AT_22 * T_22 + evaluations * EVALUATION_S
    assert today.training.training_h == pytest.approx(expected_s / 3600)


def test_a_candidate_is_priced_by_the_ratio_of_mean_times():
    review = make_review(GIVEN)
    large = of_schedule(review, "large")
    assert review.today is not None
    assert large.case is not None
    hours = review.today.training_h * large.case.time_ratio
    assert large.training == large.case.training
    assert large.training.training_h == pytest.approx(hours)
    assert large.training.cost == usd(3600.0) * large.training.device_h


def test_a_confirmed_pilot_is_never_called_exploratory():
    review = make_review(GIVEN)
    assert [reviewed.seeds_from for reviewed in review.schedules] == ["confirmation"] * 2
    assert review.verdict.reason != "exploratory"


def test_a_pilot_stopped_before_its_selection_is_open_because_of_that():
    pilot = a_swept_pilot()
    review = make_review(review_input(pilot, sweep_of(pilot, AT_EPOCH)))
    assert {found.seeds_from for found in review.schedules} == {"selection"}
    assert (review.verdict.kind, review.verdict.reason) == ("extend", "selection_unfinished")


def test_a_pilot_without_confirmation_seeds_stays_exploratory_to_its_end():
    pilot = a_swept_pilot(seeds={"confirmation": [], "selection": [1, 2, 3]})
    review = make_review(review_input(pilot, sweep_of(pilot, AT_EPOCH), selection=FROZEN))
    assert (review.verdict.kind, review.verdict.reason) == ("extend", "exploratory")


def test_the_verdict_is_about_a_confirmed_candidate_even_where_another_looks_better():
    review = a_swept_review()
    growing, large = of_schedule(review, "growing"), of_schedule(review, "large")
    assert (growing.seeds_from, large.seeds_from) == ("selection", "confirmation")
    assert growing.measured.epochs_to_target < large.measured.epochs_to_target
    assert review.verdict.schedule == "large"


def test_a_confirmed_candidate_is_decided_on_before_one_that_is_not_even_without_money():
    pilot = a_swept_pilot(schedules=[TODAY, GROWING, LARGE])
    review = a_swept_review(pilot, hardware=this_computer(curve=None))
    assert [found.case for found in review.schedules] == [None] * 3
    assert review.verdict.schedule == "large"


def test_of_two_confirmed_candidates_the_one_that_is_worth_more_is_decided_on():
    pilot = known_pilot(schedules=[TODAY, GROWING, LARGE])
    at_epochs = {"today": [10.0] * 5, "growing": [10.0] * 5, "large": [10.0] * 5}
    records = [run for name, epochs in at_epochs.items() for run in records_of(pilot, name, epochs)]
    review = make_review(review_input(pilot, records))
    worth = {name: of_schedule(review, name).case.npv.amount for name in ("growing", "large")}
    assert worth["large"] > worth["growing"]
    assert review.verdict.schedule == "large"
    assert review.verdict.required_probability == pytest.approx(1 - (1 - 0.8) / 2)


def test_a_best_rate_at_the_edge_of_the_grid_is_marked():
    review = a_swept_review()
    assert [found.rate_at_edge for found in review.schedules] == [True] * 3
    inside = replace(FROZEN, selected=dict.fromkeys(AT_EPOCH, 1.0))
    unmarked = a_swept_review(selection=inside)
    assert [found.rate_at_edge for found in unmarked.schedules] == [False] * 3


def test_without_a_sweep_no_rate_is_at_an_edge():
    assert [found.rate_at_edge for found in make_review(GIVEN).schedules] == [False] * 2


def test_the_cost_of_the_pilot_holds_every_run_the_sweep_included():
    review = a_swept_review(pilot_rate=this_computer(10.0).rate_card)
    evaluations_s = (EPOCHS + 1) * EVALUATION_S
    today_s = EPOCHS * STEPS_AT_22 * T_22 + evaluations_s
    large_s = EPOCHS * STEPS_AT_154 * T_154 + evaluations_s
    growing_s = 4 * STEPS_AT_22 * T_22 + 16 * STEPS_AT_154 * T_154 + evaluations_s
    sweep, confirmation = 3 * 3, 3
    total_s = (sweep + confirmation) * (today_s + large_s) + sweep * growing_s
    assert review.pilot_device_h == pytest.approx(total_s / 3600)
    assert review.pilot_cost == usd(10.0) * review.pilot_device_h
    assert sum(found.pilot_device_h for found in review.schedules) == pytest.approx(total_s / 3600)


def assert_no_money(review):
    for found in review.schedules:
        assert (found.training, found.case) == (None, None)
    assert review.today is None
    assert (review.verdict.npv, review.verdict.payback) == (None, None)
    assert review.verdict.npv_positive_probability is None
    assert review.verdict.payback_in_time_probability is None
    assert chart_of(review, "payback") is None
    assert chart_of(review, "time_against_cost") is None


def test_hardware_of_unknown_speed_without_production_gives_no_money_number():
    review = make_review(replace(GIVEN, hardware=this_computer(3.0, curve=None)))
    assert review.unavailable == "throughput_unknown"
    assert_no_money(review)
    assert (review.verdict.kind, review.verdict.reason) == ("extend", "not_available")
    priced = make_review(GIVEN)
    assert [found.measured for found in review.schedules] == [
        found.measured for found in priced.schedules
    ]


def test_several_devices_without_production_give_no_money_number():
    review = make_review(replace(GIVEN, hardware=this_computer(3.0, device_count=8)))
    assert review.unavailable == "several_devices_without_production"
    assert_no_money(review)


def test_a_production_of_stated_speed_needs_no_curve_of_its_hardware():
    hardware = this_computer(3.0, curve=None, device_count=8)
    review = make_review(replace(GIVEN, hardware=hardware, production=PRODUCTION))
    assert review.unavailable is None
    assert review.device_count == 8
    today = of_schedule(review, "today").training
    assert (today.training_h, today.device_h, today.cost) == (12.0, 96.0, usd(288.0))


def test_two_pairs_give_no_money_number():
    few = [record for record in RECORDS if record.run.seed in (11, 12)]
    review = make_review(replace(GIVEN, records=tuple(few)))
    large = of_schedule(review, "large")
    assert (large.case, large.training) == (None, None)
    assert (review.verdict.kind, review.verdict.reason) == ("extend", "more_seeds")


def test_runs_that_have_not_ended_are_in_no_figure_but_on_the_bill():
    waiting = tuple(
        replace(record, status="running") if record.run.seed == 15 else record for record in RECORDS
    )
    review = make_review(replace(GIVEN, records=waiting))
    assert [found.measured.runs for found in review.schedules] == [4, 4]
    assert [found.complete for found in review.schedules] == [False, False]
    assert review.verdict.kind != "adopt"
    assert review.pilot_device_h == make_review(GIVEN).pilot_device_h


def test_a_probe_is_in_no_figure():
    probe = replace(RECORDS[0], run_id="probe", run=PROBE)
    with_probe = make_review(replace(GIVEN, records=(probe, *RECORDS)))
    assert with_probe == make_review(GIVEN)


@pytest.mark.parametrize("production", [None, PRODUCTION])
@pytest.mark.parametrize("ended", [(), RECORDS[:5], RECORDS[5:]])
def test_a_schedule_without_an_ended_run_can_be_reviewed(production, ended):
    review = make_review(replace(GIVEN, records=ended, production=production))
    assert (review.verdict.kind, review.verdict.reason) == ("extend", "more_seeds")


@pytest.mark.parametrize("production", [None, PRODUCTION])
@pytest.mark.parametrize("large", [[0.0] * 5, [0.0, None, 2.0, 3.0, 4.0]])
@pytest.mark.parametrize("today", [[0.0] * 5, [9.5, 10.0, 10.5, 11.0, 9.0]])
def test_runs_that_hold_the_target_from_the_start_are_reviewed_without_a_ratio(
    today, large, production
):
    records = (*records_of(PILOT, "today", today), *records_of(PILOT, "large", large))
    review = make_review(replace(GIVEN, records=records, production=production))
    assert of_schedule(review, "large").case is None
    assert review.verdict.kind == "extend"


def test_seeds_that_only_one_schedule_has_ended_ask_for_more_seeds():
    apart = (*RECORDS[:3], *RECORDS[7:])
    review = make_review(replace(GIVEN, records=apart))
    assert [found.measured.runs for found in review.schedules] == [3, 3]
    assert (review.verdict.kind, review.verdict.reason) == ("extend", "more_seeds")
