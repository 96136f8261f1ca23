"""A real application on a real SQLite file, with clocks that tests move."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.main import create_app
from backend.settings import Settings
from tests.support.installation import Api, StillClock

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def api(tmp_path: Path, clock: StillClock) -> Iterator[Api]:
    settings = Settings(data_dir=tmp_path / "data")
    app = create_app(settings, clock=clock.clock)
    with TestClient(app, base_url="http://127.0.0.1") as http:
        yield Api(http=http, installation=app.state.installation, clock=clock)
