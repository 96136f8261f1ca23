"""Which kind of database the application under test has: ``pytest --database postgresql``."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from backend.database import open_database
from backend.database.upgrade import upgrade
from backend.settings import Settings
from tests.support.postgres import Server, a_server

KINDS = ("sqlite", "postgresql")

TEMPLATE = "paybatch_template"
"""A migrated database that the others are copies of."""


class Databases:
    """Databases of one kind for the tests of a process; a server is started for the first."""

    def __init__(self) -> None:
        self.kind = "sqlite"
        self._server: Server | None = None
        self._started = ExitStack()

    @contextmanager
    def chosen(self) -> Iterator[str | None]:
        """URL of a migrated database for one application; None is a file of its own."""
        if self.kind == "sqlite":
            yield None
            return
        with self.postgresql() as url:
            yield url

    @contextmanager
    def postgresql(self) -> Iterator[str]:
        """URL of a migrated database of PostgreSQL, which is dropped afterwards."""
        server = self.server()
        url = server.create(TEMPLATE)
        try:
            yield url
        finally:
            server.drop(url)

    def server(self) -> Server:
        """The server of this process."""
        if self._server is None:
            self._server = self._started.enter_context(a_server())
            template = self._server.create("template1", name=TEMPLATE)
            database = open_database(Settings(database_url=template))
            upgrade(database)
            database.close()
        return self._server

    def close(self) -> None:
        """Stops the server, if there is one."""
        self._started.close()


DATABASES = Databases()
"""Of this process; the option of the run says of which kind."""
