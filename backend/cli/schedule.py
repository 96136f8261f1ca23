"""``paybatch schedule``: what a schedule does at every step, and the same taken home."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import click
import yaml

from backend.cli.control import control
from backend.cli.files import read_data, write_csv, write_json, write_text
from backend.cli.inputs import ScheduleFile
from backend.cli.options import file_argument, language_option, out_option
from backend.cli.outputs import ShownSchedule, StepColumns
from backend.cli.plug_ins import known_here
from backend.cli.published import list_settings, setting
from backend.codec import decode, encode
from backend.problems import below
from planner.exports.laid_out import lay_out
from planner.exports.pytorch import pytorch_source
from planner.pilots.pilot import Pilot
from planner.refusal import Refusal, require
from planner.schedules.momentum import MomentumForm, effective_rate
from planner.schedules.schedule import StepTable, plan_steps, stages, work_parity
from wording.language import Language

COLUMNS = tuple(field.name for field in dataclasses.fields(StepColumns))

EXAMPLE = """\b
Example:
  paybatch schedule show pilot.yaml --schedule today --format csv --out steps.csv

\b
FILE may also hold schedules alone:
  training_samples: 50000
  budget: {epochs: 300}
  momentum_form: normalised
  schedules:
    - name: constant
      learning_rate: {initial: 0.1}
      batch_size: {initial: 128}
"""


EXPORT_EXAMPLE = """\b
Example:
  paybatch schedule export pilot.yaml --schedule "growing batch" --out growing_batch.py
  python growing_batch.py
"""


@click.group()
def schedule() -> None:
    """Schedules: learning rate, batch size and momentum for every step."""


schedule.add_command(control)
schedule.add_command(list_settings)
schedule.add_command(setting)


@schedule.command(epilog=EXAMPLE)
@file_argument
@click.option("--schedule", "name", default=None, help="Show only the schedule of this name.")
@click.option(
    "--format", "form", type=click.Choice(("csv", "json")), default="csv", show_default=True
)
@out_option
@language_option
def show(
    file: Path, name: str | None, form: Literal["csv", "json"], out: Path | None, language: Language
) -> None:
    """Shows every step of the schedules in FILE, a pilot or a list of schedules.

    The learning rate is the one the trainer's momentum form takes; the effective learning rate is
    the one of the normalised form that walks the same path. Samples are counted before the step.
    """
    plan = _schedule_file(read_data(file))
    tables = _tables(plan, name, _training_samples(plan, language))
    if form == "json":
        shown = [_shown(title, table, plan.momentum_form) for title, table in tables]
        write_json([encode(schedule) for schedule in shown], out, indent=None)
        return
    rows = (row for title, table in tables for row in _rows(title, table, plan.momentum_form))
    steps = sum(table.steps for _, table in tables)
    write_csv(("schedule", *COLUMNS), rows, out, total=steps)


@schedule.command(epilog=EXPORT_EXAMPLE)
@file_argument
@click.option("--schedule", "name", required=True, help="The schedule that is taken home.")
@click.option(
    "--to",
    "trainer",
    type=click.Choice(("pytorch", "yaml", "json")),
    default="pytorch",
    show_default=True,
    help="Code for a trainer, or a file that these commands read back.",
)
@out_option
@language_option
def export(
    file: Path,
    name: str,
    trainer: Literal["pytorch", "yaml", "json"],
    out: Path | None,
    language: Language,
) -> None:
    """Takes a schedule of FILE home: as code with its own test, or as a file to read back."""
    plan = _schedule_file(read_data(file))
    samples = _training_samples(plan, language)
    known = ", ".join(found.name for found in plan.schedules)
    chosen = next((found for found in plan.schedules if found.name == name), None)
    if chosen is None:
        raise Refusal("--schedule", "not_one_of", allowed=known)
    if trainer == "pytorch":
        laid_out = lay_out(
            chosen,
            training_samples=samples,
            epochs=plan.budget.epochs,
            form=plan.momentum_form,
            rate_multiplier=plan.rate_multiplier,
        )
        write_text(pytorch_source(laid_out), out)
        return
    alone = dataclasses.replace(plan, schedules=(chosen,), training_samples=samples)
    if trainer == "json":
        write_json(encode(alone), out)
    else:
        write_text(yaml.safe_dump(encode(alone), allow_unicode=True, sort_keys=False), out)


def _schedule_file(data: object) -> ScheduleFile:
    """The schedules of a pilot file, or of a file with schedules alone."""
    if not (isinstance(data, dict) and "target" in data):
        return decode(ScheduleFile, data)
    pilot = decode(Pilot, data)
    return ScheduleFile(
        schedules=pilot.schedules,
        budget=pilot.budget,
        workload=pilot.workload,
        momentum_form=pilot.momentum_form,
    )


def _training_samples(plan: ScheduleFile, language: Language) -> int:
    if plan.training_samples is not None:
        return plan.training_samples
    require(plan.workload is not None, "training_samples", "missing")
    workload = known_here(str(plan.workload), language).get(str(plan.workload))
    if workload is None:
        raise Refusal("workload", "workload_unknown", workload=str(plan.workload))
    return workload.training_samples


def _tables(plan: ScheduleFile, name: str | None, samples: int) -> list[tuple[str, StepTable]]:
    """The chosen schedules by name, each evaluated for its whole run."""
    known = ", ".join(found.name for found in plan.schedules)
    chosen = [
        (place, found)
        for place, found in enumerate(plan.schedules)
        if name is None or found.name == name
    ]
    require(name is None or bool(chosen), "--schedule", "not_one_of", allowed=known)
    tables = []
    for place, found in chosen:
        try:
            table = plan_steps(
                found,
                training_samples=samples,
                epochs=plan.budget.epochs,
                rate_multiplier=plan.rate_multiplier,
                form=plan.momentum_form,
            )
        except Refusal as refusal:
            raise below(f"schedules[{place}]", refusal) from refusal
        tables.append((found.name, table))
    return tables


def _columns(table: StepTable, form: MomentumForm) -> StepColumns:
    effective = effective_rate(form, rate=table.learning_rate, beta=table.momentum)
    return StepColumns(
        step=tuple(range(table.steps)),
        epoch=tuple(table.epoch.tolist()),
        samples=tuple(table.samples.tolist()),
        learning_rate=tuple(table.learning_rate.tolist()),
        effective_learning_rate=tuple(effective.tolist()),
        batch_size=tuple(table.batch_size.tolist()),
        momentum=tuple(table.momentum.tolist()),
    )


def _rows(title: str, table: StepTable, form: MomentumForm) -> Iterable[tuple[object, ...]]:
    columns = _columns(table, form)
    for values in zip(*(getattr(columns, name) for name in COLUMNS), strict=True):
        yield (title, *values)


def _shown(title: str, table: StepTable, form: MomentumForm) -> ShownSchedule:
    return ShownSchedule(
        name=title,
        work=work_parity(table, form=form),
        stages=stages(table),
        capped_at_data=table.capped_at_data,
        steps=_columns(table, form),
    )
