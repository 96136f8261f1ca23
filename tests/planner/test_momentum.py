import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.momentum import Momentum, effective_rate, momentum_change
from planner.refusal import Refusal

betas = st.floats(0, 0.99)


@pytest.mark.parametrize(
    ("form", "expected"),
    [("heavy_ball", 0.1 / (1 - 0.9)), ("nesterov", 0.1 / (1 - 0.9)), ("normalised", 0.1)],
)
def test_a_tenth_at_beta_nine_tenths_is_effectively_one_in_pytorchs_forms(form, expected):
    assert effective_rate(form, rate=0.1, beta=0.9) == pytest.approx(expected)


def test_raising_beta_to_nineteen_twentieths_halves_the_rate_and_doubles_the_buffer():
    change = momentum_change("heavy_ball", old=Momentum(value=0.9), new=Momentum(value=0.95))
    assert change.rate_factor == pytest.approx(0.5)
    assert change.buffer_factor == pytest.approx(2.0)


def test_the_normalised_form_needs_no_conversion():
    change = momentum_change("normalised", old=Momentum(value=0.9), new=Momentum(value=0.95))
    assert (change.rate_factor, change.buffer_factor) == (1.0, 1.0)


@given(betas, betas, st.floats(1e-4, 10))
def test_a_change_of_beta_keeps_the_effective_rate(old, new, rate):
    change = momentum_change("heavy_ball", old=Momentum(value=old), new=Momentum(value=new))
    before = effective_rate("heavy_ball", rate=rate, beta=old)
    after = effective_rate("heavy_ball", rate=rate * change.rate_factor, beta=new)
    assert after == pytest.approx(before)


@pytest.mark.parametrize("value", [-0.1, 1.0, math.nan])
def test_a_beta_outside_its_range_is_refused(value):
    with pytest.raises(Refusal) as refusal:
        Momentum(value=value)
    assert (refusal.value.field, refusal.value.code) == ("value", "momentum_out_of_range")
