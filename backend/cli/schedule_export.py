"""``paybatch schedule export``: a schedule taken home as code, or as a file to read back."""

from pathlib import Path
from typing import get_args

import click

from backend.cli.files import read_data, write_text
from backend.cli.options import file_argument, language_option, out_option
from backend.cli.schedule_reading import schedule_file, training_samples
from backend.documents.schedule_file import exported
from planner.exports.export_request import ExportForm, ExportRequest
from planner.refusal import Refusal
from wording.language import Language

EXAMPLE = """\b
Example:
  paybatch schedule export pilot.yaml --schedule "growing batch" --out growing_batch.py
  python growing_batch.py
"""


class _Trainer(click.Choice[str]):
    """Names of trainers, which may be written with a hyphen as well."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return super().convert(value.replace("-", "_"), param, ctx)


@click.command(epilog=EXAMPLE)
@file_argument
@click.option("--schedule", "name", required=True, help="The schedule that is taken home.")
@click.option(
    "--to",
    type=_Trainer(get_args(ExportForm)),
    default="pytorch",
    show_default=True,
    help="Code for a trainer, or a file that these commands read back.",
)
@click.option(
    "--sequence-length",
    type=click.IntRange(min=1),
    default=None,
    help="Tokens in a sample; Megatron and OLMo-core count batches or thresholds in tokens.",
)
@out_option
@language_option
def export(
    file: Path,
    name: str,
    to: ExportForm,
    sequence_length: int | None,
    out: Path | None,
    language: Language,
) -> None:
    """Takes a schedule of FILE home: as code with its own test, or as a file to read back."""
    plan = schedule_file(read_data(file))
    samples = training_samples(plan, language)
    known = ", ".join(found.name for found in plan.schedules)
    chosen = next((found for found in plan.schedules if found.name == name), None)
    if chosen is None:
        raise Refusal("--schedule", "not_one_of", allowed=known)
    request = ExportRequest(
        schedule=chosen,
        to=to,
        epochs=plan.budget.epochs,
        training_samples=samples,
        workload=plan.workload,
        momentum_form=plan.momentum_form,
        rate_multiplier=plan.rate_multiplier,
        sequence_length=sequence_length,
    )
    write_text(exported(request, training_samples=samples).text, out)
