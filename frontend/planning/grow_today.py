"""The default candidate, asked for step by step: today's schedule on a batch that grows."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import groupby

from pydantic import ValidationError

from frontend.calls.codec import adapter
from frontend.planning.document import Document
from frontend.planning.schedule_form import free_name, schedule_document
from planner.schedules.batch_size import batch_segments
from planner.schedules.presets import grow_from_todays_batch
from planner.schedules.rate_to_batch import BatchRule, RateToBatch
from planner.schedules.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What is asked for.

    Attributes:
        stages: Equal stages of the run, the first at today's batch.
        factor: Growth from one stage to the next.
        largest: Batch at which it stops.
        rule: What the growing batch does to today's rate; None: nothing.
        ramp_epochs: Epochs over which the rate follows.
    """

    stages: int
    factor: float
    largest: int
    rule: BatchRule | None
    ramp_epochs: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """What a growth would be.

    Attributes:
        batch_sizes: Of the stages, one each.
        steps: Of a whole run.
        steps_today: Of a run of today's schedule.
    """

    schedule: Schedule
    batch_sizes: tuple[int, ...]
    steps: int
    steps_today: int

    @property
    def sizes_shown(self) -> tuple[int, ...]:
        """The batch sizes one after the other, each once for as long as it lasts."""
        return tuple(size for size, _ in groupby(self.batch_sizes))

    @property
    def grows(self) -> bool:
        """Whether any stage has another batch than the first."""
        return len(self.sizes_shown) > 1


def grown(
    today: Document, growth: Growth, *, epochs: int, training_samples: int, name: str
) -> Grown | None:
    """The candidate; None where today's schedule or what is asked for is not valid."""
    try:
        baseline = adapter(Schedule).validate_python(today)
        made = grow_from_todays_batch(
            baseline,
            epochs=epochs,
            growth=growth.factor,
            stages=growth.stages,
            maximum=max(growth.largest, baseline.batch_size.first),
        )
        rule = growth.rule and RateToBatch(rule=growth.rule, ramp_epochs=growth.ramp_epochs)
        rate = replace(made.learning_rate, to_batch=rule or made.learning_rate.to_batch)
        made = replace(made, name=name, learning_rate=rate)
    except (ValidationError, ValueError):
        return None
    own, theirs = (
        batch_segments(one.batch_size, training_samples=training_samples, epochs=epochs)
        for one in (made, baseline)
    )
    every = made.batch_size.every_epochs or epochs
    return Grown(
        schedule=made,
        batch_sizes=tuple(own.batch_size[::every].tolist()),
        steps=int(own.steps.sum()),
        steps_today=int(theirs.steps.sum()),
    )


def holds(schedules: list[Document], made: Grown) -> bool:
    """Whether one of the schedules is the candidate already, whatever its name."""
    own = _nameless(schedule_document(made.schedule))
    return any(_nameless(_completed(schedule)) == own for schedule in schedules)


def with_grown(schedules: list[Document], made: Grown, *, taken: Collection[str]) -> list[Document]:
    """The schedules of a plan and the candidate as one more, under a name that is free."""
    own = replace(made.schedule, name=free_name(made.schedule.name, taken))
    return [*schedules, schedule_document(own)]


def _completed(schedule: Document) -> Document:
    """A schedule with what it leaves unsaid; as it is where it is not valid yet."""
    try:
        return schedule_document(adapter(Schedule).validate_python(schedule))
    except (ValidationError, ValueError):
        return schedule


def _nameless(schedule: Document) -> Document:
    return {field: value for field, value in schedule.items() if field != "name"}
