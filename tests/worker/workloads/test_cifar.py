import dataclasses
from pathlib import Path

import pytest
import torch

from tests.worker.archives import a_small_cifar, records, write_archive
from worker.data.places import DataMissing, DataPlaces
from worker.data.sets import CIFAR_10
from worker.workloads.cifar import CIFAR_10_LAYOUT, CIFAR_100_LAYOUT, CifarLayout, split_cifar
from worker.workloads.models.resnet import ResNet18

SMALL = dataclasses.replace(CIFAR_10_LAYOUT, records=20, test_records=10)


def members_of(layout: CifarLayout) -> dict[str, bytes]:
    members = {name: records(layout, layout.records, 1) for name in layout.training_files}
    members[layout.test_file] = records(layout, layout.test_records, 2)
    return members


def split(path: Path, layout: CifarLayout = SMALL, **sizes: int):
    return split_cifar(path, layout, **{"training": 80, "validation": 20, **sizes})


def test_the_layouts_have_as_many_records_as_the_published_archives() -> None:
    for layout in (CIFAR_10_LAYOUT, CIFAR_100_LAYOUT):
        assert layout.records * len(layout.training_files) == 50_000
        assert layout.test_records == 10_000


@pytest.mark.parametrize("hundred", [False, True])
def test_images_keep_their_bytes_and_the_finer_label(hundred: bool, tmp_path: Path) -> None:
    layout = CIFAR_100_LAYOUT if hundred else CIFAR_10_LAYOUT
    layout = dataclasses.replace(layout, records=100, test_records=100)
    write_archive(tmp_path / "archive", members_of(layout))
    images, labels = split(tmp_path / "archive", layout)["test"]
    assert (images.shape, images.dtype) == ((100, 3, 32, 32), "uint8")
    assert labels.tolist() == [number % layout.classes for number in range(100)]
    assert records(layout, 100, 2)[layout.label_bytes :][:3072] == images[0].tobytes()


def test_training_and_validation_come_from_the_training_files(tmp_path: Path) -> None:
    write_archive(tmp_path / "archive", members_of(SMALL))
    arrays = split(tmp_path / "archive")
    assert {name: len(labels) for name, (_, labels) in arrays.items()} == {
        "training": 80,
        "validation": 20,
        "test": 10,
    }
    assert sorted(arrays["validation"][1].tolist()) == sorted([*range(10)] * 2)


def test_a_file_of_another_size_is_refused_by_name(tmp_path: Path) -> None:
    name = SMALL.training_files[2]
    whole = members_of(SMALL)
    for content in (whole[name][:-1], whole[name] + b"0", b""):
        write_archive(tmp_path / "archive", {**whole, name: content})
        told = f"{name} has {len(content)} bytes instead of {20 * 3073}"
        with pytest.raises(ValueError, match=told):
            split(tmp_path / "archive")


def test_a_missing_file_and_a_label_that_is_no_class_are_refused(tmp_path: Path) -> None:
    whole = members_of(SMALL)
    write_archive(tmp_path / "archive", {SMALL.test_file: whole[SMALL.test_file]})
    with pytest.raises(ValueError, match=r"data_batch_1\.bin is not in the archive"):
        split(tmp_path / "archive")
    wrong = bytes([10]) + whole[SMALL.test_file][1:]
    write_archive(tmp_path / "archive", {**whole, SMALL.test_file: wrong})
    with pytest.raises(ValueError, match="a label of 10 among 10 classes"):
        split(tmp_path / "archive")


def test_an_archive_that_is_not_the_published_one_is_not_opened(tmp_path: Path) -> None:
    workload = a_small_cifar(tmp_path / "sets")
    (tmp_path / "sets" / "cifar-10-binary.tar.gz").write_bytes(b"something else")
    places = DataPlaces(cache_dir=tmp_path / "cache", data_dir=tmp_path / "sets")
    with pytest.raises(ValueError, match="is not the published archive; remove it"):
        workload.load(places)


def test_without_an_archive_the_workload_says_how_to_get_it(tmp_path: Path) -> None:
    workload = a_small_cifar(tmp_path / "sets")
    places = DataPlaces(cache_dir=tmp_path / "cache", other_dirs=())
    assert not workload.available(places)
    with pytest.raises(DataMissing, match=f"paybatch data fetch {CIFAR_10.name}"):
        workload.load(places)


@pytest.mark.parametrize(("classes", "parameters"), [(10, 11_173_962), (100, 11_220_132)])
def test_the_network_is_resnet_18_with_a_3x3_stem(classes: int, parameters: int) -> None:
    network = ResNet18(classes=classes, norm="batch", mean=(0.5,) * 3, deviation=(0.25,) * 3)
    assert sum(parameter.numel() for parameter in network.parameters()) == parameters
    features = network.stem(network.pixels(torch.zeros(2, 3, 32, 32, dtype=torch.uint8)))
    assert features.shape == (2, 64, 32, 32)
    assert network.blocks(features).shape == (2, 512, 4, 4)


def test_the_first_layer_normalises_bytes_and_numbers_alike() -> None:
    network = ResNet18(classes=10, norm="group", mean=(0.5, 0.4, 0.3), deviation=(0.25, 0.2, 0.1))
    pixels = torch.full((1, 3, 1, 1), 255, dtype=torch.uint8)
    expected = torch.tensor([(1 - 0.5) / 0.25, (1 - 0.4) / 0.2, (1 - 0.3) / 0.1]).view(1, 3, 1, 1)
    assert torch.allclose(network.pixels(pixels), expected)
    assert torch.allclose(network.pixels(pixels.float()), expected)


def test_group_norm_does_not_see_who_shares_a_batch_and_batch_norm_does() -> None:
    images = torch.randint(0, 256, (4, 3, 32, 32), dtype=torch.uint8)
    for norm, alike in (("group", True), ("batch", False)):
        network = ResNet18(classes=10, norm=norm, mean=(0.5,) * 3, deviation=(0.25,) * 3)
        together, alone = network(images)[:1], network(images[:1])
        assert torch.allclose(together, alone, atol=1e-4) == alike
