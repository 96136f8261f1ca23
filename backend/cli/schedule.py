"""``paybatch schedule show``: what a schedule does at every step, for scripts and for checking."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import click

from backend.cli.files import read_data, write_csv, write_json
from backend.cli.inputs import ScheduleFile
from backend.cli.options import file_argument, language_option, out_option
from backend.codec import decode, encode
from planner.momentum import MomentumForm, effective_rate
from planner.pilot import Pilot
from planner.refusal import Refusal, require
from planner.schedule import Schedule, StepTable, plan_steps, stages, work_parity
from planner.workload import BUILT_IN
from wording.language import Language

COLUMNS = (
    "schedule",
    "step",
    "epoch",
    "samples",
    "learning_rate",
    "effective_learning_rate",
    "batch_size",
    "momentum",
)

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
    del language  # only refusals are told in a language here
    plan = _schedule_file(read_data(file))
    tables = {
        chosen.name: plan_steps(
            chosen,
            training_samples=_training_samples(plan),
            epochs=plan.budget.epochs,
            rate_multiplier=plan.rate_multiplier,
        )
        for chosen in _chosen(plan, name)
    }
    if form == "json":
        data = {title: _as_data(table, plan.momentum_form) for title, table in tables.items()}
        write_json(data, out, indent=None)
        return
    rows = (
        row for title, table in tables.items() for row in _rows(title, table, plan.momentum_form)
    )
    write_csv(COLUMNS, rows, out, total=sum(table.steps for table in tables.values()))


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


def _training_samples(plan: ScheduleFile) -> int:
    if plan.training_samples is not None:
        return plan.training_samples
    require(plan.workload is not None, "training_samples", "missing")
    if plan.workload not in BUILT_IN:
        raise Refusal("workload", "workload_unknown", workload=str(plan.workload))
    return BUILT_IN[plan.workload].training_samples


def _chosen(plan: ScheduleFile, name: str | None) -> tuple[Schedule, ...]:
    known = tuple(found.name for found in plan.schedules)
    if name is None:
        return plan.schedules
    require(name in known, "--schedule", "not_one_of", allowed=", ".join(known))
    return tuple(found for found in plan.schedules if found.name == name)


def _columns(table: StepTable, form: MomentumForm) -> dict[str, list[float]]:
    effective = effective_rate(form, rate=table.learning_rate, beta=table.momentum)
    return {
        "step": list(range(table.steps)),
        "epoch": table.epoch.tolist(),
        "samples": table.samples.tolist(),
        "learning_rate": table.learning_rate.tolist(),
        "effective_learning_rate": effective.tolist(),
        "batch_size": table.batch_size.tolist(),
        "momentum": table.momentum.tolist(),
    }


def _rows(title: str, table: StepTable, form: MomentumForm) -> Iterable[tuple[object, ...]]:
    for values in zip(*_columns(table, form).values(), strict=True):
        yield (title, *values)


def _as_data(table: StepTable, form: MomentumForm) -> dict[str, object]:
    return {
        "work": encode(work_parity(table, form=form)),
        "stages": [encode(stage) for stage in stages(table)],
        "capped_at_data": table.capped_at_data,
        "steps": _columns(table, form),
    }
