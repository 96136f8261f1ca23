import math

import pytest

from planner.economics.assumptions import Assumptions
from planner.economics.device_price import on_terms
from planner.economics.investment import TrainingComparison, investment, training_value
from planner.economics.ownership import OwnedDevice, Ownership, owned_rate_per_device_h
from planner.economics.rates import SpotTerms
from planner.money import ExchangeRate, Money
from planner.refusal import Refusal


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


DEVICE = OwnedDevice(
    purchase=usd(300_000),
    residual=usd(30_000),
    life_years=5,
    use_fraction=0.6,
    maintenance_per_year=usd(24_000),
    use_w=700,
    idle_w=0,
    pue=1.3,
    energy_price_per_kwh=usd(0.20),
)
ENERGY = 0.7 * 1.3 * 0.20
"""Of one hour, in dollars."""


def rented(**changes) -> TrainingComparison:
    fields = {
        "training_h": 12.0,
        "device_count": 8,
        "candidate_device_count": 8,
        "overhead_fraction": 0.0,
        "price_per_device_h": usd(2.5),
    }
    return TrainingComparison(**{**fields, **changes})


def on_spot(training: TrainingComparison) -> TrainingComparison:
    return on_terms(training, spot=SPOT, ownership=None, assumptions=Assumptions())


def owned(case, assumptions: Assumptions | None = None, **changes) -> TrainingComparison:
    ownership = Ownership(case=case, device=DEVICE, **changes)
    given = assumptions or Assumptions()
    price = Money(amount=2.5 if given.currency == "USD" else 375, currency=given.currency)
    return on_terms(
        rented(price_per_device_h=price), spot=None, ownership=ownership, assumptions=given
    )


SPOT = SpotTerms(interruptions_per_device_h=0.05, checkpoint_interval_h=0.5, restart_h=0.1)


def test_interruptions_make_a_training_on_spot_devices_longer_and_so_dearer():
    """Eight devices at 0.05 an hour, checkpoints every half hour, restart in 0.1 h: 1.1513."""
    training = on_spot(rented())
    assert training.training_h == pytest.approx(12 * 1.15129434)
    assert training.cost_today.amount == pytest.approx(12 * 8 * 2.5 * 1.15129434)
    assert training.candidate_h(0.5) == pytest.approx(6 * 1.15129434)


def test_more_spot_devices_are_interrupted_more_often():
    training = on_spot(rented(candidate_device_count=16))
    interruptions = 16 * 0.05 * 0.5
    longer = math.expm1(interruptions) / interruptions * (1 + 16 * 0.05 * 0.1)
    assert training.candidate_h(0.5) == pytest.approx(6 * longer)


def test_rented_devices_that_nobody_takes_away_are_as_they_were():
    terms = {"spot": None, "ownership": None, "assumptions": Assumptions()}
    assert on_terms(rented(), **terms) == rented()


def test_owned_hardware_compared_with_rent_costs_its_full_rate():
    training = owned("compare")
    assert training.price_per_device_h == owned_rate_per_device_h(DEVICE)
    assert training.price_per_device_h.amount == pytest.approx(15.0221826)


def test_an_hour_saved_on_bought_hardware_is_worth_energy_and_what_reuses_it():
    training = owned("already_bought", reuse_fraction=0.25)
    assert training.price_per_device_h.amount == pytest.approx(ENERGY + 0.25 * 15.0221826)


def test_hardware_that_the_plan_buys_ends_the_rent_and_costs_energy_by_the_hour():
    training, assumed = owned("bought_by_plan"), Assumptions()
    value = training_value(training, time_ratio=0.5, assumptions=assumed)
    assert value.device_hours.amount == pytest.approx(12 * 8 * 2.5 - 6 * 8 * ENERGY)
    paid = investment(training, pilot_device_cost=usd(0), assumptions=assumed)
    assert paid.hardware == usd(8 * 300_000)
    assert paid.residual == usd(8 * 30_000)
    assert paid.maintenance_per_month.amount == pytest.approx(8 * 24_000 / 12)


def test_the_assumed_outlay_comes_beside_the_devices_that_the_plan_buys():
    """Racks and network, as it were: paid and written off like the devices."""
    assumed = Assumptions(hardware_outlay=50_000, hardware_residual=2000)
    paid = investment(owned("bought_by_plan"), pilot_device_cost=usd(0), assumptions=assumed)
    assert paid.hardware == usd(8 * 300_000 + 50_000)
    assert paid.residual == usd(8 * 30_000 + 2000)


def test_owned_hardware_is_exchanged_into_the_reporting_currency():
    yen = ExchangeRate(base="USD", quote="JPY", rate=150, as_of="2026-11-24")
    training = owned("bought_by_plan", Assumptions(currency="JPY", exchange_rates=(yen,)))
    assert training.candidate_price.amount == pytest.approx(ENERGY * 150)
    assert training.bought.outlay == Money(amount=8 * 300_000 * 150, currency="JPY")


def test_owned_hardware_in_a_currency_without_a_rate_is_refused_where_rates_are_entered():
    with pytest.raises(Refusal) as caught:
        owned("compare", Assumptions(currency="JPY"))
    assert caught.value.field == "assumptions.exchange_rates"
    assert caught.value.code == "exchange_rate_missing"


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"case": "leased"}, "case", "choice_unknown"),
        ({"reuse_fraction": 1.5}, "reuse_fraction", "out_of_range"),
        ({"reuse_fraction": math.nan}, "reuse_fraction", "out_of_range"),
    ],
)
def test_nonsense_about_owned_hardware_is_refused_at_its_field(wrong, field, code):
    with pytest.raises(Refusal) as caught:
        Ownership(**{"case": "compare", "device": DEVICE, **wrong})
    assert (caught.value.field, caught.value.code) == (field, code)
