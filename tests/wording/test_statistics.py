import pytest

from planner.reviews.review import make_review
from tests.support.measured_pilots import a_review_input
from wording.statistics import statistics_of

REVIEW = make_review(a_review_input({"today": 0.10, "growing batch": 0.08}))
TODAY, GROWING = REVIEW.schedules


def named(reviewed, language):
    return {line.label: line for line in statistics_of(REVIEW, reviewed, language)}


def test_the_baseline_is_described_by_its_own_runs_alone():
    assert list(named(TODAY, "en")) == [
        "Runs that reach the target",
        "Median time to target",
        "Mean time, budget included",
        "Olympic mean",
        "Time per success",
    ]


def test_a_candidate_is_also_compared_and_says_which_look_this_is():
    lines = named(GROWING, "en")
    assert lines["Runs that reach the target"].value == "100% (55% to 100%)"
    assert lines["Look"].value == "1 of 2"
    assert "87.0%" in lines["Look"].meaning
    assert {
        "Time against today, seed by seed",
        "Ratio of mean times on the pilot's device",
        "Seeds for ±10%",
    } <= set(lines)


@pytest.mark.parametrize("found", [TODAY, GROWING])
def test_japanese_has_a_line_for_every_english_one(found):
    english, japanese = (statistics_of(REVIEW, found, tongue) for tongue in ("en", "ja"))
    assert len(japanese) == len(english)
    assert all(line.label and line.meaning and line.value for line in japanese)
