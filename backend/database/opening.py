"""Which database an installation has: PostgreSQL where a URL names one, else a SQLite file."""

from backend.database import postgresql, sqlite
from backend.database.database import Database
from backend.database.moved import refuse_moved
from backend.settings import Settings


def open_database(settings: Settings) -> Database:
    """The database of these settings, which may still have an older schema.

    Raises:
        Refusal: It lies where it would not be safe, was moved, or its URL is none of PostgreSQL.
    """
    if settings.database_url is None:
        refuse_moved(settings.data_dir)
        return sqlite.open_file(settings.database_path, busy_s=settings.busy_s)
    return postgresql.open_url(settings.database_url, busy_s=settings.busy_s)
