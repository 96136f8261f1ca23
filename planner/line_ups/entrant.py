"""Who takes part in a line-up: one schedule of one pilot, on the runs that are shown of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.line_ups.line_up_request import MOST_RUNS, BaselineChoice, PilotChoice
from planner.pilots.run import PHASE_ENDING
from planner.refusal import Refusal, require
from planner.reviews.arm import Arm
from planner.reviews.judged import Judged
from planner.reviews.race import Race
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One pilot of a line-up, judged and reviewed on its own terms.

    Attributes:
        place: Its place in the request.
        choice: What is shown of it.
        judged: Its races.
        review: At its own assumptions and prices.
    """

    place: int
    choice: PilotChoice
    judged: Judged
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """One line: a schedule of a pilot, at one rate multiplier.

    Attributes:
        participant: Its pilot.
        arm: The runs that it is drawn from.
        reviewed: What the pilot's review says of the schedule.
        as_reviewed: Whether these are the runs that the review counts.
        name: Of the line, unlike any other in the line-up.
        pinned: Whether all others are held against it.
    """

    participant: Participant
    arm: Arm
    reviewed: ScheduleReview
    as_reviewed: bool
    name: str = ""
    pinned: bool = False


def entrants(
    participants: Sequence[Participant], baseline: BaselineChoice | None
) -> tuple[Entrant, ...]:
    """Everybody, the baseline first.

    Raises:
        Refusal: A schedule or run is not of its pilot, the baseline is not shown, or there are
            too many runs.
    """
    found = [one for who in participants for one in _of(who, f"pilots[{who.place}]")]
    runs = sum(len(one.arm.races) for one in found)
    require(runs <= MOST_RUNS, "pilots", "too_many_runs", most=MOST_RUNS, found=runs)
    pinned = _pinned(found, baseline)
    ordered = [found[pinned], *found[:pinned], *found[pinned + 1 :]]
    named = zip(ordered, _names(ordered), strict=True)
    return tuple(
        replace(one, name=name, pinned=place == 0) for place, (one, name) in enumerate(named)
    )


def _of(who: Participant, field: str) -> Iterator[Entrant]:
    names = [found.schedule for found in who.review.schedules]
    for place, schedule in enumerate(who.choice.schedules):
        known = schedule in names
        require(known, f"{field}.schedules[{place}]", "schedule_not_in_pilot", schedule=schedule)
    own = {arm.schedule: arm for arm in who.judged.arms}
    chosen = _chosen_arms(who, field) if who.choice.run_ids else list(own.values())
    for arm in chosen:
        if who.choice.schedules and arm.schedule not in who.choice.schedules:
            continue
        reviewed = next(found for found in who.review.schedules if found.schedule == arm.schedule)
        yield Entrant(
            participant=who,
            arm=arm,
            reviewed=reviewed,
            as_reviewed=_same_races(arm, own[arm.schedule]),
        )


def _same_races(arm: Arm, own: Arm) -> bool:
    return {race.run_id for race in arm.races} == {race.run_id for race in own.races}


def _chosen_arms(who: Participant, field: str) -> list[Arm]:
    """The chosen runs that have ended, put together by schedule, rate multiplier and purpose."""
    races = {race.run_id: race for race in who.judged.races}
    for place, run_id in enumerate(who.choice.run_ids):
        require(run_id in races, f"{field}.run_ids[{place}]", "run_not_in_pilot", run=run_id)
    own = {arm.schedule: arm for arm in who.judged.arms}
    grouped: dict[tuple[str, float, str], list[Race]] = {}
    for schedule in own:
        for run_id in who.choice.run_ids:
            race = races[run_id]
            if race.schedule == schedule and race.status in PHASE_ENDING:
                key = (schedule, race.rate_multiplier, race.purpose)
                grouped.setdefault(key, []).append(race)
    return [
        replace(
            own[schedule],
            rate_multiplier=multiplier,
            purpose=found[0].purpose,
            planned=len(found),
            races=tuple(sorted(found, key=lambda race: race.seed)),
        )
        for (schedule, multiplier, _), found in grouped.items()
    ]


def _pinned(found: Sequence[Entrant], baseline: BaselineChoice | None) -> int:
    """Place of the baseline: the one that was asked for, else the first pilot's, else the first."""
    require(bool(found), "pilots", "line_up_empty")
    if baseline is None:
        return next((at for at, one in enumerate(found) if one.arm.role == "baseline"), 0)
    wanted = (baseline.pilot_id, baseline.schedule)
    for place, one in enumerate(found):
        if (one.participant.choice.pilot_id, one.arm.schedule) == wanted:
            return place
    raise Refusal("baseline", "baseline_not_in_line_up", schedule=baseline.schedule)


def _names(ordered: Sequence[Entrant]) -> list[str]:
    """Names that tell the lines apart: the rate where needed; of several pilots, with a number.

    The number comes first, and behind it which of several pilots of one name it is: beside a line
    there is no room for more than the beginning of a name.
    """
    pilots = {one.participant.place: one.participant.review.pilot for one in ordered}
    namesakes = _namesakes(pilots)
    wanted = []
    for place, one in enumerate(ordered, start=1):
        siblings = {
            (other.arm.rate_multiplier, other.arm.purpose)
            for other in ordered
            if other.participant is one.participant and other.arm.schedule == one.arm.schedule
        }
        name = one.arm.schedule
        if len(siblings) > 1:
            name = f"{name} ×{one.arm.rate_multiplier:g}"
        if len(pilots) > 1:
            which = namesakes[one.participant.place]
            before, behind = (f"{which} ", f" {which}") if which else ("", "")
            name = f"{place}. {before}{name} · {one.participant.review.pilot}{behind}"
        wanted.append(name)
    return list(_numbered(wanted))


def _namesakes(pilots: Mapping[int, str]) -> dict[int, str]:
    """Which of its name each pilot is, in the order chosen; empty where a name is one pilot's."""
    alike: dict[str, list[int]] = {}
    for place in sorted(pilots):
        alike.setdefault(pilots[place], []).append(place)
    return {
        place: f"({number})" if len(places) > 1 else ""
        for places in alike.values()
        for number, place in enumerate(places, start=1)
    }


def _numbered(names: Iterable[str]) -> Iterator[str]:
    """The same names, those that come again with a number behind."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"
