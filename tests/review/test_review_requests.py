"""Reviews asked for again: what a price, an assumption or a currency may change, and what not."""

import copy

import pytest

from tests.review.planted import (
    ASSUMPTIONS,
    EIGHT_AT_2_50,
    INVESTMENT,
    PILOT_COST,
    PRODUCTION,
    SAVED_PER_TRAINING,
    TODAY_COST,
    annuity,
    asked,
    decided,
    of,
    reviewed,
)
from tests.support.installation import problem


def without_money(review):
    """The review less everything that a price may move; what is left was measured or planned."""
    left = copy.deepcopy(review)
    for name in ("price", "pilot_cost", "pilot_rate_per_device_h", "today", "verdict", "next_step"):
        left.pop(name)
    for found in left["schedules"]:
        found.pop("pilot_cost")
        found.pop("verdict")
        found.pop("charts")
        found["training"].pop("cost")
        case = found.pop("case")
        if case is not None:
            names = ("time_ratio", "time_ratio_low", "time_ratio_high")
            found["case"] = {name: case[name] for name in names}
    of_money = ("payback", "time_against_cost", "convergence_by_money")
    left["charts"] = [chart for chart in left["charts"] if chart["key"] not in of_money]
    for found in left["provenances"]:
        found["ingredients"] = [
            ingredient for ingredient in found["ingredients"] if ingredient["unit"] != "money"
        ]
    return left


def test_another_price_moves_the_money_and_not_one_measured_number(api, exact):
    cheap = reviewed(api, exact)
    tenfold = EIGHT_AT_2_50 | {"rent_per_gpu_hour": {"amount": 25, "currency": "USD"}}
    dear = reviewed(api, exact, hardware=tenfold)
    assert without_money(cheap) == without_money(dear)
    outlay = PILOT_COST + 40 * 100 + 3 * 10 * TODAY_COST
    assert of(dear, "growing")["case"]["npv"]["amount"] == pytest.approx(
        annuity(24) * 10 * 10 * SAVED_PER_TRAINING - outlay
    )


def test_other_assumptions_and_another_production_leave_what_was_measured(api, exact):
    base = reviewed(api, exact)
    other = reviewed(
        api,
        exact,
        production=PRODUCTION | {"training_h": 7, "half_saturation_batch_size_per_device": 300},
        assumptions=ASSUMPTIONS | {"trainings_per_month": 3, "discount_rate_per_year": 0.2},
    )
    assert base["races"] == other["races"]
    for ours, theirs in zip(base["schedules"], other["schedules"], strict=True):
        for name in ("measured", "comparison", "work", "pilot_device_h"):
            assert ours[name] == theirs[name]


def test_a_review_in_yen_is_the_one_in_dollars_at_the_stated_rate(api, exact):
    rate = {"base": "USD", "quote": "JPY", "rate": 150, "as_of": "2026-11-24"}
    yen = ASSUMPTIONS | {
        "currency": "JPY",
        "engineer_rate_per_h": 100 * 150,
        "exchange_rates": [rate],
    }
    review = reviewed(api, exact, assumptions=yen)
    case = of(review, "growing")["case"]
    in_dollars = annuity(24) * 10 * SAVED_PER_TRAINING - INVESTMENT
    assert case["npv"] == {"amount": pytest.approx(150 * in_dollars), "currency": "JPY"}
    assert review["pilot_cost"] == {"amount": pytest.approx(150 * PILOT_COST), "currency": "JPY"}
    assert without_money(review)["races"] == reviewed(api, exact)["races"]
    assert decided(review) == ("adopt", "pays_back")


def test_a_missing_exchange_rate_is_refused_at_its_field(api, exact):
    answer = asked(api, exact, assumptions=ASSUMPTIONS | {"currency": "JPY"})
    assert problem(answer) == (422, "exchange_rate_missing", "assumptions.exchange_rates")


def test_a_price_in_the_reviews_own_currency_needs_no_exchange_rate(api, exact):
    in_yen = EIGHT_AT_2_50 | {"rent_per_gpu_hour": {"amount": 400, "currency": "JPY"}}
    review = reviewed(
        api,
        exact,
        hardware=in_yen,
        assumptions=ASSUMPTIONS | {"currency": "JPY"},
        pilot_rate_per_device_h=None,
    )
    cost = of(review, "today")["training"]["cost"]
    assert cost == {"amount": pytest.approx(100 * 8 * 400), "currency": "JPY"}


def test_hardware_and_production_of_different_sizes_are_refused(api, exact):
    answer = asked(api, exact, hardware=EIGHT_AT_2_50 | {"device_count": 4})
    assert problem(answer) == (422, "device_counts_differ", "hardware.device_count")


def brought(api, pilot_id):
    """The measurements of a stored pilot, as somebody would bring them along."""
    state = api.get(f"/api/pilots/{pilot_id}").json()
    return {
        "pilot": state["pilot"],
        "records": api.get(f"/api/pilots/{pilot_id}/records").json(),
        "throughput": state["throughput"],
        "micro_batch_plan": state["micro_batch_plan"],
        "selection": None,
    }


def test_measurements_that_are_brought_along_give_the_review_of_the_stored_pilot(api, exact):
    stored = reviewed(api, exact)
    assert reviewed(api, None, evidence=brought(api, exact)) == stored


def test_measurements_beyond_the_end_of_a_run_are_refused_at_their_record(api, exact):
    evidence = brought(api, exact)
    evidence["records"][3]["attempts"][0]["to_step"] = 981
    answer = asked(api, None, evidence=evidence)
    assert problem(answer) == (422, "measured_beyond_plan", "evidence.records[3]")
    evidence["records"][3]["run"]["schedule"] = "unheard of"
    answer = asked(api, None, evidence=evidence)
    where = "evidence.records[3].run.schedule"
    assert problem(answer) == (422, "schedule_not_in_pilot", where)


def test_a_look_beyond_those_that_were_planned_is_refused(api, exact):
    evidence = brought(api, exact)
    planned = evidence["pilot"]["looks"]
    assert reviewed(api, None, evidence=evidence, look=planned)["verdict"]["look"] == planned
    answer = asked(api, None, evidence=evidence, look=planned + 1)
    assert problem(answer) == (422, "looks_out_of_range", "look")
