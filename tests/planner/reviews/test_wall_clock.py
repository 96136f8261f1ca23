from dataclasses import replace

import pytest

from planner.pilots.run import PROBE, Attempt
from planner.reviews.wall_clock import clock_gap, run_clocks
from tests.support.known_pilot import (
    EVALUATION_S,
    STEPS_AT_22,
    T_22,
    courses_of,
    known_pilot,
    records_of,
)

PILOT = known_pilot()
COMPOSED_S = 20 * STEPS_AT_22 * T_22 + 21 * EVALUATION_S


def timed(*shares, **changes):
    """Whole runs of today's schedule that took so many times what was composed."""
    records = records_of(PILOT, "today", [10.0] * 5)
    return [
        replace(
            record,
            attempts=(replace(record.attempts[0], wall_clock_s=share * COMPOSED_S, **changes),),
        )
        for record, share in zip(records, shares, strict=False)
    ]


def gap_of(records):
    return clock_gap(run_clocks(records, PILOT, courses_of(PILOT), evaluation_s=EVALUATION_S))


def test_a_wall_clock_more_than_a_tenth_away_from_composed_time_is_flagged():
    found = gap_of(timed(1.0, 1.09, 1.11, 0.95, 0.85))
    assert (found.runs, found.flagged) == (5, 2)
    assert found.gap_fraction == pytest.approx((1.0 + 1.09 + 1.11 + 0.95 + 0.85) / 5 - 1)
    assert found.largest_gap_fraction == pytest.approx(0.85 - 1)


def test_what_meters_took_of_the_wall_clock_is_no_gap():
    found = gap_of(timed(1.5, meters_s=0.5 * COMPOSED_S))
    assert found.gap_fraction == pytest.approx(0)
    assert found.flagged == 0


def test_members_of_a_bundle_have_no_wall_clock_of_their_own():
    assert gap_of(timed(0.3, 0.3, bundle_size=4)) is None
    own = timed(1.2)
    assert gap_of([*own, *timed(0.3, 0.3, bundle_size=4)[1:]]).runs == 1


def test_a_run_whose_wall_clock_nobody_read_is_not_compared():
    assert gap_of(records_of(PILOT, "today", [10.0] * 5)) is None


def test_attempts_of_a_run_are_one_clock_and_repeated_work_is_in_both():
    (record,) = timed(1.0)
    half = 490 * T_22
    attempts = (
        Attempt(number=1, from_step=0, to_step=490, evaluations=0, wall_clock_s=1.3 * half),
        Attempt(number=2, from_step=490, to_step=980, evaluations=0, wall_clock_s=1.1 * half),
    )
    found = gap_of([replace(record, attempts=attempts)])
    assert found.gap_fraction == pytest.approx((1.3 + 1.1) / 2 - 1)


def test_a_probe_trains_nothing_and_has_no_clock():
    (record,) = timed(1.3)
    assert gap_of([replace(record, run=PROBE)]) is None
