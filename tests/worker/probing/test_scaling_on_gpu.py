"""Scaling over two GPUs, which exchange through NCCL."""

from pathlib import Path

import pytest
import torch

from tests.worker.probing.test_scaling_probe import Small
from worker.data.places import DataPlaces
from worker.device import describe_device
from worker.probing.scaling_probe import probe_scaling

pytestmark = pytest.mark.gpu


def test_two_gpus_tell_their_steps_and_their_exchange(tmp_path: Path) -> None:
    if torch.cuda.device_count() < 2:
        pytest.skip("this computer has fewer than two GPUs")
    places = DataPlaces(cache_dir=tmp_path / "cache")
    Small().load(places)
    found = probe_scaling(
        Small(),
        device=describe_device("cuda:0"),
        device_count=2,
        visible_devices="0,1",
        precision="float32",
        versions="torch",
        places=places,
        folder=tmp_path / "scaling",
        asked_to_leave=lambda: False,
    )
    assert found is not None
    assert found.device_counts == (1, 2)
    assert [one.device_count for one in found.exchanges] == [2]
