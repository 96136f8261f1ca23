"""``paybatch schedule``: what a schedule does at every step, and the same taken home."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import click

from backend.cli.control import control
from backend.cli.files import read_data, write_csv, write_json
from backend.cli.options import file_argument, language_option, out_option
from backend.cli.outputs import ShownSchedule, StepColumns
from backend.cli.published import list_settings, setting
from backend.cli.schedule_export import export
from backend.cli.schedule_import import import_
from backend.cli.schedule_reading import schedule_file, training_samples
from backend.documents.schedule_file import ScheduleFile
from backend.wire.codec import encode
from backend.wire.problems import below
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


@click.group()
def schedule() -> None:
    """Schedules: learning rate, batch size and momentum for every step."""


schedule.add_command(control)
schedule.add_command(list_settings)
schedule.add_command(setting)
schedule.add_command(export)
schedule.add_command(import_)


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
    plan = schedule_file(read_data(file))
    tables = _tables(plan, name, training_samples(plan, language))
    if form == "json":
        shown = [_shown(title, table, plan.momentum_form) for title, table in tables]
        write_json([encode(schedule) for schedule in shown], out, indent=None)
        return
    rows = (row for title, table in tables for row in _rows(title, table, plan.momentum_form))
    steps = sum(table.steps for _, table in tables)
    write_csv(("schedule", *COLUMNS), rows, out, total=steps)


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
