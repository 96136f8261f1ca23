"""The origin of every number that a review shows, schedule by schedule."""

from collections.abc import Iterable
from dataclasses import replace

from planner.reviews.measured_origins import against_origins, measured_origins
from planner.reviews.money_origins import business_origins, cost_origins
from planner.reviews.provenance import Background, Provenance
from planner.reviews.schedule_review import ScheduleReview


def provenances(
    schedules: Iterable[ScheduleReview], background: Background
) -> tuple[Provenance, ...]:
    """The origin of every number that a review shows."""
    listed = tuple(schedules)
    baseline = next(found for found in listed if found.role == "baseline")
    return tuple(
        _elsewhere(found) if background.imported else found
        for reviewed in listed
        for found in (
            *measured_origins(reviewed, background),
            *cost_origins(reviewed, background),
            *against_origins(reviewed, baseline, background),
            *business_origins(reviewed, background),
        )
    )


def _elsewhere(found: Provenance) -> Provenance:
    """What was measured, was measured elsewhere."""
    return replace(
        found,
        ingredients=tuple(
            replace(one, origin="imported") if one.origin == "measured" else one
            for one in found.ingredients
        ),
    )
