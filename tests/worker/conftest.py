"""Data sets are prepared once for all tests of a process."""

import pytest

from worker.data.places import DataPlaces


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> DataPlaces:
    """Where the built-in workloads find their data; Fashion-MNIST is Debian's package."""
    return DataPlaces(cache_dir=tmp_path_factory.mktemp("prepared"))
