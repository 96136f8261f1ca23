import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.economics.assumptions import LIMITS, Assumptions, Production, Range
from planner.economics.correlations import Correlations
from planner.refusal import Refusal


def a_production(**changes) -> Production:
    return Production(**{"training_h": 12.0, "device_count": 8, "batch_size": 256, **changes})


def refused(build, **fields) -> tuple[str, str]:
    with pytest.raises(Refusal) as refusal:
        build(**fields)
    return refusal.value.field, refusal.value.code


def test_the_defaults_are_accepted():
    assert Assumptions().ranges == {}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("currency", "dollars", "currency_unknown"),
        ("trainings_per_month", -1.0, "negative"),
        ("trainings_per_month", math.nan, "not_finite"),
        ("realisation_fraction", 30.0, "out_of_range"),
        ("discount_rate_per_year", 8.0, "out_of_range"),
        ("device_use", "borrowed", "choice_unknown"),
        ("horizon_months", 0, "out_of_range"),
        ("horizon_months", 241, "out_of_range"),
        ("ramp_months", -1, "out_of_range"),
        ("payback_limit_months", 0.0, "not_positive"),
        ("payback_limit_months", math.nan, "not_finite"),
        ("confidence", 0.4, "out_of_range"),
        ("confidence", 1.0, "out_of_range"),
        ("transfer_sd", math.nan, "out_of_range"),
        ("tax_fraction", 1.0, "out_of_range"),
        ("depreciation", "sum_of_digits", "choice_unknown"),
        ("useful_life_years", 6, "useful_life_unknown"),
    ],
)
def test_a_nonsense_assumption_is_refused_at_its_field(field, value, code):
    assert refused(Assumptions, **{field: value}) == (field, code)


def test_a_range_names_an_assumption_that_can_be_uncertain():
    ranges = {"trainings_per_month": Range(low=10, high=40)}
    assert Assumptions(trainings_per_month=20, ranges=ranges).ranges == ranges
    for name in ("currency", "device_use", "horizon_months", "made_up"):
        found = refused(Assumptions, ranges={name: Range(low=0, high=1)})
        assert found == (f"ranges.{name}", "range_not_offered")


def test_a_range_contains_its_most_likely_value():
    found = refused(
        Assumptions,
        trainings_per_month=50,
        ranges={"trainings_per_month": Range(low=10, high=40)},
    )
    assert found == ("ranges.trainings_per_month", "mode_outside_range")


def test_a_range_stays_inside_what_its_assumption_allows():
    ranges = {"attention_fraction": Range(low=0, high=1.5)}
    assert refused(Assumptions, ranges=ranges) == ("ranges.attention_fraction", "out_of_range")


def test_only_what_can_be_uncertain_can_be_correlated():
    alone = Correlations(names=("horizon_months",), matrix=((1.0,),))
    found = refused(Assumptions, correlations=alone)
    assert found == ("correlations.names[0]", "range_not_offered")


def test_a_reversed_range_is_refused():
    assert refused(Range, low=2, high=1) == ("high", "range_reversed")
    assert refused(Range, low=math.nan, high=1) == ("low", "not_finite")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("training_h", 0.0, "not_positive"),
        ("device_count", 0, "below_minimum"),
        ("batch_size", 7, "batch_below_devices"),
        ("half_saturation_batch_size_per_device", -1.0, "negative"),
        ("maximum_batch_size_per_device", 0, "below_minimum"),
        ("overhead_fraction", 1.0, "out_of_range"),
        ("overhead_fraction", math.nan, "out_of_range"),
    ],
)
def test_a_nonsense_production_is_refused_at_its_field(field, value, code):
    assert refused(a_production, **{field: value}) == (field, code)


@given(st.sampled_from(sorted(LIMITS)), st.floats(max_value=-1e-9, allow_nan=False))
def test_no_assumption_of_the_money_model_is_negative(name, value):
    field, _ = refused(Assumptions, **{name: value})
    assert field == name
