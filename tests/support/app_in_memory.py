"""The real application in memory, on a real SQLite file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backend.main import create_app
from backend.settings import Settings
from backend.webhook.network import Network
from tests.support.app_client import a_client_of
from tests.support.databases import DATABASES
from tests.support.installation import Api, StillClock

SELDOM_S = 7.0
"""Seconds between looks of the reaper's thread, which tests do themselves when hours pass."""


@contextmanager
def an_api(
    folder: Path, clock: StillClock | None = None, *, network: Network | None = None, **how: Any
) -> Iterator[Api]:
    """An installation whose clocks tests move; several tests share it where they only read.

    Args:
        folder: Where its data are.
        clock: Of the tests.
        network: The world outside; the real one where nothing leaves the computer.
        how: Other settings.
    """
    still = clock or StillClock()
    with DATABASES.chosen() as url:
        given = {
            "data_dir": folder / "data",
            "database_url": url,
            "beat_s": SELDOM_S,
            "backup_every_h": 0,
            "ballast_mib": 0,
        }
        app = create_app(Settings(**given | how), clock=still.clock, network=network)
        with a_client_of(app) as http:
            yield Api(http=http, installation=app.state.installation, clock=still)
