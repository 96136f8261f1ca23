"""Runs that a divergence sent back, in words: told wherever a schedule is judged."""

from collections.abc import Iterator

from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.catalogue import say
from wording.language import Language


def went_back_sentences(
    review: Review, reviewed: ScheduleReview, language: Language
) -> Iterator[str]:
    """Of the schedule that is judged and of the baseline that it is judged against."""
    for found in review.schedules:
        if found.schedule == reviewed.schedule or found.role == "baseline":
            yield from _of_schedule(found, language)


def _of_schedule(found: ScheduleReview, language: Language) -> Iterator[str]:
    measured = found.measured
    if measured.rolled_back:
        yield say(
            "verdict.went_back.rolled_back",
            language,
            schedule=found.schedule,
            count=measured.rolled_back,
            runs=measured.runs,
        )
    if measured.fell_back:
        yield say(
            "verdict.went_back.fell_back",
            language,
            schedule=found.schedule,
            count=measured.fell_back,
            runs=measured.runs,
            rescued=measured.rescued,
        )
