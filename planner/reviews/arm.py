"""An arm: the runs of one schedule that count in a comparison."""

from collections.abc import Iterable
from dataclasses import dataclass

from planner.pilots.pilot import Pilot
from planner.pilots.run import PHASE_ENDING, Purpose
from planner.reviews.race import Race
from planner.reviews.selection import Selection
from planner.schedules.schedule import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One schedule at one rate multiplier, on the seeds of one purpose.

    Attributes:
        schedule: Its name.
        role: Whether it is what the team runs today.
        rate_multiplier: Factor on its whole rate curve.
        purpose: Whether its seeds were used to select it or only to confirm it.
        planned: Runs that were planned for it.
        races: Ended runs, by seed.
    """

    schedule: str
    role: Role
    rate_multiplier: float
    purpose: Purpose
    planned: int
    races: tuple[Race, ...]

    @property
    def reached(self) -> tuple[Race, ...]:
        """Races that crossed the target."""
        return tuple(race for race in self.races if race.crossing is not None)

    @property
    def complete(self) -> bool:
        """Whether every planned run has ended."""
        return len(self.races) == self.planned


def arms(pilot: Pilot, races: Iterable[Race], selection: Selection | None) -> tuple[Arm, ...]:
    """One arm for every schedule, in the pilot's order.

    The baseline and the finalists stand on confirmation seeds; everything else, and everything
    before the selection has frozen anything, on selection seeds at the best known multiplier.
    """
    ended = [race for race in races if race.status in PHASE_ENDING]
    finalists = {pilot.baseline.name, *selection.finalists} if selection else set()
    built = []
    for schedule in pilot.schedules:
        confirmed = schedule.name in finalists and bool(pilot.seeds.confirmation)
        purpose: Purpose = "confirmation" if confirmed else "selection"
        multiplier = selection.selected[schedule.name] if selection else 1.0
        seeds = pilot.seeds.confirmation if confirmed else pilot.seeds.selection
        built.append(
            Arm(
                schedule=schedule.name,
                role=schedule.role,
                rate_multiplier=multiplier,
                purpose=purpose,
                planned=len(seeds),
                races=_of_arm(ended, schedule.name, multiplier, purpose),
            )
        )
    return tuple(built)


def paired(candidate: Arm, baseline: Arm) -> tuple[tuple[Race, Race], ...]:
    """Candidate and baseline races of every seed that both have ended, by seed."""
    theirs = {race.seed: race for race in baseline.races}
    return tuple((race, theirs[race.seed]) for race in candidate.races if race.seed in theirs)


def both_reached(pair: tuple[Race, Race]) -> bool:
    """Whether neither race of the pair is censored."""
    return all(race.crossing is not None for race in pair)


def spent_s(race: Race) -> float:
    """Composed seconds up to the crossing; the whole budget where there was none."""
    return race.crossing.time_s if race.crossing else race.training_s


def _of_arm(
    races: Iterable[Race], schedule: str, multiplier: float, purpose: Purpose
) -> tuple[Race, ...]:
    wanted = (schedule, multiplier, purpose)
    ours = [race for race in races if (race.schedule, race.rate_multiplier, race.purpose) == wanted]
    return tuple(sorted(ours, key=lambda race: race.seed))
