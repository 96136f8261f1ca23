"""These tests read Debian's package: ``apt-get install dataset-fashion-mnist``."""

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest

from worker.data.places import DataPlaces, found
from worker.data.sets import FASHION_MNIST
from worker.workloads.fashion_mnist import read_idx, split_fashion


@pytest.fixture(scope="module")
def paths(places: DataPlaces) -> dict[str, Path]:
    return found(FASHION_MNIST, places)


def test_an_idx_file_is_an_array_behind_a_header() -> None:
    header = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3])
    assert read_idx(header + bytes(range(6))).tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no idx file"),
        (bytes([0, 0, 13, 1, 0, 0, 0, 0]), "no idx file of bytes"),
        (b"PK" + bytes(20), "no idx file"),
        (bytes([0, 0, 8, 3, 0, 0]), "ends within its header"),
        (bytes([0, 0, 8, 1, 0, 0, 0, 2, 9]), r"1 bytes for \[2\]"),
    ],
)
def test_anything_else_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_idx(content)


def test_validation_is_the_same_for_every_amount_of_training(paths: dict[str, Path]) -> None:
    few, many = (split_fashion(paths, training=size, validation=50) for size in (100, 1000))
    assert np.array_equal(few["validation"][0], many["validation"][0])
    for name, (pictures, classes) in many.items():
        assert pictures.dtype == np.float32
        assert (pictures.min(), pictures.max()) == (0, 1)
        counts = np.bincount(classes, minlength=10)
        assert counts.max() - counts.min() <= 1, name


def test_a_file_that_is_not_the_published_one_is_refused_by_name(
    paths: dict[str, Path], tmp_path: Path
) -> None:
    name = "t10k-labels-idx1-ubyte.gz"
    changed = bytearray(gzip.decompress(paths[name].read_bytes()))
    changed[-1] ^= 1
    (tmp_path / name).write_bytes(gzip.compress(bytes(changed)))
    with pytest.raises(ValueError, match=f"{name} is not .* as published; remove it"):
        split_fashion({**paths, name: tmp_path / name}, training=10, validation=10)


def test_the_files_as_zalando_packed_them_do_as_well(
    paths: dict[str, Path], tmp_path: Path
) -> None:
    """The same contents in another gzip wrapping."""
    for name, path in paths.items():
        if "labels" in name:
            (tmp_path / name).write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
        else:
            shutil.copy(path, tmp_path / name)
    again = {name: tmp_path / name for name in paths}
    ours, theirs = (split_fashion(some, training=10, validation=10) for some in (again, paths))
    assert np.array_equal(ours["test"][1], theirs["test"][1])
