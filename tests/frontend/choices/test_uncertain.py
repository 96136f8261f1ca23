"""Ranges and correlations as they stand in a link, and as the model takes them."""

from dataclasses import replace

import pytest

from frontend.choices.review import Choice, own_uncertain, request_for
from frontend.choices.uncertain import Ends, Uncertain, from_link, ranges_text, together_text
from planner.economics.assumptions import LIMITS, Range
from planner.economics.correlations import Correlations
from planner.pilots.pilot import HardwareChoice
from planner.refusal import Refusal
from tests.support.measured_pilots import a_pilot
from wording.assumption_fields import FIELDS, RANGED

TRAININGS, RATE, REALISED = "trainings_per_month", "engineer_rate_per_h", "realisation_fraction"
PILOT = a_pilot()
"""It assumes 20 trainings a month, an engineer at 90 an hour, 30 % realised."""

TYPED = Uncertain(
    ends={TRAININGS: Ends(low=10.0, high=25.0), RATE: Ends(high=120.0)},
    together={(TRAININGS, RATE): -0.5},
)


def assumed(uncertain, changed=None, base=PILOT.assumptions):
    choice = Choice(
        base=base,
        hardware=HardwareChoice(profile="h100", device_count=1),
        pilot_rate=None,
        changed=changed or {},
        uncertain=uncertain,
    )
    return request_for("p", PILOT, choice).assumptions


def test_every_assumption_that_may_carry_a_range_has_a_field():
    assert RANGED.keys() == LIMITS.keys()


def test_the_years_of_the_write_off_have_a_field():
    years = next(field for field in FIELDS if field.name == "useful_life_years")
    assert (years.low, years.high) == (4, 5)
    assert assumed(None, {"useful_life_years": 4}).useful_life_years == 4


def test_a_link_gives_back_what_was_typed():
    assert ranges_text(TYPED) == "trainings_per_month:10~25;engineer_rate_per_h:~120"
    assert together_text(TYPED) == "trainings_per_month*engineer_rate_per_h:-0.5"
    assert from_link(ranges_text(TYPED), together_text(TYPED)) == TYPED
    assert from_link(ranges_text(Uncertain()), together_text(Uncertain())) == Uncertain()
    assert from_link(None, None) is None


@pytest.mark.parametrize("ranges", ["", "speed:1~2", "trainings_per_month", "nan~inf;:;~"])
def test_a_link_that_somebody_spoilt_is_read_as_far_as_it_can_be(ranges):
    found = from_link(ranges, "trainings_per_month*:x;*:1")
    assert found is not None
    assert all(ends == Ends() for ends in found.ends.values())
    assert found.together == {}


def test_an_empty_end_is_the_assumed_value():
    believed = assumed(TYPED)
    assert believed.ranges == {TRAININGS: Range(low=10, high=25), RATE: Range(low=90, high=120)}
    assert believed.correlations == Correlations(
        names=(TRAININGS, RATE), matrix=((1.0, -0.5), (-0.5, 1.0))
    )


def test_ends_of_shares_are_typed_in_per_cents():
    believed = assumed(Uncertain(ends={REALISED: Ends(low=20.0, high=45.0)}))
    assert believed.ranges == {REALISED: Range(low=0.2, high=0.45)}


def test_a_link_without_a_range_takes_the_pilots_own_away():
    own = replace(PILOT.assumptions, ranges={TRAININGS: Range(low=10, high=25)})
    assert assumed(None, base=own).ranges == own.ranges
    assert assumed(Uncertain(), base=own).ranges == {}


def test_fields_begin_with_the_pilots_own():
    own = replace(
        PILOT.assumptions,
        ranges={
            REALISED: Range(low=0.2, high=0.45),
            TRAININGS: Range(low=10, high=25),
            RATE: Range(low=80, high=90),
        },
        correlations=Correlations(names=(RATE, TRAININGS), matrix=((1.0, 0.25), (0.25, 1.0))),
    )
    shown = own_uncertain(own, {})
    assert list(shown.ends) == [TRAININGS, RATE, REALISED]
    assert shown.ends[REALISED] == Ends(low=20.0, high=45.0)
    assert shown.together == {(TRAININGS, RATE): 0.25}
    assert assumed(None, base=own).ranges == own.ranges
    assert own_uncertain(own, {TRAININGS: 40.0}).together == {}


def test_an_assumption_taken_out_takes_its_correlations_with_it():
    assert TYPED.with_names([RATE]) == Uncertain(ends={RATE: Ends(high=120.0)})
    assert TYPED.with_names([RATE, TRAININGS]) == TYPED


def test_amounts_follow_into_another_currency_and_counts_do_not():
    yen = TYPED.times({RATE: 150.0})
    assert yen.ends == {TRAININGS: Ends(low=10.0, high=25.0), RATE: Ends(high=18_000.0)}


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        (Ends(low=25.0, high=10.0), "range_reversed"),
        (Ends(low=21.0, high=30.0), "mode_outside_range"),
        (Ends(low=-1.0), "negative"),
    ],
)
def test_a_range_that_cannot_be_is_refused_at_its_own_field(ends, code):
    with pytest.raises(Refusal) as refused:
        assumed(Uncertain(ends={TRAININGS: ends}))
    assert (refused.value.field, refused.value.code) == (f"ranges.{TRAININGS}", code)


def test_correlations_that_cannot_be_are_refused_at_the_pair_that_is_most_in_the_way():
    ends = {name: Ends() for name in (TRAININGS, RATE, REALISED)}
    apart = {(TRAININGS, RATE): -0.9, (TRAININGS, REALISED): -0.9, (RATE, REALISED): -0.9}
    with pytest.raises(Refusal) as refused:
        assumed(Uncertain(ends=ends, together=apart))
    assert refused.value.code == "correlation_impossible"
    assert refused.value.field.startswith("correlations.")
    with pytest.raises(Refusal) as refused:
        assumed(Uncertain(ends=ends, together={(TRAININGS, RATE): 1.5}))
    assert refused.value.field == f"correlations.{TRAININGS}.{RATE}"
