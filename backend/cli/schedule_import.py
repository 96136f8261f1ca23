"""``paybatch schedule import``: a schedule read back from what a trainer is told."""

from pathlib import Path
from typing import get_args

import click
import yaml

from backend.cli.files import read_text, write_text
from backend.cli.options import file_argument, language_option, out_option
from backend.codec import encode
from backend.schedule_file import ImportForm, ImportRequest, read_back
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
    request = ImportRequest(
        text=read_text(file), form=form, name=name, training_samples=training_samples
    )
    found = read_back(request)
    write_text(yaml.safe_dump(encode(found), allow_unicode=True, sort_keys=False), out)
