"""A pilot in which nothing is true: two equal schedules under two names.

The time to target of a seed is lognormal: a part that both schedules share, since they start from
the same weights, and a part of each one's own. Repeated pilots show that intervals cover the
truth, 1, as often as they say, and that "adopt" is said no more often than was allowed.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from planner.pilots.run import RunStatus
from planner.reviews.review import Review, make_review
from tests.support.known_pilot import TODAY, known_pilot, records_of, review_input

PILOTS = 300
FEWER = 100
SHARED_SD = 0.15
"""Of the part of log time that a seed brings to both schedules."""

PAIRED_SD = (0.03, 0.11)
"""Lowest and highest standard deviation of the log time ratio that real pilots showed."""

ACCURACY_SD = 0.002
ALLOWED = 0.2
"""Share of false adoptions that a required probability of 0.80 leaves, however many looks."""

SCATTER = 3 * math.sqrt(ALLOWED * (1 - ALLOWED))
"""Three standard errors of such a share, times the square root of the number of pilots."""

EQUAL = {**TODAY, "name": "equal", "role": "candidate"}

NOTHING_TO_INVEST = {
    "retuning_trainings": 0,
    "validation_trainings": 0,
    "count_sunk_pilot_cost": False,
    "confidence": 0.8,
}
"""Break-even lies at a time ratio of exactly 1: the hardest case, every pilot is a coin toss."""

USUAL_TUNING = {"trainings_per_month": 20, "confidence": 0.8}
"""Three trainings to re-tune and validate, against 480 within the horizon."""


@dataclass(frozen=True)
class NullPilot:
    """What one repeat drew for each seed: epochs to the target and final accuracy, by schedule."""

    epochs: dict[str, list[float]]
    accuracy: dict[str, list[float]]

    def review(
        self, *, seeds: int, looks: int, look: int, assumptions: dict[str, object]
    ) -> Review:
        """The review of the first seeds."""
        pilot = known_pilot(
            schedules=[TODAY, EQUAL],
            evaluation={"every": "2ep"},
            seeds={"confirmation": list(range(seeds))},
            looks=looks,
            assumptions=assumptions,
        )
        records = [
            record
            for name in ("today", "equal")
            for record in records_of(
                pilot, name, self.epochs[name][:seeds], accuracy=self.accuracy[name][:seeds]
            )
        ]
        return make_review(review_input(pilot, records, look=look))


def drawn(count: int, *, seeds: int) -> list[NullPilot]:
    generator = np.random.default_rng(20251)
    pilots = []
    for _ in range(count):
        own_sd = generator.uniform(*PAIRED_SD) / math.sqrt(2)
        shared = generator.normal(0, SHARED_SD, seeds)
        epochs, accuracy = {}, {}
        for name in ("today", "equal"):
            logs = math.log(9) + shared + generator.normal(0, own_sd, seeds)
            epochs[name] = np.exp(logs).tolist()
            accuracy[name] = generator.normal(0.95, ACCURACY_SD, seeds).tolist()
        pilots.append(NullPilot(epochs=epochs, accuracy=accuracy))
    return pilots


@pytest.fixture(scope="module")
def pilots():
    return drawn(PILOTS, seeds=10)


@pytest.fixture(scope="module")
def single_looks(pilots):
    return [
        pilot.review(seeds=5, looks=1, look=1, assumptions=NOTHING_TO_INVEST) for pilot in pilots
    ]


def adopted(reviews):
    return sum(review.verdict.kind == "adopt" for review in reviews) / len(reviews)


def test_every_run_of_the_simulation_reaches_its_target(single_looks):
    statuses: set[RunStatus] = set()
    for review in single_looks:
        statuses |= {race.status for race in review.races if race.crossing is not None}
        assert [found.measured.reached for found in review.schedules] == [5, 5]
    assert statuses == {"succeeded"}


def test_the_interval_of_the_time_ratio_covers_one_in_nine_of_ten_pilots(single_looks):
    intervals = [review.schedules[1].comparison.time_ratio for review in single_looks]
    covered = sum(found.low <= 1 <= found.high for found in intervals) / PILOTS
    assert 0.85 <= covered <= 0.95


def test_the_seeds_scatter_as_they_were_planted(single_looks):
    variances = [review.schedules[1].comparison.time_ratio.sd_log ** 2 for review in single_looks]
    low, high = PAIRED_SD
    of_a_uniform_sd = (low**2 + low * high + high**2) / 3
    assert np.mean(variances) == pytest.approx(of_a_uniform_sd, rel=0.15)


def test_at_break_even_one_look_adopts_as_often_as_it_was_allowed_to(single_looks):
    assert {review.verdict.required_probability for review in single_looks} == {0.8}
    scatter = SCATTER / math.sqrt(PILOTS)
    assert ALLOWED - scatter <= adopted(single_looks) <= ALLOWED + scatter


def test_one_look_at_a_pilot_that_has_its_tuning_to_earn_adopts_less_than_one_in_five(pilots):
    reviews = [pilot.review(seeds=5, looks=1, look=1, assumptions=USUAL_TUNING) for pilot in pilots]
    assert 0 < adopted(reviews) <= ALLOWED


def last_look(pilot, assumptions):
    """Five seeds, and five more where the first look asks to extend."""
    first = pilot.review(seeds=5, looks=2, look=1, assumptions=assumptions)
    if first.verdict.kind != "extend":
        return first
    return pilot.review(seeds=10, looks=2, look=2, assumptions=assumptions)


def test_looking_twice_adopts_no_more_often_since_each_look_asks_for_more(pilots):
    reviews = [last_look(pilot, NOTHING_TO_INVEST) for pilot in pilots[:FEWER]]
    assert {review.verdict.required_probability for review in reviews} == {0.87}
    assert {review.verdict.look for review in reviews} == {1, 2}
    assert adopted(reviews) <= ALLOWED + SCATTER / math.sqrt(FEWER)


def test_two_looks_at_a_pilot_that_has_its_tuning_to_earn_adopt_less_than_one_in_five(pilots):
    reviews = [last_look(pilot, USUAL_TUNING) for pilot in pilots[:FEWER]]
    assert 0 < adopted(reviews) <= ALLOWED
