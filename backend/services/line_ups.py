"""Line-ups: stored pilots side by side, each on its own terms; nothing is stored."""

from collections.abc import Callable
from functools import partial

from backend.repositories import pilots
from backend.services import reviews, settled
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import RequestError, not_found
from planner.line_ups.entrant import Participant
from planner.line_ups.line_up import LeftOut, LineUp, line_up
from planner.line_ups.line_up_request import MOST_STORED_RUNS, LineUpRequest, PilotChoice
from planner.refusal import Refusal, require
from planner.reviews.judged import Judged, judge
from planner.reviews.review import Review, review_of
from planner.reviews.review_input import ReviewRequest


def compute(work: UnitOfWork, request: LineUpRequest) -> LineUp:
    """The line-up that a request asks for; a pilot without a review is named with its reason.

    Raises:
        Refusal: A choice is not in its pilot, or there is too much.
        RequestError: There is no such pilot.
    """
    names = _names(work, request)
    participants: list[Participant] = []
    left_out: list[LeftOut] = []
    make = partial(_judged, shared=reviews.Shared(work))
    for place, choice in enumerate(request.pilots):
        try:
            participants.append(_participant(work, choice, place, make=make))
        except (Refusal, RequestError) as refused:
            reason = LeftOut(
                pilot_id=choice.pilot_id,
                name=names[choice.pilot_id],
                code=refused.code,
                params=refused.params,
            )
            left_out.append(reason)
    return line_up(participants, request, left_out=tuple(left_out))


def _names(work: UnitOfWork, request: LineUpRequest) -> dict[str, str]:
    """Names of the pilots, once it is clear that they exist and are not too much."""
    ids = [choice.pilot_id for choice in request.pilots]
    found = pilots.several(work.session, ids)
    for missing in (pilot_id for pilot_id in ids if pilot_id not in found):
        raise not_found("pilot", missing)
    names = {pilot_id: str(found[pilot_id].pilot["name"]) for pilot_id in ids}
    counts = pilots.run_counts(work.session, ids)
    stored = sum(sum(of_pilot.values()) for of_pilot in counts.values())
    require(
        stored <= MOST_STORED_RUNS, "pilots", "too_many_runs", most=MOST_STORED_RUNS, found=stored
    )
    return names


def _participant(
    work: UnitOfWork,
    choice: PilotChoice,
    place: int,
    *,
    make: Callable[[UnitOfWork, str], tuple[Judged, Review]],
) -> Participant:
    """A pilot at its own assumptions and the newest prices."""
    judged, review = settled.once(
        work,
        choice.pilot_id,
        "review",
        make=make,
        records=lambda made: made[0].given.records,
    )
    return Participant(place=place, choice=choice, judged=judged, review=review)


def _judged(work: UnitOfWork, pilot_id: str, *, shared: reviews.Shared) -> tuple[Judged, Review]:
    given = reviews.input_for(work, ReviewRequest(pilot_id=pilot_id), shared)
    judged = judge(given)
    return judged, review_of(given, judged)
