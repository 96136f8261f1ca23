"""The one database of an installation: a SQLite file, or PostgreSQL for teams."""

from backend.database.database import Database
from backend.database.opening import open_database
from backend.database.private_folder import make_private_folder

__all__ = ["Database", "make_private_folder", "open_database"]
