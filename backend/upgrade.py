"""Brings a database to the schema of this version, all or nothing."""

from alembic import command
from alembic.config import Config

from backend.database import Database


def upgrade(database: Database) -> None:
    """Applies every missing migration in one transaction."""
    with database.connection() as connection:
        command.upgrade(config_for(connection), "head")


def check(database: Database) -> None:
    """Fails when the tables in code and the migrated schema differ.

    Raises:
        alembic.util.CommandError: A migration is missing.
    """
    with database.connection() as connection:
        command.check(config_for(connection))


def config_for(connection: object) -> Config:
    """What Alembic's commands need to work on this connection."""
    config = Config()
    config.set_main_option("script_location", "backend:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
