"""Small archives in the published binary format of CIFAR, and workloads that read them."""

import dataclasses
import hashlib
import io
import tarfile
from pathlib import Path

import numpy as np

from planner.pilots.workload import BUILT_IN
from worker.data.sets import DataFile
from worker.workloads.cifar import CifarLayout
from worker.workloads.cifar_resnet18 import CIFAR_10_DATA, CIFAR_100_DATA, CifarResNet18
from worker.workloads.models.resnet import Norm

TEN = CIFAR_10_DATA, "cifar10-resnet18"
HUNDRED = CIFAR_100_DATA, "cifar100-resnet18"


def records(layout: CifarLayout, count: int, seed: int) -> bytes:
    """Every class in turn, each with a brightness of its own under the noise."""
    chance = np.random.default_rng(seed)
    labels = np.arange(count) % layout.classes
    noise = chance.integers(0, 56, (count, 3072))
    pixels = (noise + 200 * labels[:, None] // layout.classes).astype(np.uint8)
    before = np.zeros((count, layout.label_bytes), dtype=np.uint8)
    before[:, -1] = labels
    return np.hstack([before, pixels]).tobytes()


def write_archive(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def a_small_cifar(
    folder: Path, *, hundred: bool = False, norm: Norm = "batch", records_a_file: int = 100
) -> CifarResNet18:
    """A workload whose archive, in ``folder``, has few records and is else as published."""
    data, name = HUNDRED if hundred else TEN
    layout = dataclasses.replace(data.layout, records=records_a_file, test_records=100)
    archive = folder / data.published.files[0].name
    folder.mkdir(parents=True, exist_ok=True)
    members = {
        member: records(layout, records_a_file, seed)
        for seed, member in enumerate(layout.training_files)
    }
    members[layout.test_file] = records(layout, 100, 99)
    write_archive(archive, members)
    content = archive.read_bytes()
    file = DataFile(
        name=archive.name,
        url="http://127.0.0.1:9/",
        size_bytes=len(content),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
    )
    validation = 100
    facts = dataclasses.replace(
        BUILT_IN[name],
        training_samples=records_a_file * len(layout.training_files) - validation,
        validation_samples=validation,
        test_samples=100,
    )
    published = dataclasses.replace(data.published, files=(file,))
    return CifarResNet18(
        facts, dataclasses.replace(data, published=published, layout=layout), norm=norm
    )
