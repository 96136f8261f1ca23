"""One application for all planted pilots: a review writes nothing, so tests share what it reads."""

import warnings
from collections.abc import Iterator

import pytest

from backend.main import create_app
from backend.settings import Settings
from tests.review.planted import measured
from tests.support.installation import Api, StillClock
from tests.support.known_pilot import GROWING, TODAY

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    clock = StillClock()
    settings = Settings(data_dir=tmp_path_factory.mktemp("installation") / "data")
    app = create_app(settings, clock=clock.clock)
    with TestClient(app, base_url="http://127.0.0.1") as http:
        yield Api(http=http, installation=app.state.installation, clock=clock)


@pytest.fixture(scope="session")
def exact(api: Api) -> str:
    """A pilot whose schedules both reach the target after exactly 10 epochs, on every seed."""
    truth = {"today": [10.0] * 5, "growing": [10.0] * 5}
    return measured(api, truth, key="exact", schedules=[TODAY, GROWING])
