"""Which trainers a schedule can be taken home to."""

from collections.abc import Callable, Mapping

from planner.exports.composer import composer_source
from planner.exports.export_request import (
    ExportedFile,
    ExportForm,
    ExportRequest,
    exported_name,
)
from planner.exports.hugging_face import hugging_face_source
from planner.exports.laid_out import LaidOut, lay_out
from planner.exports.lightning import lightning_source
from planner.exports.megatron import megatron_source
from planner.exports.olmo_core import olmo_core_source
from planner.exports.pytorch import pytorch_source

PYTHON = "text/x-python"

TRAINERS: Mapping[ExportForm, Callable[[LaidOut, ExportRequest], str]] = {
    "pytorch": lambda laid_out, _: pytorch_source(laid_out),
    "lightning": lambda laid_out, _: lightning_source(laid_out),
    "hugging_face": lambda laid_out, _: hugging_face_source(laid_out),
    "megatron": lambda laid_out, request: megatron_source(laid_out, request.sequence_length),
    "composer": lambda laid_out, _: composer_source(laid_out),
    "olmo_core": lambda laid_out, request: olmo_core_source(laid_out, request.sequence_length),
}


def trainer_file(request: ExportRequest, *, training_samples: int) -> ExportedFile:
    """The schedule as code for one of ``TRAINERS``, for data of that many samples.

    Raises:
        Refusal: The schedule cannot be run, or the trainer cannot do what it says.
    """
    laid_out = lay_out(
        request.schedule,
        training_samples=training_samples,
        epochs=request.epochs,
        form=request.momentum_form,
        rate_multiplier=request.rate_multiplier,
    )
    return ExportedFile(
        name=exported_name(request.schedule.name, request.to),
        media_type=PYTHON,
        text=TRAINERS[request.to](laid_out, request),
    )
