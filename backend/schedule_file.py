"""A schedule outside a pilot: the file that is written and read back, and its other forms."""

import json
from dataclasses import dataclass
from typing import ClassVar

import yaml
from pydantic import ConfigDict

from backend.codec import encode
from planner.exports.export_request import ExportedFile, ExportRequest, exported_name
from planner.exports.trainers import TRAINERS, trainer_file
from planner.pilots.pilot import Budget
from planner.schedules.momentum import MomentumForm
from planner.schedules.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFile:
    """Schedules without a pilot around them.

    Attributes:
        training_samples: Samples in one epoch; absent when ``workload`` is known.
        workload: Name of a built-in workload, or of a plug-in's that is installed here.
        rate_multiplier: Factor on every learning rate.
    """

    schedules: tuple[Schedule, ...]
    budget: Budget
    training_samples: int | None = None
    workload: str | None = None
    momentum_form: MomentumForm = "heavy_ball"
    rate_multiplier: float = 1.0
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)


def exported(request: ExportRequest, *, training_samples: int) -> ExportedFile:
    """A schedule as it is taken home.

    Raises:
        Refusal: The schedule cannot be run, or the trainer cannot do what it says.
    """
    if request.to in TRAINERS:
        return trainer_file(request, training_samples=training_samples)
    alone = ScheduleFile(
        schedules=(request.schedule,),
        budget=Budget(epochs=request.epochs),
        training_samples=training_samples,
        workload=request.workload,
        momentum_form=request.momentum_form,
        rate_multiplier=request.rate_multiplier,
    )
    name = exported_name(request.schedule.name, request.to)
    if request.to == "json":
        text = json.dumps(encode(alone), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        return ExportedFile(name=name, media_type="application/json", text=text)
    text = yaml.safe_dump(encode(alone), allow_unicode=True, sort_keys=False)
    return ExportedFile(name=name, media_type="application/yaml", text=text)
