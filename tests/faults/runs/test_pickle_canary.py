"""A pickle in the place of a file that a worker reads never runs: it is refused, or made anew."""

from pathlib import Path

import pytest
import torch

from tests.faults.runs.canary import a_canary
from worker.data.places import DataPlaces
from worker.data.sets import DATA_SETS
from worker.plug_ins.installed import PlugIn
from worker.plug_ins.kept_description import KeptDescription
from worker.workloads import WORKLOADS
from worker.workloads.digits_mlp import DigitsMlp

pytestmark = pytest.mark.faults


def test_a_prepared_data_set_with_a_pickle_in_it_is_prepared_anew(tmp_path: Path) -> None:
    places = DataPlaces(cache_dir=tmp_path / "cache")
    before = DigitsMlp().load(places)
    for file in sorted(places.cache_dir.rglob("*.npy")):
        file.write_bytes(a_canary(tmp_path / "the canary sang"))
        again = DigitsMlp().load(places)
        assert all(
            torch.equal(ours, theirs)
            for name, pair in before.items()
            for ours, theirs in zip(again[name], pair, strict=True)
        )
        file.write_bytes(file.read_bytes()[:100])
        DigitsMlp().load(places)
    assert not (tmp_path / "the canary sang").exists()


@pytest.mark.parametrize("name", [one for one in WORKLOADS if one.startswith(("cifar", "fashion"))])
def test_a_published_data_set_with_pickles_for_files_is_refused(name: str, tmp_path: Path) -> None:
    for data_set in DATA_SETS.values():
        for file in data_set.files:
            path = tmp_path / data_set.name / file.name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(a_canary(tmp_path / "the canary sang"))
    places = DataPlaces(cache_dir=tmp_path / "cache", data_dir=tmp_path, other_dirs=())
    with pytest.raises((OSError, ValueError)):
        WORKLOADS[name].load(places)
    assert not (tmp_path / "the canary sang").exists()


def test_a_kept_description_that_is_a_pickle_counts_as_none(tmp_path: Path) -> None:
    plug_in = PlugIn(name="ours", value="ours", package="ours", version="1.0")
    kept = KeptDescription(tmp_path, plug_in)
    kept.path.write_bytes(a_canary(tmp_path / "the canary sang"))
    assert kept.read() is None
    assert not (tmp_path / "the canary sang").exists()
