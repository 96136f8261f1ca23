"""A published setting as one more candidate of a plan: what differs, and what is made of it."""

import dataclasses
from typing import Literal, get_args

from frontend.planning.document import Document, read
from frontend.planning.form import with_control
from frontend.planning.schedule_form import free_name
from planner.pilots.workload import Workload
from planner.schedules.momentum import MomentumForm
from planner.schedules.momentum_form import effective_factor, in_form
from planner.schedules.published import PublishedSetting
from planner.schedules.published_start import exact_start, stretched_start

Length = Literal["stretched", "own"]
LENGTHS: tuple[Length, ...] = get_args(Length)
"""Stretched to the plan's epochs, or with the publication's own."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a plan is not what a setting was published for.

    Attributes:
        epochs: Of the plan, where they are other ones; else None.
        training_samples: Of the plan's workload, where it is known and has other ones; else None.
        effective_factor: How many times as large the effective rate becomes where the stated
            rates are used as they stand; 1 where it stays.
    """

    epochs: int | None
    training_samples: int | None
    effective_factor: float


def difference(
    setting: PublishedSetting, document: Document, workload: Workload | None
) -> Difference:
    """What to be warned of before a setting is taken into a plan."""
    epochs = planned_epochs(document)
    samples = setting.training_samples if workload is None else workload.training_samples
    return Difference(
        epochs=None if epochs == setting.epochs else epochs,
        training_samples=None if samples == setting.training_samples else samples,
        effective_factor=effective_factor(setting.schedule, form=planned_form(document)),
    )


def with_start(
    document: Document, setting: PublishedSetting, *, length: Length, converted: bool
) -> Document:
    """The plan with the setting as its last candidate.

    Args:
        document: The plan.
        setting: What is taken.
        length: Matters where the plan's epochs are not the setting's.
        converted: Whether the rates are stated anew for the plan's form of momentum.
    """
    start = stretched_start if length == "stretched" else exact_start
    schedule = start(setting, epochs=planned_epochs(document))
    if converted:
        schedule = in_form(schedule, form=planned_form(document))
    taken = [other["name"] for other in read(document, "pilot.schedules")]
    name = free_name(f"({setting.case}) {schedule.name}", taken)
    return with_control(document, dataclasses.replace(schedule, name=name))


def planned_epochs(document: Document) -> int:
    """Epochs of every run of the plan; 1 while it states none."""
    epochs = read(document, "pilot.budget.epochs")
    return epochs if isinstance(epochs, int) and epochs >= 1 else 1


def planned_form(document: Document) -> MomentumForm:
    """The plan's form of momentum."""
    form: MomentumForm = read(document, "pilot.momentum_form") or "heavy_ball"
    return form
