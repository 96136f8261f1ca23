"""What a transfer assumes of the noise scale, in words."""

from dataclasses import replace

from planner.measurements.gradient_noise import NoiseReading
from planner.reviews.review import make_review
from tests.support.measured_pilots import a_review_input
from wording.noise import noise_sentence

GIVEN = a_review_input({"today": 0.10, "growing batch": 0.08})
READ = NoiseReading(noise=80.0, gradient_square=1.0)
"""Today's batch of 8 is a tenth of the noise scale."""


def with_readings(given):
    return replace(given, records=tuple(replace(one, noise=READ) for one in given.records))


def test_the_scenario_is_told_with_its_share_its_time_and_its_money():
    review = make_review(with_readings(GIVEN))
    told = noise_sentence(review, "growing batch", "en")
    assert "today's batch is 0.1" in told
    assert "four times as large" in told
    assert "4倍の場合" in noise_sentence(review, "growing batch", "ja")


def test_where_the_noise_scale_was_not_measured_the_assumption_is_told_without_a_number():
    told = noise_sentence(make_review(GIVEN), "growing batch", "en")
    assert told.endswith("so nothing is worked out for another share.")


def test_where_nothing_is_carried_over_there_is_nothing_to_say():
    alone = make_review(replace(GIVEN, production=None))
    assert noise_sentence(alone, "growing batch", "en") == ""
