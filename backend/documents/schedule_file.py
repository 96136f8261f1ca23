"""A schedule outside a pilot: the file that is written and read back, and its other forms."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import yaml
from pydantic import ConfigDict

from backend.documents import plain_yaml
from backend.documents.plain_yaml import SpelledOutLoader
from backend.wire.codec import decode, encode
from planner.bounds import check_at_least, check_name
from planner.exports.export_request import ExportedFile, ExportRequest, exported_name
from planner.exports.megatron_import import read_megatron
from planner.exports.trainers import PYTHON, TRAINERS, trainer_file
from planner.pilots.pilot import Budget
from planner.refusal import Refusal, require
from planner.schedules.momentum import MomentumForm
from planner.schedules.schedule import Schedule

ImportForm = Literal["megatron", "yaml", "json"]
"""What schedules are read back from."""

JSON, YAML = "application/json", "application/yaml"
MEDIA_TYPES = (PYTHON, JSON, YAML)
"""Of what a schedule can be taken home as."""

LONGEST_TEXT: Mapping[ImportForm, int] = {"megatron": 2**20, "yaml": 2**18, "json": 2**20}
"""Characters of a text that schedules are read back from; the longest YAML takes two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """A text that holds schedules.

    Attributes:
        text: Megatron's flags, or a file that was taken home.
        form: Which of them.
        name: Of the schedule that flags state.
        training_samples: Samples in one epoch, which flags do not say; by default the warm-up is a
            whole number of epochs, and without one the run is a single epoch.
    """

    text: str
    form: ImportForm
    name: str = "imported"
    training_samples: int | None = None
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)

    def __post_init__(self) -> None:
        longest = LONGEST_TEXT[self.form]
        require(len(self.text) <= longest, "text", "too_long", most=longest)
        check_name(self.name, "name")
        if self.training_samples is not None:
            check_at_least(self.training_samples, 1, "training_samples")


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
        return ExportedFile(name=name, media_type=JSON, text=text)
    text = plain_yaml.written(encode(alone))
    return ExportedFile(name=name, media_type=YAML, text=text)


def read_back(request: ImportRequest) -> ScheduleFile:
    """The schedules of a file that was taken home, or of Megatron's flags.

    Raises:
        InputError: It holds no schedules.
        Refusal: It cannot be read, or a schedule cannot say the same.
    """
    text = request.text
    if request.form == "megatron":
        run = read_megatron(text, name=request.name, training_samples=request.training_samples)
        return ScheduleFile(
            schedules=(run.schedule,),
            budget=Budget(epochs=run.epochs),
            training_samples=run.training_samples,
        )
    return decode(ScheduleFile, _json(text) if request.form == "json" else _yaml(text))


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal("text", "not_json") from error


def _yaml(text: str) -> object:
    try:
        return yaml.load(text, Loader=SpelledOutLoader)  # noqa: S506  # derived from SafeLoader
    except yaml.MarkedYAMLError as error:
        line = 1 if error.problem_mark is None else error.problem_mark.line + 1
        raise Refusal("text", "file_not_yaml", line=line, problem=str(error.problem)) from error
    except RecursionError as error:
        raise Refusal("text", "file_not_yaml", line=1, problem="nested too deeply") from error
    except (ValueError, yaml.YAMLError) as error:
        raise Refusal("text", "file_not_readable") from error
