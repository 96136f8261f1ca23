"""A plug-in whose model the second rank cannot train."""

import os
from pathlib import Path

import pytest

from tests.support.plug_ins import install
from worker.data.places import DataPlaces
from worker.plug_ins.describing import describe

_UNEVEN = """
import torch.distributed as dist

class Uneven(nn.Linear):
    def forward(self, inputs):
        if self.training and dist.is_initialized() and dist.get_rank() == 1:
            raise RuntimeError("{says}")
        return super().forward(inputs)

def make_model():
    return Uneven(4, 3)
"""


def install_uneven(
    folder: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch, *, says: str
) -> None:
    """Brings the workload ``uneven``, whose second rank ``says`` why it fails."""
    site = folder / "site"
    site.mkdir()
    install(site, _UNEVEN.format(says=says), name="uneven")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]))
    told = describe("uneven", cache=DataPlaces(cache_dir=cache_dir).descriptions_dir)
    assert told.problem is None
