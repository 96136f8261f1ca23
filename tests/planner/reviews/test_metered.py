"""Measured energy in a review: only where a meter read all of it, and called an estimate elsewhere.

Every record had the device for 1,000 s; at 300 W that is 300,000 J.
"""

from dataclasses import replace

import pytest

from planner.economics.energy import Facility
from planner.economics.rates import HardwareProfile
from planner.money import Money
from planner.reviews.review import make_review
from planner.reviews.review_input import ReviewInput
from tests.support.measured_pilots import H100, a_review_input

HELD_S = 1000.0
FACILITY = Facility(
    pue=1.2,
    grid_kg_per_kwh=0.4,
    as_of="2026-11-01",
    energy_price_per_kwh=Money(amount=0.25, currency="USD"),
    load_fraction=0.8,
)
GIVEN = a_review_input({"today": 0.10, "growing batch": 0.08})
OWN_DEVICE = HardwareProfile(
    rate_card=replace(H100, device=GIVEN.throughput.device, board_w=700),
    device_count=1,
    throughput=GIVEN.throughput,
)


def metered(*powers_w: float | None, **changes: object) -> ReviewInput:
    """The pilot as the training itself; the records in turn at these powers, None: no meter."""
    records = tuple(
        replace(
            record,
            attempts=tuple(
                replace(
                    attempt,
                    wall_clock_s=HELD_S,
                    energy_j=None if power_w is None else power_w * HELD_S,
                )
                for attempt in record.attempts
            ),
        )
        for record, power_w in zip(GIVEN.records, powers_w, strict=True)
    )
    own = replace(
        GIVEN,
        records=records,
        production=None,
        hardware=OWN_DEVICE,
        assumptions=replace(GIVEN.assumptions, facility=FACILITY),
    )
    return replace(own, **changes)  # type: ignore[arg-type]


def schedules(given):
    return {found.schedule: found for found in make_review(given).schedules}


def test_where_every_run_of_a_schedule_was_metered_its_training_takes_the_measured_power():
    """Five runs of today at 300 W, five of the candidate at 400 W."""
    found = schedules(metered(*[300.0] * 5, *[400.0] * 5))
    for name, power_w in (("today", 300), ("growing batch", 400)):
        used = found[name].energy
        assert not used.estimated
        assert (used.power.metered_runs, used.power.runs) == (5, 5)
        energy_kwh = power_w / 1000 * found[name].training.device_h
        assert used.energy_kwh == pytest.approx(energy_kwh)
        assert used.cost.amount == pytest.approx(energy_kwh * 1.2 * 0.25)
        assert used.carbon_kg == pytest.approx(energy_kwh * 1.2 * 0.4)


def test_the_mean_power_weighs_every_run_with_the_seconds_that_it_had_the_device():
    found = schedules(metered(100.0, 200.0, 300.0, 400.0, 500.0, *[400.0] * 5))
    assert found["today"].energy.power.mean_w == pytest.approx((100 + 200 + 300 + 400 + 500) / 5)


def test_a_run_that_a_meter_missed_makes_the_energy_of_its_schedule_an_estimate():
    found = schedules(metered(300.0, None, 330.0, 300.0, 270.0, *[400.0] * 5))
    today = found["today"].energy
    assert today.estimated
    assert (today.power.metered_runs, today.power.runs) == (4, 5)
    assert today.power.mean_w == pytest.approx((300 + 330 + 300 + 270) / 4)
    assert not found["growing batch"].energy.estimated


def test_a_run_with_one_attempt_that_was_not_metered_is_not_measured():
    given = metered(*[300.0] * 10)
    first = given.records[0]
    (whole,) = first.attempts
    silent = replace(whole, number=2, from_step=whole.to_step - 10, energy_j=None)
    records = (replace(first, attempts=(whole, silent)), *given.records[1:])
    today = schedules(replace(given, records=records))["today"].energy
    assert (today.estimated, today.power.metered_runs) == (True, 4)


def test_an_attempt_that_did_nothing_needs_no_meter():
    given = metered(*[300.0] * 10)
    first = given.records[0]
    (whole,) = first.attempts
    idle = replace(whole, number=1, from_step=0, to_step=0, evaluations=0, energy_j=None)
    records = (
        replace(first, attempts=(idle, replace(whole, number=2))),
        *given.records[1:],
    )
    assert not schedules(replace(given, records=records))["today"].energy.estimated


def test_without_meters_the_energy_is_estimated_from_board_power_and_load():
    used = schedules(metered(*[None] * 10))["today"]
    assert used.energy.estimated
    assert used.energy.power is None
    assert used.energy.energy_kwh == pytest.approx(0.7 * 0.8 * used.training.device_h)


def test_what_one_device_drew_says_nothing_of_another():
    other = replace(
        OWN_DEVICE,
        rate_card=replace(H100, board_w=700),
        throughput=replace(GIVEN.throughput, device="H100 SXM"),
    )
    used = schedules(metered(*[300.0] * 10, hardware=other))["today"]
    assert (used.energy.estimated, used.energy.power) == (True, None)
    assert used.energy.energy_kwh == pytest.approx(0.7 * 0.8 * used.training.device_h)


def test_a_training_in_production_was_not_metered_in_the_pilot():
    hardware = replace(OWN_DEVICE, device_count=8)
    given = metered(*[300.0] * 10, production=GIVEN.production, hardware=hardware)
    used = schedules(given)["today"].energy
    assert (used.estimated, used.power) == (True, None)
    assert used.energy_kwh == pytest.approx(12 * 8 * 0.7 * 0.8)


def test_the_pilots_own_energy_is_what_its_meters_read_whatever_it_stands_for():
    """Ten runs of 1,000 s at 360 W are one kilowatt-hour."""
    hardware = replace(OWN_DEVICE, device_count=8)
    given = metered(*[360.0] * 10, production=GIVEN.production, hardware=hardware)
    spent = make_review(given).pilot_energy
    assert spent.energy_kwh == pytest.approx(1.0)
    assert not spent.estimated
    assert spent.carbon_kg == pytest.approx(1.0 * 1.2 * 0.4)


def test_a_pilot_metered_in_part_is_estimated_at_the_power_that_was_read():
    review = make_review(metered(*[360.0] * 9, None))
    assert review.pilot_energy.estimated
    assert review.pilot_energy.energy_kwh == pytest.approx(0.36 * review.pilot_device_h)


def test_energy_without_facts_of_the_grid_is_not_stated():
    given = metered(*[300.0] * 10, assumptions=GIVEN.assumptions)
    review = make_review(given)
    assert review.pilot_energy is None
    assert all(found.energy is None for found in review.schedules)
