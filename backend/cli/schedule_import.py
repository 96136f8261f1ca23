"""``paybatch schedule import``: a schedule read back from what a trainer is told."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import click

from backend.cli.files import read_text, write_text
from backend.cli.options import file_argument, language_option, out_option
from backend.documents import plain_yaml
from backend.documents.schedule_file import ImportForm, ImportRequest, read_back
from backend.wire.codec import encode
from backend.wire.problems import InputError, Problem
from planner.refusal import Refusal
from wording.language import Language

EXAMPLE = """\b
Example:
  paybatch schedule import train.sh --from megatron --name "today" --out today.yaml
  paybatch schedule show today.yaml
"""


@click.command("import", epilog=EXAMPLE)
@file_argument
@click.option(
    "--from",
    "form",
    type=click.Choice(get_args(ImportForm)),
    required=True,
    help="What FILE holds.",
)
@click.option("--name", default="imported", show_default=True, help="Of Megatron's schedule.")
@click.option(
    "--training-samples",
    type=click.IntRange(min=1),
    default=None,
    help="Samples in one epoch, which Megatron does not know.",
)
@out_option
@language_option
def import_(
    file: Path,
    form: ImportForm,
    name: str,
    training_samples: int | None,
    out: Path | None,
    language: Language,
) -> None:
    """Reads FILE back as a file of schedules that these commands and the page of a plan take."""
    del language  # only refusals are told in a language here
    text = read_text(file)
    try:
        request = ImportRequest(text=text, form=form, name=name, training_samples=training_samples)
        found = read_back(request)
    except Refusal as refusal:
        raise Refusal(_asked_as(refusal.field, file), refusal.code, **refusal.params) from refusal
    except InputError as error:
        raise InputError(tuple(_of_file(problem, file) for problem in error.problems)) from error
    write_text(plain_yaml.written(encode(found)), out)


def _asked_as(field: str, file: Path) -> str:
    """What the caller of the command wrote: an option, or the file and the field in it."""
    options = {"name": "--name", "training_samples": "--training-samples", "text": f"{file}"}
    return options.get(field) or f"{file}: {field}"


def _of_file(problem: Problem, file: Path) -> Problem:
    """A file that was taken home has fields of its own, whatever the options are called."""
    return replace(problem, field=f"{file}: {problem.field}" if problem.field else f"{file}")
