"""Brings a database to the schema of this version, all or nothing."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from backend.database import Database
from planner.refusal import Refusal


def upgrade(
    database: Database, *, to: str = "head", before: Callable[[], object] = lambda: None
) -> None:
    """Applies every missing migration in one transaction.

    Args:
        database: One that nobody works with.
        to: Schema to stop at.
        before: Called if there is anything to apply to a database that has a schema.

    Raises:
        Refusal: The database is of a newer program; nothing of it is touched.
    """
    revision = revision_of(database)
    if revision is not None:
        refuse_newer(revision, field="data_dir")
        if revision != newest():
            before()
    with database.connection() as connection:
        command.upgrade(config_for(connection), to)


def revision_of(database: Database) -> str | None:
    """The schema of a database; None for an empty one."""
    with database.read() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def newest() -> str:
    """The schema of this program."""
    return str(_scripts().get_current_head())


def refuse_newer(revision: str, *, field: str) -> None:
    """Only a program that knows a schema may touch it.

    Raises:
        Refusal: This one does not.
    """
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision not in known:
        raise Refusal(field, "database_newer", revision=revision, newest=newest())


def check(database: Database) -> None:
    """Fails when the tables in code and the migrated schema differ.

    Raises:
        alembic.util.CommandError: A migration is missing.
    """
    with database.connection() as connection:
        command.check(config_for(connection))


def config_for(connection: object) -> Config:
    """What Alembic's commands need to work on this connection."""
    config = _config()
    config.attributes["connection"] = connection
    return config


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "backend:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
