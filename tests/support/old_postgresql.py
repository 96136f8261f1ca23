"""Databases of PostgreSQL as earlier versions of the program left them, and all that is in one."""

from pathlib import Path

from backend.backups.maker import copy_rows
from backend.database import open_database
from backend.database.sqlite import open_file
from backend.database.transfer import transfer
from backend.database.upgrade import upgrade
from backend.settings import Settings
from tests.support.old_databases import Content, content_of, lay_down

OLD_REVISION = "0010"
"""An earlier schema that PostgreSQL was offered with."""


def lay_down_on_postgresql(url: str, folder: Path) -> None:
    """Rows of the last schema that was kept as a file, in an empty database, at OLD_REVISION."""
    file = folder / "old" / "paybatch.sqlite"
    lay_down("0008", file)
    source = open_file(file, busy_s=2.0)
    target = open_database(Settings(database_url=url))
    try:
        for database in (source, target):
            upgrade(database, to=OLD_REVISION)
        transfer(source, target)
    finally:
        source.close()
        target.close()


def content_on_postgresql(url: str, folder: Path) -> Content:
    """Every row of every table, in order."""
    file = folder / f"content-{len(list(folder.iterdir()))}.sqlite"
    database = open_database(Settings(database_url=url))
    try:
        copy_rows(database, file)
    finally:
        database.close()
    return content_of(file)
