"""One API process for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.contract.programs import CALM_LEASE_S, ApiProcess, an_api


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
    with an_api(tmp_path_factory.mktemp("installation"), lease_s=CALM_LEASE_S) as api:
        yield api


@pytest.fixture
def api(installation: ApiProcess) -> Iterator[ApiProcess]:
    """The API, with nothing queued before or after the test."""
    yield installation
    installation.cancel_everything()
