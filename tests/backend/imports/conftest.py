"""The database that imports are stored in: the one of the run, and PostgreSQL under its marker."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.databases import DATABASES

Settings = dict[str, str]

EVERY_DATABASE = ["chosen", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=EVERY_DATABASE)
def database(request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of an API that the tests of a module share: ``an_api(folder, **database)``."""
    with _settings_of(request.param) as settings:
        yield settings


@pytest.fixture(params=EVERY_DATABASE)
def own_database(request: pytest.FixtureRequest) -> Iterator[Settings]:
    """The same for an API of one test."""
    with _settings_of(request.param) as settings:
        yield settings


@contextmanager
def _settings_of(kind: str) -> Iterator[Settings]:
    if kind == "chosen":
        yield {}
        return
    with DATABASES.postgresql() as url:
        yield {"database_url": url}
