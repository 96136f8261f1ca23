"""Kinds of hardware side by side: a number, or the reason why there is none."""

from dataclasses import replace

import pytest

from frontend.tables.hardware import (
    CSV_COLUMNS,
    csv_rows,
    energy_sentence,
    hardware_rows,
    pilot_energy_sentence,
)
from planner.economics.energy import EnergyUse, Facility, MeteredPower
from planner.economics.rates import HardwareProfile
from planner.money import Money
from planner.reviews.review import make_review
from tests.support.measured_pilots import H100, a_review_input
from wording.catalogue import LANGUAGES

DEARER = replace(H100, id="dear", rent_per_gpu_hour=H100.rent_per_gpu_hour * 2, as_of=None)
OTHER = replace(H100, id="b200", device="B200")
GIVEN = a_review_input({"today": 0.10, "growing batch": 0.08})
REVIEW = make_review(
    replace(
        GIVEN,
        home=GIVEN.hardware,
        compared=tuple(HardwareProfile(rate_card=card, device_count=8) for card in (DEARER, OTHER)),
    )
)
GROWING = REVIEW.schedules[1]


def test_the_reviews_own_hardware_comes_first_with_its_own_numbers():
    own, dear, other = hardware_rows(REVIEW, GROWING, "en")
    assert own.name == "8 × H100 SXM"
    assert own.price == "$4.00"
    assert own.price_source == "A vendor, November 1, 2026"
    assert dear.price == "$8.00"
    assert dear.price_source == "A vendor, no date, check it before use"
    assert dear.training == own.training
    assert other.training == other.cost == other.net_benefit == other.payback == "–"
    assert "not known" in other.reading


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_is_whole_in_every_language(language):
    rows = hardware_rows(REVIEW, GROWING, language)
    assert len(rows) == 3
    assert all(row.name and row.price and row.reading for row in rows)


def test_as_a_file_the_numbers_are_the_reviews():
    own, dear, other = (
        dict(zip(CSV_COLUMNS, row, strict=True)) for row in csv_rows(REVIEW, GROWING)
    )
    assert own["npv"] == GROWING.case.npv.amount
    assert dear["training_cost"] == pytest.approx(2 * own["training_cost"])
    assert other["unavailable"] == "throughput_unknown"
    assert other["npv"] is None


def test_as_a_file_energy_says_whether_it_is_an_estimate():
    facility = Facility(pue=1.2, grid_kg_per_kwh=0.4, as_of="2026-11-01", load_fraction=0.8)
    review = make_review(
        replace(
            GIVEN,
            hardware=replace(GIVEN.hardware, rate_card=replace(H100, board_w=700)),
            assumptions=replace(GIVEN.assumptions, facility=facility),
        )
    )
    (growing,) = [found for found in review.schedules if found.role == "candidate"]
    (row,) = csv_rows(review, growing)
    told = dict(zip(CSV_COLUMNS, row, strict=True))
    assert told["energy_kwh"] == pytest.approx(growing.training.device_h * 0.7 * 0.8)
    assert told["energy_estimated"] is True


def test_carbon_is_told_as_an_estimate_or_what_is_missing_for_it():
    used = EnergyUse(energy_kwh=27.2, estimated=True, cost=None, carbon_kg=12.2, as_of="2026-11-01")
    assert "about 27.2 kWh and 12.2 kg CO2, estimated" in energy_sentence(used, "en")
    assert "enter PUE" in energy_sentence(None, "en")


def test_energy_is_called_measured_only_where_a_meter_read_every_run():
    power = MeteredPower(mean_w=300.0, metered_runs=5, runs=5)
    used = EnergyUse(
        energy_kwh=27.2, estimated=False, cost=None, carbon_kg=12.2, as_of="2026-11-01", power=power
    )
    in_part = replace(used, estimated=True, power=replace(power, metered_runs=3))
    assert "as measured in all 5 runs" in energy_sentence(used, "en")
    assert "about 27.2 kWh" in energy_sentence(in_part, "en")
    assert "a meter read in 3 of 5 runs" in energy_sentence(in_part, "en")
    assert "5実行中3実行" in energy_sentence(in_part, "ja")


def test_the_pilots_own_energy_is_told_with_what_its_electricity_costs():
    power = MeteredPower(mean_w=300.0, metered_runs=10, runs=10)
    spent = EnergyUse(
        energy_kwh=8.0,
        estimated=False,
        cost=Money(amount=2.4, currency="USD"),
        carbon_kg=3.84,
        as_of="2026-11-01",
        power=power,
    )
    told = pilot_energy_sentence(spent, "en")
    assert told.startswith(
        "All runs of the pilot so far took 8.00 kWh and 3.84 kg CO2, as measured"
    )
    assert told.endswith("costs $2.40, the facility's share included.")
    tiny = replace(spent, cost=Money(amount=0.004, currency="USD"))
    assert "costs" not in pilot_energy_sentence(tiny, "en")
    assert pilot_energy_sentence(None, "en") == ""
