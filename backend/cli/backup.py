"""``paybatch backup`` and ``paybatch restore``: a copy of everything, and the way back."""

from pathlib import Path

import click

from backend.backups.restoring import restore as put_back
from backend.cli.connection import connect, url_option
from backend.cli.options import language_option
from backend.clock import utc_now
from backend.settings import current_settings
from backend.wire.problems import InputError, Problem
from wording.catalogue import say
from wording.language import Language
from wording.meters import memory


@click.command(
    epilog="""\b
Example:
  paybatch backup
  paybatch backup --out /mnt/safe/paybatch.sqlite
"""
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Also writes it to this file, on another disk.",
)
@url_option
@language_option
def backup(out: Path | None, url: str | None, language: Language) -> None:
    """Backs up a running Paybatch; work goes on meanwhile.

    The file is kept in the folder "backups" of the data folder, and holds everything but
    checkpoints, data sets and secrets.
    """
    settings = current_settings()
    with connect(url, settings) as client:
        made = client.make_backup()
        size = memory(made.size_bytes, language)
        place = made.file_name if url else str((settings.backups_dir / made.file_name).resolve())
        click.echo(say("cli.backup_made", language, number=made.number, path=place, size=size))
        if out is not None:
            try:
                client.save_backup(made, out)
            except OSError as error:
                problem = Problem(field=str(out), code="folder_not_writable")
                raise InputError((problem,)) from error
            click.echo(say("cli.backup_saved", language, path=str(out)))


@click.command(
    epilog="""\b
Example:
  paybatch restore data/backups/000007-20261128T030000Z-schedule.sqlite

\b
Stop Paybatch first. What was in the data folder is kept beside it, as replaced-….sqlite.
"""
)
@click.argument("file", type=click.Path(path_type=Path))
@language_option
def restore(file: Path, language: Language) -> None:
    """Puts the backup FILE in the place of the database; an older one is upgraded."""
    settings = current_settings()
    restored = put_back(settings, file, now=utc_now())
    place = str(settings.database_path)
    click.echo(say("cli.restored", language, path=place))
    if restored.replaced is not None:
        click.echo(say("cli.replaced", language, path=str(restored.replaced)))
