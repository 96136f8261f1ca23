"""Where runs of a pilot left the healthy range, and what became of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.measurements.measurement import RunRecord
from planner.pilots.course import Course
from planner.pilots.executed import rollbacks_of
from planner.pilots.run import Purpose
from planner.schedules.schedule import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDivergence:
    """One time that a run of the pilot left the healthy range.

    Attributes:
        schedule: Of the run.
        rate_multiplier: Of the run.
        seed: Of the run.
        purpose: What the seed served.
        step: Steps done then.
        stage: Stage of its own schedule, from 1; None after a fall-back.
        to_step: Steps done where it went back to; None where it ended there.
        rate_factor: What was left of its rate from there on.
        follows: Schedule that it went on with; None for its own.
    """

    schedule: str
    rate_multiplier: float
    seed: int
    purpose: Purpose
    step: int
    stage: int | None
    to_step: int | None
    rate_factor: float
    follows: str | None


def seen_divergences(record: RunRecord, laid_out: Mapping[str, Course]) -> Iterator[SeenDivergence]:
    """The times that one run went back, and the one that ended it."""
    run = record.run
    if run.schedule is None:
        return
    stages = laid_out[run.schedule].stages
    own = True
    rate_factor = 1.0
    for back in rollbacks_of(record.attempts):
        yield SeenDivergence(
            schedule=run.schedule,
            rate_multiplier=run.rate_multiplier,
            seed=run.seed,
            purpose=run.purpose,
            step=back.at_step,
            stage=_stage_at(stages, back.at_step) if own else None,
            to_step=back.to_step,
            rate_factor=back.rate_factor,
            follows=back.follows,
        )
        own, rate_factor = own and back.follows is None, back.rate_factor
    if record.status == "diverged":
        at_step = record.attempts[-1].to_step if record.attempts else 0
        yield SeenDivergence(
            schedule=run.schedule,
            rate_multiplier=run.rate_multiplier,
            seed=run.seed,
            purpose=run.purpose,
            step=at_step,
            stage=_stage_at(stages, at_step) if own else None,
            to_step=None,
            rate_factor=rate_factor,
            follows=None,
        )


def _stage_at(stages: Sequence[Stage], step: int) -> int:
    """Stage, from 1, of the last of ``step`` steps."""
    return max(
        [number for number, stage in enumerate(stages, start=1) if stage.first_step < step],
        default=1,
    )
