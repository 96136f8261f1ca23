"""Series of a known truth through the real API: every figure against one worked out by hand.

One epoch is 1,078 samples: 49 steps at batch 22 and 7 at batch 154. The pilot's device takes 1 ms
and 10 us a sample: 1.22 ms a step at 22, 2.54 ms at 154. Every run trains 20 epochs.

In production one training takes 100 h on 8 devices at batch 176, 22 a device, where a device is
half as fast as it can be. A sample then costs (22 + 22) / 176 = 1/4 at today's batch and
(22 + 154) / 1232 = 1/7 at seven times that, in the unit that drops out.
"""

import math
import statistics
from dataclasses import replace

import pytest
from scipy import optimize, stats

from tests.review.planted import (
    ASSUMPTIONS,
    INVESTMENT,
    PILOT_COST,
    PRODUCTION,
    RATIO,
    SAVED_PER_TRAINING,
    STEP_22_S,
    STEP_154_S,
    TODAY_COST,
    TRANSFER_SD,
    annuity,
    decided,
    measured,
    normal,
    of,
    on_this_computer,
    reviewed,
)
from tests.support.planted_worker import planted_curve


def test_steps_samples_and_times_to_the_target_are_the_planted_ones(api, exact):
    review = reviewed(api, exact)
    today, growing = of(review, "today")["measured"], of(review, "growing")["measured"]
    assert (today["reached"], today["runs"]) == (growing["reached"], growing["runs"]) == (5, 5)
    assert today["steps_to_target"] == pytest.approx(10 * 49)
    assert growing["steps_to_target"] == pytest.approx(4 * 49 + 6 * 7)
    assert today["samples_to_target"] == growing["samples_to_target"] == pytest.approx(10_780)
    assert today["mean_time_to_target_s"] == pytest.approx(490 * 0.00122)
    assert growing["mean_time_to_target_s"] == pytest.approx(196 * 0.00122 + 42 * 0.00254)
    ratio = of(review, "growing")["comparison"]["time_ratio"]
    assert ratio["mid"] == pytest.approx(0.3458 / 0.5978)
    assert review["fit"]["overhead_s"] == pytest.approx(1e-3)
    assert review["fit"]["samples_per_s"] == pytest.approx(1e5)


def test_the_production_training_keeps_the_shares_of_the_samples_at_their_batches(api, exact):
    review = reviewed(api, exact)
    case = of(review, "growing")["case"]
    assert case["time_ratio"] == pytest.approx(26 / 35)
    hours = 100 * (0.9 * 26 / 35 + 0.1)
    assert of(review, "today")["training"]["training_h"] == 100
    assert of(review, "today")["training"]["cost"]["amount"] == pytest.approx(2000)
    assert case["training"]["training_h"] == pytest.approx(hours)
    assert case["training"]["device_h"] == pytest.approx(8 * hours)
    assert case["training"]["cost"]["amount"] == pytest.approx(8 * hours * 2.5)


def test_the_pilot_costs_every_step_and_evaluation_of_every_run(api, exact):
    review = reviewed(api, exact)
    today_s = 980 * 0.00122 + 21 * 0.01
    growing_s = 196 * 0.00122 + 112 * 0.00254 + 21 * 0.01
    assert review["pilot_device_h"] == pytest.approx(5 * (today_s + growing_s) / 3600)
    assert review["pilot_cost"]["amount"] == pytest.approx(5 * (today_s + growing_s))


def test_the_investment_is_listed_line_by_line(api, exact):
    lines = of(reviewed(api, exact), "growing")["case"]["investment"]["lines"]
    assert {line["key"]: line["cost"]["amount"] for line in lines} == {
        "pilot_devices": pytest.approx(PILOT_COST),
        "pilot_people": 0,
        "adoption": 40 * 100,
        "retuning": pytest.approx(2 * 2000),
        "validation": pytest.approx(2000),
        "hardware": 0,
        "commitment_shortfall": 0,
    }
    assert all(line["counted"] for line in lines)


def test_a_saving_that_pays_back_in_time_is_adopted(api, exact):
    review = reviewed(api, exact)
    case = of(review, "growing")["case"]
    monthly = 10 * SAVED_PER_TRAINING
    assert case["value"]["device_hours"]["amount"] == pytest.approx(SAVED_PER_TRAINING)
    assert case["flows"]["amounts"] == pytest.approx([-INVESTMENT, *[monthly] * 24])
    assert case["payback"]["months"] == pytest.approx(INVESTMENT / monthly)
    assert case["npv"]["amount"] == pytest.approx(annuity(24) * monthly - INVESTMENT)
    assert case["roi_fraction"] == pytest.approx(24 * monthly / INVESTMENT - 1)
    lost = INVESTMENT / (10 * TODAY_COST * 0.9 * annuity(24))
    assert case["break_even"]["time_ratio"] == pytest.approx(1 - lost)
    late = INVESTMENT / (10 * TODAY_COST * 0.9 * 12)
    verdict = review["verdict"]
    in_time = normal(math.log((1 - late) / RATIO) / TRANSFER_SD)
    assert verdict["payback_in_time_probability"] == pytest.approx(in_time, abs=2e-3)
    assert verdict["required_probability"] == 0.8
    assert decided(review) == ("adopt", "pays_back")


def test_a_saving_that_never_returns_its_investment_is_not_adopted(api, exact):
    review = reviewed(api, exact, assumptions=ASSUMPTIONS | {"trainings_per_month": 0.5})
    case = of(review, "growing")["case"]
    monthly = 0.5 * SAVED_PER_TRAINING
    assert case["npv"]["amount"] == pytest.approx(annuity(24) * monthly - INVESTMENT)
    needed = INVESTMENT / (0.5 * TODAY_COST * 0.9 * annuity(24))
    positive = normal(math.log((1 - needed) / RATIO) / TRANSFER_SD)
    assert review["verdict"]["npv_positive_probability"] == pytest.approx(positive, abs=2e-3)
    assert decided(review) == ("do_not_adopt", "npv_negative")


def test_a_batch_that_saves_nothing_on_saturated_devices_never_pays_back(api, exact):
    saturated = PRODUCTION | {"half_saturation_batch_size_per_device": 0}
    once = ASSUMPTIONS | {"trainings_per_month": 1, "transfer_sd": 0}
    review = reviewed(api, exact, production=saturated, assumptions=once)
    case = of(review, "growing")["case"]
    assert case["time_ratio"] == pytest.approx(1)
    assert case["flows"]["amounts"][1:] == pytest.approx([0] * 24, abs=1e-9)
    assert case["payback"]["months"] is None
    assert case["npv"]["amount"] == pytest.approx(-INVESTMENT)
    assert (case["irr"]["monthly_fractions"], case["roi_fraction"]) == ([], pytest.approx(-1))
    assert review["verdict"]["payback"] == {
        "low_months": None,
        "mid_months": None,
        "high_months": None,
    }
    assert decided(review) == ("do_not_adopt", "npv_negative")


def test_a_saving_that_returns_after_the_limit_is_not_adopted_though_it_is_worth_it(api, exact):
    patient = ASSUMPTIONS | {"trainings_per_month": 1, "horizon_months": 60}
    review = reviewed(api, exact, assumptions=patient)
    case = of(review, "growing")["case"]
    assert case["payback"]["months"] == pytest.approx(INVESTMENT / SAVED_PER_TRAINING)
    assert case["npv"]["amount"] == pytest.approx(annuity(60) * SAVED_PER_TRAINING - INVESTMENT)
    assert case["payback"]["months"] > 12
    assert case["npv"]["amount"] > 0
    needed = INVESTMENT / (TODAY_COST * 0.9 * 12)
    in_time = normal(math.log((1 - needed) / RATIO) / TRANSFER_SD)
    verdict = review["verdict"]
    assert verdict["payback_in_time_probability"] == pytest.approx(in_time, abs=2e-3)
    assert decided(review) == ("do_not_adopt", "payback_too_late")


def test_where_only_an_assumption_is_open_it_is_named_instead_of_more_seeds(api, exact):
    open_question = ASSUMPTIONS | {
        "trainings_per_month": 1,
        "payback_limit_months": 24,
        "transfer_sd": 0,
        "ranges": {"trainings_per_month": {"low": 0.1, "high": 4}},
    }
    review = reviewed(api, exact, assumptions=open_question)
    needed = INVESTMENT / (SAVED_PER_TRAINING * annuity(24))
    p = (1 - 0.1) / (4 - 0.1)
    below = stats.beta.cdf((needed - 0.1) / (4 - 0.1), 1 + 4 * p, 5 - 4 * p)
    verdict = review["verdict"]
    assert verdict["npv_positive_probability"] == pytest.approx(1 - below, abs=2e-3)
    assert decided(review) == ("extend", "settle_assumption")
    assert verdict["settle"] == "trainings_per_month"


def test_ratios_that_seeds_leave_open_ask_for_more_seeds(api):
    spread, middle = 0.1, -0.02
    logs = [middle + spread * place for place in (-2, -1, 0, 1, 2)]
    epoch_today_s, epoch_large_s = 49 * STEP_22_S, 7 * STEP_154_S
    truth = {
        "today": [4.0] * 5,
        "large": [4 * epoch_today_s / epoch_large_s * math.exp(log) for log in logs],
    }
    without_evaluations = replace(planted_curve(), evaluation_s=0.0)
    review = on_this_computer(api, measured(api, truth, key="open", curve=without_evaluations))
    sd = spread * math.sqrt((4 + 1 + 0 + 1 + 4) / 4)
    of_means = middle + sd**2 / 2
    case = of(review, "large")["case"]
    assert case["time_ratio"] == pytest.approx(math.exp(of_means))
    assert of(review, "today")["training"]["cost"]["amount"] == pytest.approx(4 * epoch_today_s)
    saved = 4 * epoch_today_s * (1 - math.exp(of_means))
    assert case["npv"]["amount"] == pytest.approx(10 * saved * annuity(24))
    assert case["investment"]["lines"][0]["counted"] is False
    assert case["payback"]["months"] == 0

    def worse_by(probability):
        """The mean's distance by Student's t, the correction's by how far a variance may be off."""
        of_mean = stats.t.ppf(probability, df=4) * sd / math.sqrt(5)
        return math.hypot(of_mean, sd**2 / 2 * (4 / stats.chi2.ppf(1 - probability, df=4) - 1))

    faster = optimize.brentq(lambda p: of_means + worse_by(p), 0.51, 0.9)
    assert review["verdict"]["npv_positive_probability"] == pytest.approx(faster, abs=2e-3)
    assert decided(review) == ("extend", "more_seeds")
    measured_ratio = of(review, "large")["comparison"]["time_ratio"]
    half = stats.t.ppf(0.95, df=4) * sd / math.sqrt(5)
    assert measured_ratio["low"] == pytest.approx(math.exp(middle - half))
    assert measured_ratio["high"] == pytest.approx(math.exp(middle + half))


def test_a_faster_schedule_of_worse_quality_is_not_adopted(api):
    accuracy = {"today": [0.95] * 5, "large": [0.91, 0.93, 0.92, 0.91, 0.93]}
    truth = {"today": [10.0] * 5, "large": [10.0] * 5}
    review = reviewed(api, measured(api, truth, key="worse", accuracy=accuracy))
    differences = [-0.04, -0.02, -0.03, -0.04, -0.02]
    mean, sd = statistics.fmean(differences), statistics.stdev(differences)
    half = stats.t.ppf(0.95, df=4) * sd / math.sqrt(5)
    quality = of(review, "large")["comparison"]["quality"]
    assert quality["mid"] == pytest.approx(mean)
    assert quality["high"] == pytest.approx(mean + half)
    assert quality["high"] < -0.01
    assert of(review, "large")["case"]["npv"]["amount"] > 0
    assert decided(review) == ("do_not_adopt", "quality_inferior")


def test_four_of_five_successes_are_priced_by_success_and_claim_no_time_ratio(api):
    truth = {"today": [10.0] * 5, "large": [4.0, 4.0, 4.0, 4.0, None]}
    review = reviewed(api, measured(api, truth, key="four of five"))
    large = of(review, "large")
    assert (large["measured"]["reached"], large["measured"]["runs"]) == (4, 5)
    assert large["measured"]["time_to_target_s"] is None
    assert large["comparison"]["time_ratio"] is None
    epoch_s = 7 * STEP_154_S
    per_success = (4 * 4 * epoch_s + 20 * epoch_s) / 4
    assert large["comparison"]["cost_per_success_ratio"]["mid"] == pytest.approx(
        per_success / (10 * 49 * STEP_22_S)
    )
    in_production = ((4 * 4 + 20) / 7 / 4) / (10 / 4)
    assert large["case"]["time_ratio"] == pytest.approx(in_production)
    # of Beta(4.5, 1.5) the quantiles 0.2 and 0.8 are 0.61 and 0.90, on both sides of 1 - 0.2
    assert decided(review) == ("extend", "hit_rate_unresolved")


def test_one_of_five_successes_is_proven_too_rare(api):
    truth = {"today": [10.0] * 5, "large": [2.0, None, None, None, None]}
    review = reviewed(api, measured(api, truth, key="one of five"))
    assert of(review, "large")["measured"]["reached"] == 1
    assert of(review, "large")["measured"]["median_time_to_target_s"] is None
    # of Beta(1.5, 4.5) the quantile 0.8 is 0.39, below 1 - 0.2
    assert decided(review) == ("do_not_adopt", "hit_rate_low")


def test_a_candidate_that_never_arrives_is_not_adopted_and_has_no_price(api):
    truth = {"today": [10.0] * 5, "large": [None] * 5}
    review = reviewed(api, measured(api, truth, key="never"))
    large = of(review, "large")
    assert large["measured"]["reached"] == 0
    assert large["measured"]["restricted_mean_time_s"] == pytest.approx(980 * STEP_22_S)
    assert (large["case"], large["training"]) == (None, None)
    assert large["comparison"]["cost_per_success_ratio"] is None
    assert decided(review) == ("do_not_adopt", "never_reached")


def test_where_todays_schedule_never_arrives_nothing_can_be_decided(api):
    truth = {"today": [None] * 5, "large": [10.0] * 5}
    review = reviewed(api, measured(api, truth, key="baseline never"))
    assert of(review, "large")["case"] is None
    assert decided(review) == ("extend", "never_reached")


def test_a_pilot_without_confirmation_seeds_is_exploratory(api):
    truth = {"today": [10.0] * 5, "large": [5.0] * 5}
    seeds = {"confirmation": [], "selection": [1, 2, 3, 4, 5]}
    review = reviewed(api, measured(api, truth, key="exploratory", seeds=seeds))
    assert of(review, "large")["seeds_from"] == "selection"
    assert of(review, "large")["case"]["npv"]["amount"] > 0
    assert decided(review) == ("extend", "exploratory")


def test_hardware_of_unknown_speed_is_not_available_and_shows_no_money(api, exact):
    unknown = {"profile": "h100-sxm-runpod-secure", "device_count": 1}
    review = reviewed(api, exact, production=None, hardware=unknown)
    assert review["unavailable"] == "throughput_unknown"
    assert (review["today"], review["verdict"]["npv"]) == (None, None)
    for found in review["schedules"]:
        assert (found["training"], found["case"]) == (None, None)
    assert decided(review) == ("extend", "not_available")


def test_a_row_of_the_price_book_prices_the_production_training(api, exact):
    (row,) = [
        card for card in api.get("/api/prices").json() if card["id"] == "h100-sxm-runpod-secure"
    ]
    hourly = row["rent_per_gpu_hour"]["amount"]
    hardware = {"profile": "h100-sxm-runpod-secure", "device_count": 8}
    review = reviewed(api, exact, hardware=hardware)
    assert of(review, "today")["training"]["cost"]["amount"] == pytest.approx(100 * 8 * hourly)
    assert review["price"]["as_of"] == row["as_of"]
