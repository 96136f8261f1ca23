"""A real application on a real SQLite file, with clocks that tests move."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.app_in_memory import an_api
from tests.support.installation import Api, StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def api(tmp_path: Path, clock: StillClock) -> Iterator[Api]:
    with an_api(tmp_path, clock) as api:
        yield api


@pytest.fixture(scope="module")
def shared_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One for tests that only read, are refused, or each use names of their own."""
    with an_api(tmp_path_factory.mktemp("shared")) as api:
        yield api
