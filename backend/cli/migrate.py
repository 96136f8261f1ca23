"""``paybatch migrate-to``: the database file of an installation into PostgreSQL."""

from contextlib import closing
from functools import partial

import click

from backend.backups.maker import BackupMaker, keep_before_upgrade
from backend.cli.files import write_json
from backend.cli.options import language_option
from backend.clock import utc_now
from backend.database import open_database
from backend.database.moved import note_moved, refuse_moved
from backend.database.postgresql import address_of
from backend.database.sqlite import open_file
from backend.database.transfer import transfer
from backend.database.upgrade import upgrade
from backend.disk.data_lock import held
from backend.settings import Settings, current_settings
from planner.refusal import require
from wording.language import Language


@click.command(
    "migrate-to",
    epilog="""\b
Example:
  export PAYBATCH_DATABASE_URL=postgresql://paybatch:secret@db.example/paybatch
  paybatch migrate-to && paybatch up

\b
The database must exist and be empty, and no API may run. Everything is copied in one
transaction and read back; the file stays as it was. Tokens, sessions and links go on.
""",
)
@click.argument("database_url", required=False)
@language_option
def migrate_to(database_url: str | None, language: Language) -> None:
    """Moves this installation's database to PostgreSQL; without URL to PAYBATCH_DATABASE_URL."""
    del language  # only refusals are told in a language here
    settings = current_settings()
    url = database_url or settings.database_url
    require(url is not None, "database_url", "missing")
    write_json(_move(settings, url or ""), None)


def _move(settings: Settings, url: str) -> dict[str, int]:
    """Rows by table.

    Raises:
        Refusal: There is nothing to move, it was moved already, there is no room for the backup
            before an upgrade, or the target is not empty or has an API that writes to it.
    """
    place = address_of(url).render_as_string(hide_password=True)
    refuse_moved(settings.data_dir)
    file = settings.database_path
    require(file.exists(), "data_dir", "database_missing", path=str(file))
    with (
        held(settings.data_dir),
        closing(open_file(file, busy_s=settings.busy_s)) as source,
        closing(open_database(Settings(database_url=url))) as target,
    ):
        backups = BackupMaker(settings, source, now=utc_now)
        upgrade(source, before=partial(keep_before_upgrade, backups))
        upgrade(target)
        rows = transfer(source, target)
        note_moved(settings.data_dir, place=place)
    return rows
