from dataclasses import replace

import pytest

from planner.money import ExchangeRate, Money
from planner.pilots.cap_use import CapUse, spent_at
from planner.pilots.caps import Caps, CapTerms
from planner.plans.cap_forecast import cap_forecast

HOUR_S = 3600.0
YEN = ExchangeRate(base="USD", quote="JPY", rate=150.0, as_of="2026-11-01")
MONTH = CapUse(
    scope="month", unit="money", used=1000.0, limit=9000.0, currency="JPY", expected=2000.0
)


def forecast(caps, *, longest_run_s=2 * HOUR_S, device_h=6.0, month=()):
    """Two seeds of two schedules are 6 device-hours, and the longest run takes 2."""
    terms = CapTerms(
        caps=caps, price_per_device_h=Money(amount=3.0, currency="USD"), device_w=500.0
    )
    return cap_forecast(terms, (YEN,), longest_run_s=longest_run_s, device_h=device_h, month=month)


def test_a_pilot_is_expected_to_use_what_all_its_runs_need():
    found = forecast(
        Caps(
            pilot_device_h=10.0,
            pilot_energy_kwh=6.0,
            pilot_money=Money(amount=9000.0, currency="JPY"),
        )
    )
    assert [(use.scope, use.unit, use.used) for use in found] == [
        ("pilot", "device_h", 0.0),
        ("pilot", "energy_kwh", 0.0),
        ("pilot", "money", 0.0),
    ]
    assert [use.expected for use in found] == pytest.approx([6.0, 6.0 * 0.5, 6.0 * 3.0 * 150.0])
    assert [use.expected_fraction for use in found] == pytest.approx([0.6, 0.5, 0.3])


def test_a_run_is_expected_to_use_what_the_longest_needs():
    (hours, money) = forecast(Caps(run_device_h=1.0, run_money=Money(amount=10.0, currency="USD")))
    assert (hours.expected, hours.expected_fraction) == (2.0, 2.0)
    assert money.expected == 2.0 * 3.0


def test_the_month_is_expected_to_use_the_pilot_on_top_of_all_others():
    (use,) = forecast(Caps(), month=(MONTH,))
    assert use.used == 1000.0
    assert use.expected == 2000.0 + 6.0 * 3.0 * 150.0


def test_nothing_is_expected_of_a_speed_that_nobody_measured():
    found = forecast(Caps(pilot_device_h=1.0), longest_run_s=None, device_h=None, month=(MONTH,))
    assert [(use.expected, use.expected_fraction) for use in found] == [(None, None)] * 2


def test_no_device_is_counted_at_the_price_or_the_power_of_another():
    """An H100 at 3.6 $/h: 100 s are 0.10 $ on it, and nobody knows what they are on a CPU."""
    terms = CapTerms(
        caps=Caps(),
        price_per_device_h=Money(amount=3.6, currency="USD"),
        device_w=700.0,
        device="H100 SXM",
    )
    chosen = spent_at(terms.on("H100 SXM"), seconds=100.0)
    assert (chosen.money.amount, chosen.money_estimated) == (pytest.approx(0.1), False)
    other = spent_at(terms.on("cpu"), seconds=100.0)
    assert (other.money.amount, other.money_estimated, other.energy_kwh) == (0.0, True, 0.0)
    here = replace(terms, here_per_device_h=Money(amount=0.36, currency="USD"))
    assert spent_at(here.on("cpu"), seconds=100.0).money.amount == pytest.approx(0.01)


def test_money_that_nobody_can_count_has_no_forecast():
    caps = Caps(pilot_money=Money(amount=1.0, currency="USD"), pilot_energy_kwh=1.0)
    terms = CapTerms(caps=caps, price_per_device_h=None)
    found = cap_forecast(terms, (), longest_run_s=10.0, device_h=1.0)
    assert [use.expected for use in found] == [None, None]
