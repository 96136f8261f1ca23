"""``paybatch schedule list`` and ``setting``: settings that others published, to begin with."""

import dataclasses
from pathlib import Path
from typing import Literal, get_args

import click

from backend.cli.files import write_csv, write_json, write_text
from backend.cli.options import language_option, out_option
from backend.documents import plain_yaml
from backend.documents.schedule_file import ScheduleFile
from backend.published.published_settings import published_settings, published_states
from backend.wire.codec import encode
from planner.pilots.pilot import Budget
from planner.plans.published_facts import PublishedState
from planner.refusal import Refusal
from planner.schedules.published import PublishedSetting
from planner.schedules.published_start import stretched_start
from planner.schedules.theory import Family
from wording.language import Language

COLUMNS = (
    *("id", "case", "family", "data_set", "training_samples", "epochs", "momentum_form"),
    *("first_batch_size", "last_batch_size", "first_learning_rate", "peak_learning_rate"),
    *("last_learning_rate", "momentum", "steps", "summed_effective_rate", "bias", "variance"),
    "source",
)

LIST_EXAMPLE = """\b
Example:
  paybatch schedule list --search "tiny warmup"
  paybatch schedule list --family growing_batch_growing_rate --format json
"""

SETTING_EXAMPLE = """\b
Example, the paper's (ii) with a cosine over 20 epochs, and every step of it:
  paybatch schedule setting json_nshb/incr_bs_decay_lr/cosine --epochs 20 --out cosine.yaml
  paybatch schedule show cosine.yaml
"""


@click.command("list", epilog=LIST_EXAMPLE)
@click.option("--search", default="", help="Words of the name, data set, form or source.")
@click.option(
    "--family", type=click.Choice(get_args(Family)), default=None, help="Only this family."
)
@click.option(
    "--format", "form", type=click.Choice(("csv", "json")), default="csv", show_default=True
)
@out_option
@language_option
def list_settings(
    search: str,
    family: Family | None,
    form: Literal["csv", "json"],
    out: Path | None,
    language: Language,
) -> None:
    """Lists settings that others published, with what they ask for and the terms of the theory.

    Learning rates are stated for the setting's own form of momentum; the summed rate and both
    terms are those of the effective rate, which can be compared.
    """
    del language  # only refusals are told in a language here
    found = published_states(search=search, family=family)
    if form == "json":
        write_json([encode(state) for state in found], out)
    else:
        write_csv(COLUMNS, map(_row, found), out, total=len(found))


@click.command(epilog=SETTING_EXAMPLE)
@click.argument("setting_id", metavar="ID")
@click.option(
    "--epochs",
    type=click.IntRange(min=1),
    default=None,
    help="Length of the run: stages and warm-up are stretched to it. Without it, as published.",
)
@out_option
@language_option
def setting(setting_id: str, epochs: int | None, out: Path | None, language: Language) -> None:
    """Writes one published setting as a file that these commands read, to begin with."""
    del language
    found = next((known for known in published_settings() if known.id == setting_id), None)
    if found is None:
        raise Refusal("ID", "published_setting_not_found", id=setting_id)
    data = encode(_file(found, epochs or found.epochs))
    write_text(plain_yaml.written(data), out)


def _file(found: PublishedSetting, epochs: int) -> ScheduleFile:
    return ScheduleFile(
        schedules=(stretched_start(found, epochs=epochs),),
        budget=Budget(epochs=epochs),
        training_samples=found.training_samples,
        momentum_form=found.momentum_form,
    )


def _row(state: PublishedState) -> tuple[object, ...]:
    known = state.setting
    rate = known.schedule.learning_rate
    named = {
        **{field.name: getattr(known, field.name) for field in dataclasses.fields(known)},
        "family": state.family,
        "first_batch_size": known.schedule.batch_size.first,
        "last_batch_size": state.last_batch_size,
        "first_learning_rate": rate.initial,
        "peak_learning_rate": rate.peak if rate.growth is None else rate.growth.maximum,
        "last_learning_rate": state.last_learning_rate,
        "momentum": known.schedule.momentum.value,
        "steps": state.work.steps,
        "summed_effective_rate": state.work.summed_effective_rate,
        "bias": state.terms.bias,
        "variance": state.terms.variance,
    }
    return tuple(named[column] for column in COLUMNS)
