import math

import pytest

from planner.economics.energy import Facility
from planner.money import Money
from planner.refusal import Refusal


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"pue": 0.9}, "pue", "below_minimum"),
        ({"pue": math.nan}, "pue", "below_minimum"),
        ({"grid_kg_per_kwh": -0.1}, "grid_kg_per_kwh", "negative"),
        ({"as_of": "yesterday"}, "as_of", "day_unreadable"),
        (
            {"energy_price_per_kwh": Money(amount=-1, currency="USD")},
            "energy_price_per_kwh.amount",
            "negative",
        ),
        ({"load_fraction": 0.0}, "load_fraction", "out_of_range"),
        ({"load_fraction": 70.0}, "load_fraction", "out_of_range"),
    ],
)
def test_nonsense_about_the_facility_is_refused_at_its_field(wrong, field, code):
    right = {"pue": 1.3, "grid_kg_per_kwh": 0.4, "as_of": "2026-11-24"}
    with pytest.raises(Refusal) as caught:
        Facility(**{**right, **wrong})
    assert (caught.value.field, caught.value.code) == (field, code)
