"""What is asked for when a schedule is taken home, and the file that is handed over."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from planner.bounds import check_at_least, check_positive
from planner.refusal import require
from planner.schedules.momentum import MomentumForm
from planner.schedules.schedule import Schedule

ExportForm = Literal[
    "pytorch", "lightning", "hugging_face", "megatron", "composer", "olmo_core", "yaml", "json"
]
"""Code for a trainer, or a file that is read back as the same schedule."""

LONGEST_FILE_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """A schedule, and for what it is taken home.

    Attributes:
        schedule: As planned.
        to: What is written.
        epochs: Of the run, unless the schedule has epochs of its own.
        training_samples: Samples in one epoch; absent when ``workload`` is known.
        workload: Name of a workload whose training samples are meant.
        momentum_form: That the rates are stated for.
        rate_multiplier: Factor on the whole learning-rate curve, such as the one a sweep chose.
        sequence_length: Tokens in a sample; Megatron's thresholds and OLMo-core need it.
    """

    schedule: Schedule
    to: ExportForm
    epochs: int
    training_samples: int | None = None
    workload: str | None = None
    momentum_form: MomentumForm = "heavy_ball"
    rate_multiplier: float = 1.0
    sequence_length: int | None = None

    def __post_init__(self) -> None:
        require(self.to in get_args(ExportForm), "to", "choice_unknown")
        check_at_least(self.epochs, 1, "epochs")
        if self.training_samples is not None:
            check_at_least(self.training_samples, 1, "training_samples")
        if self.sequence_length is not None:
            check_at_least(self.sequence_length, 1, "sequence_length")
        check_positive(self.rate_multiplier, "rate_multiplier")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file that is taken home.

    Attributes:
        name: Harmless in any file system; Python can import it where it holds code.
        media_type: Of the text.
        text: All of it, in UTF-8.
    """

    name: str
    media_type: str
    text: str


_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that Windows keeps for its devices, whatever stands behind the dot."""


def exported_name(schedule_name: str, to: ExportForm) -> str:
    """A name that a file system and Python's import take; "schedule" where nothing is left."""
    plain = re.sub(r"[^a-z0-9]+", "_", schedule_name.lower())[:LONGEST_FILE_NAME].strip("_")
    stem = plain or "schedule"
    ending = f".{to}" if to in ("yaml", "json") else f"_{to}.py"
    taken = stem[0].isdigit() or _DEVICE.fullmatch(stem) is not None
    return f"{'schedule_' if taken else ''}{stem}{ending}"
