"""A PostgreSQL server on loopback, of the tests' own, with a new database for whoever asks.

``python -m tests.support.postgres`` prints the path of its initdb, or says what to install.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

from tests.support.processes import free_port

VARIABLE = "PAYBATCH_INITDB"
PROGRAMS = Path("/usr/lib/postgresql")
"""Where Debian keeps them, a folder a version."""

INSTALL = (
    "The tests against PostgreSQL need {missing}. On Debian: "
    "apt-get install --no-install-recommends postgresql. "
    f"Another PostgreSQL: set {VARIABLE} to the path of its initdb."
)

_SUPERUSER = "postgres"
_NUMBERS = count()


class PostgresqlMissing(Exception):
    """What to install before anything can be kept in PostgreSQL."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    folder: Path
    port: int

    def create(self, template: str = "template1", *, name: str | None = None) -> str:
        """The URL of a new database: empty, or a copy of another."""
        name = name or f"paybatch_{next(_NUMBERS)}"
        self._order(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Removes a database, whoever is still connected to it."""
        self._order(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def url(self, name: str) -> str:
        return f"postgresql://{_SUPERUSER}@127.0.0.1:{self.port}/{name}"

    def _order(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def restart(self, mode: str = "immediate") -> None:
        """Stops it as a crash would, and starts it again on its port."""
        self.control("restart", "-m", mode)

    def control(self, *order: str) -> None:
        log = self.folder / "log"
        # The machine itself never loses its power here, so nothing waits for the disk.
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
            "-c fsync=off -c full_page_writes=off -c autovacuum=off"
        )
        _as_nobody_special(
            ["pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(log), "-o", options, *order]
        )


@contextmanager
def a_server() -> Iterator[Server]:
    """A new cluster that only loopback reaches; it is stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="paybatch-postgresql-"))
    try:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(_SUPERUSER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = str(folder / "data")
        _as_nobody_special(
            ["initdb", "-D", data, "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C"]
        )
        server = Server(folder=folder, port=free_port())
        server.control("start")
        try:
            yield server
        finally:
            server.control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


def _as_nobody_special(command: Sequence[str]) -> None:
    """PostgreSQL refuses to run as root."""
    name, *arguments = command
    user = _SUPERUSER if os.geteuid() == 0 else None
    subprocess.run(
        [find_initdb().with_name(name), *arguments],
        check=True,
        user=user,
        group=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
    )


def find_initdb() -> Path:
    """The program that makes a cluster; those beside it start and stop one.

    Raises:
        PostgresqlMissing: There is none.
    """
    named = os.environ.get(VARIABLE)
    found = named or shutil.which("initdb") or _debian_initdb()
    if found is None or not Path(found).is_file():
        missing = f"PostgreSQL ({named} does not exist)" if named else "PostgreSQL"
        raise PostgresqlMissing(INSTALL.format(missing=missing))
    return Path(found)


def _debian_initdb() -> str | None:
    """Debian keeps servers of several versions off the path, beside a client that is on it."""
    if shutil.which("psql") is None:
        return None
    found = PROGRAMS.glob("*/bin/initdb")
    return max(map(str, found), key=lambda path: int(Path(path).parts[-3]), default=None)


def main() -> None:
    """Prints the path, or says what to install."""
    try:
        sys.stdout.write(f"PostgreSQL of the tests: {find_initdb()}\n")
    except PostgresqlMissing as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
