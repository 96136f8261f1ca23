from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.choices.review import Choice, request_for
from planner.economics.assumptions import Assumptions, Production, Range
from planner.money import ExchangeRate, Money
from planner.pilots.pilot import HardwareChoice
from planner.refusal import Refusal
from tests.support.measured_pilots import a_pilot
from wording.assumption_fields import (
    FIELDS,
    PRODUCTION_FIELDS,
    defaults,
    in_currency,
    meant,
    typed,
)
from wording.catalogue import knows

PILOT = a_pilot()
YEN = ExchangeRate(base="USD", quote="JPY", rate=150.0, as_of="2026-11-24")


def a_choice(**changes):
    chosen = Choice(
        base=PILOT.assumptions,
        hardware=HardwareChoice(profile="h100", device_count=1),
        pilot_rate=Money(amount=0.0, currency="USD"),
        changed={},
    )
    return replace(chosen, **changes)


def test_every_field_is_an_assumption_with_a_name():
    known = {found.name for kind in (Assumptions, Production) for found in fields(kind)}
    for found in (*FIELDS, *PRODUCTION_FIELDS):
        assert found.name in known
        assert knows(f"assumption.{found.name}")


def test_what_nobody_changed_is_as_the_pilot_says():
    request = request_for("p", PILOT, a_choice())
    assert request.assumptions == PILOT.assumptions
    assert request.production == PILOT.production
    assert request.hardware.device_count == PILOT.production.device_count


def test_per_cents_are_typed_and_shares_are_meant():
    request = request_for("p", PILOT, a_choice(changed={"discount_rate_per_year": 12.0}))
    assert request.assumptions.discount_rate_per_year == 0.12


@given(value=st.integers(0, 1000))
def test_typing_what_is_shown_changes_nothing(value):
    for found in FIELDS:
        held = value / 1000 if found.per_cent else float(value)
        assert meant(found, typed(found, held)) == pytest.approx(held)


def test_amounts_are_exchanged_with_their_ranges():
    own = replace(PILOT.assumptions, ranges={"engineer_rate_per_h": Range(low=80.0, high=120.0)})
    there = in_currency(own, YEN)
    assert there.currency == "JPY"
    assert there.engineer_rate_per_h == 90 * 150
    assert there.ranges["engineer_rate_per_h"] == Range(low=12_000, high=18_000)
    assert there.trainings_per_month == own.trainings_per_month
    assert there.exchange_rates[0] == YEN


def test_an_assumption_that_was_changed_loses_its_range():
    own = replace(PILOT.assumptions, ranges={"trainings_per_month": Range(low=10, high=25)})
    chosen = a_choice(base=own, changed={"trainings_per_month": 40.0})
    assert request_for("p", PILOT, chosen).assumptions.ranges == {}
    assert request_for("p", PILOT, a_choice(base=own)).assumptions.ranges == own.ranges


def test_numbers_that_do_not_go_together_are_refused_before_they_are_sent():
    with pytest.raises(Refusal, match="batch_below_devices"):
        request_for("p", PILOT, a_choice(changed={"batch_size": 4}))


def test_without_production_its_fields_are_not_offered():
    assert "training_h" in defaults(PILOT.assumptions, PILOT.production)
    assert "training_h" not in defaults(PILOT.assumptions, None)
