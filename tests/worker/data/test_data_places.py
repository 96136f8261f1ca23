from pathlib import Path

import pytest

from planner.pilots.workload import BUILT_IN
from worker.data.places import DataMissing, DataPlaces, find, found
from worker.data.reach import within_reach
from worker.data.sets import CIFAR_10, DATA_SETS, FASHION_MNIST, DataSet
from worker.settings import WorkerSettings


def places_with(tmp_path: Path, *names: str) -> DataPlaces:
    return DataPlaces(
        cache_dir=tmp_path / "cache", other_dirs=tuple(tmp_path / name for name in names)
    )


def lay_down(data_set: DataSet, folder: Path) -> None:
    folder.mkdir(parents=True)
    for file in data_set.files:
        (folder / file.name).touch()


def test_a_set_is_found_in_a_folder_of_its_name_or_straight_in_the_one_that_is_given(
    tmp_path: Path,
) -> None:
    places = places_with(tmp_path, "first", "second")
    assert find(FASHION_MNIST, places) is None
    lay_down(FASHION_MNIST, tmp_path / "second")
    names = [file.name for file in FASHION_MNIST.files]
    assert find(FASHION_MNIST, places) == {name: tmp_path / "second" / name for name in names}
    lay_down(FASHION_MNIST, tmp_path / "first" / "fashion-mnist")
    assert set(found(FASHION_MNIST, places).values()) == {
        tmp_path / "first" / "fashion-mnist" / name for name in names
    }


def test_a_set_with_a_file_missing_is_not_there(tmp_path: Path) -> None:
    lay_down(FASHION_MNIST, tmp_path / "one")
    (tmp_path / "one" / "t10k-labels-idx1-ubyte.gz").unlink()
    assert find(FASHION_MNIST, places_with(tmp_path, "one")) is None


def test_a_missing_set_says_where_it_was_sought_and_every_way_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DataMissing) as missing:
        found(FASHION_MNIST, places_with(tmp_path, "one"))
    text = str(missing.value)
    assert f"Fashion-MNIST is not on this worker's computer (looked in {tmp_path / 'one'})" in text
    assert "paybatch data fetch fashion-mnist" in text
    assert "--data DIR" in text
    assert "train-images-idx3-ubyte.gz" in text
    assert "apt-get install dataset-fashion-mnist" in text
    with pytest.raises(DataMissing) as missing:
        found(CIFAR_10, places_with(tmp_path))
    assert "apt-get" not in str(missing.value)


def test_a_worker_offers_the_workloads_whose_data_it_reaches(tmp_path: Path) -> None:
    places = places_with(tmp_path, "one")
    without = set(within_reach(places))
    assert "digits-mlp" in without
    for name, data_set in DATA_SETS.items():
        needs_it = {one.name for one in BUILT_IN.values() if one.data_set == name}
        assert not needs_it & without
        lay_down(data_set, tmp_path / "one" / name)
        assert needs_it <= set(within_reach(places))
    assert set(within_reach(places)) == BUILT_IN.keys()


def test_a_workers_folders_are_looked_at_in_the_order_in_which_they_are_named() -> None:
    settings = WorkerSettings(
        api_url="",
        registration_token="",
        data_dir=Path("/w"),
        name="w",
        datasets_dirs=(Path("/a"), Path("/b")),
    )
    assert settings.places.cache_dir == Path("/w/cache")
    assert settings.places.searched == (Path("/a"), Path("/b"), Path("/usr/share/datasets"))
