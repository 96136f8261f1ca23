import math

import pytest

from planner.economics.ownership import OwnedDevice, Ownership
from planner.economics.rates import HardwareProfile, RateCard, SpotTerms
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


SPOT = SpotTerms(interruptions_per_device_h=0.05, checkpoint_interval_h=0.5, restart_h=0.1)


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


OWNED = Ownership(
    case="already_bought",
    device=OwnedDevice(
        purchase=usd(300_000),
        residual=usd(30_000),
        life_years=5,
        use_fraction=0.6,
        maintenance_per_year=usd(24_000),
        use_w=700.0,
        idle_w=0.0,
        pue=1.3,
        energy_price_per_kwh=usd(0.20),
    ),
)


def test_a_spot_price_knows_how_often_its_devices_are_taken_away():
    assert a_rate_card(kind="spot", spot=SPOT).spot == SPOT
    assert a_rate_card(kind="spot").spot is None


def test_an_owned_price_knows_what_it_follows_from():
    assert a_rate_card(kind="owned", ownership=OWNED).ownership == OWNED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("interruptions_per_device_h", -0.1),
        ("interruptions_per_device_h", math.nan),
        ("checkpoint_interval_h", 0.0),
        ("restart_h", -1.0),
    ],
)
def test_nonsense_about_interruptions_is_refused_at_its_field(field, value):
    fields = {"interruptions_per_device_h": 0.1, "checkpoint_interval_h": 1.0}
    with pytest.raises(Refusal) as refusal:
        SpotTerms(**{**fields, field: value})
    assert refusal.value.field == field


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
        ("row", -1, "below_minimum"),
        ("spot", SPOT, "spot_terms_of_other_kind"),
        ("ownership", OWNED, "ownership_of_other_kind"),
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
