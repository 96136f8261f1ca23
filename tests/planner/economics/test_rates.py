import math

import pytest

from planner.economics.rates import HardwareProfile, RateCard
from planner.money import Money
from planner.refusal import Refusal


def a_rate_card(**changes) -> RateCard:
    fields = {
        "id": "h100-somewhere",
        "device": "H100 SXM",
        "vendor": "Somewhere",
        "kind": "on_demand",
        "rent_per_gpu_hour": Money(amount=2.69, currency="USD"),
        "board_w": 700.0,
        "as_of": "2025-10-01",
    }
    return RateCard(**{**fields, **changes})


def test_a_price_may_be_zero_and_undated_for_own_hardware():
    card = a_rate_card(rent_per_gpu_hour=Money(amount=0, currency="JPY"), as_of=None, board_w=None)
    assert card.as_of is None


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id", " ", "empty"),
        ("device", "", "empty"),
        ("rent_per_gpu_hour", Money(amount=-1, currency="USD"), "negative"),
        ("board_w", 0.0, "not_positive"),
        ("board_w", math.nan, "not_finite"),
        ("as_of", "03/10/2025", "day_unreadable"),
    ],
)
def test_a_nonsense_rate_card_is_refused_at_its_field(field, value, code):
    with pytest.raises(Refusal) as refusal:
        a_rate_card(**{field: value})
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_profile_without_devices_is_refused():
    with pytest.raises(Refusal) as refusal:
        HardwareProfile(rate_card=a_rate_card(), device_count=0)
    assert (refusal.value.field, refusal.value.code) == ("device_count", "below_minimum")
