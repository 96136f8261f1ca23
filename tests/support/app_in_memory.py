"""The real application in memory, on a real SQLite file."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.main import create_app
from backend.settings import Settings
from tests.support.installation import Api, StillClock

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

SELDOM_S = 7.0
"""Seconds between looks of the reaper's thread, which tests do themselves when hours pass."""


@contextmanager
def an_api(folder: Path, clock: StillClock | None = None) -> Iterator[Api]:
    """An installation whose clocks tests move; several tests share it where they only read."""
    still = clock or StillClock()
    app = create_app(Settings(data_dir=folder / "data", beat_s=SELDOM_S), clock=still.clock)
    with TestClient(app, base_url="http://127.0.0.1") as http:
        yield Api(http=http, installation=app.state.installation, clock=still)
