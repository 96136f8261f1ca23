"""``paybatch import``: what a file of another program holds, before it is imported."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from backend.cli.files import read, write_json
from backend.cli.import_run import import_run
from backend.cli.options import language_option
from backend.imports import reading
from backend.wire.codec import encode
from planner.imports.inferred_schedule import InferredSchedule, inferred_schedule
from planner.imports.look import Look
from planner.imports.mapping import ColumnMapping
from wording.catalogue import say
from wording.language import Language
from wording.refusals import refusal_line

MOST_SHOWN = 20
"""Runs and columns of each kind that are told; --json has all of them."""

INDENT = "  "

EXAMPLE = """\b
Example:
  paybatch import look mlruns
  paybatch import look log.csv --mapping mapping.yaml --json
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSchedule:
    """What the log of one run says of its schedule."""

    run: str
    found: InferredSchedule


@click.group("import")
def import_() -> None:
    """Runs that were measured elsewhere: CSV, MLflow, TensorBoard, Weights & Biases, DAWNBench."""


import_.add_command(import_run)


@import_.command("look", epilog=EXAMPLE)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="What the columns say, in YAML or JSON; without it, what well-known names suggest.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@language_option
def look(file: Path, mapping: Path | None, as_json: bool, language: Language) -> None:
    """Tells what FILE, a folder or a zip archive holds, what must be told, and its schedules.

    Nothing is stored. Schedules are read off the logged rates once nothing is left to ask and the
    mapping says "training_samples".
    """
    told = None if mapping is None else read(ColumnMapping, mapping)
    seen = reading.look(file, told)
    used = told or seen.suggested
    schedules = tuple(_schedules(file, used)) if _can_infer(seen, used) else ()
    if as_json:
        found = [{"run": one.run, "schedule": encode(one.found)} for one in schedules]
        write_json({"look": encode(seen), "schedules": found}, None)
        return
    for line in _lines(seen, schedules, language):
        click.echo(line)


def _can_infer(seen: Look, mapping: ColumnMapping) -> bool:
    return not seen.asked and mapping.training_samples is not None


def _schedules(file: Path, mapping: ColumnMapping) -> Iterator[RunSchedule]:
    for run in reading.read(file, mapping):
        found = inferred_schedule(run, training_samples=mapping.training_samples or 1)
        yield RunSchedule(run=run.name, found=found)


def _lines(seen: Look, schedules: tuple[RunSchedule, ...], language: Language) -> Iterator[str]:
    source = say(f"import.source.{seen.source}", language)
    yield say("import.look.form", language, source=source, form=seen.form)
    for column in seen.columns[:MOST_SHOWN]:
        kind = say(f"import.kind.{column.kind}", language)
        yield INDENT + say(
            "import.look.column", language, kind=kind, name=column.name, sample=column.sample
        )
    yield from _more(len(seen.columns), language)
    for run in seen.runs[:MOST_SHOWN]:
        yield INDENT + say("import.look.run", language, name=run.name, rows=run.rows)
    yield from _more(len(seen.runs), language)
    if seen.cut_off:
        named = ", ".join(seen.cut_off[:MOST_SHOWN])
        yield INDENT + say("import.look.cut_off", language, runs=named)
    for asked in seen.asked:
        line = refusal_line(asked.field, asked.code, language, asked.params)
        yield say("import.look.asked", language, question=line)
    for one in schedules[:MOST_SHOWN]:
        yield _inferred(one, language)


def _more(count: int, language: Language) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield INDENT + say("import.look.more", language, count=count - MOST_SHOWN)


def _inferred(one: RunSchedule, language: Language) -> str:
    schedule = one.found.schedule
    if schedule is None:
        reason = say(f"import.not_inferred.{one.found.reason}", language)
        return say("import.look.not_inferred", language, run=one.run, reason=reason)
    rate, batch = schedule.learning_rate, schedule.batch_size
    return say(
        "import.look.inferred",
        language,
        run=one.run,
        decay="growth" if rate.growth else rate.decay,
        initial=rate.initial,
        batch=batch.thresholds or str(batch.first),
        deviation=f"{one.found.deviation_ratio:.1e}",
        step=one.found.deviation_step,
    )
