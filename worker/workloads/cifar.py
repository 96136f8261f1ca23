"""CIFAR-10 and CIFAR-100 from their published *binary* archives; no pickle is ever opened.

A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images (2009). A record is one or two
bytes of labels and 3 x 32 x 32 bytes of pixels, channel by channel.
"""

import hashlib
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from worker.workloads.prepared import Arrays
from worker.workloads.splitting import stratified

SPLIT_SEED = 20251128
"""Drawn once and never changed: another value would be another workload."""

CHANNELS, SIDE = 3, 32

_PIXELS = CHANNELS * SIDE * SIDE

Images = NDArray[np.uint8]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CifarLayout:
    """What is where in an archive.

    Attributes:
        classes: Labels are below this.
        training_files: Members of the archive.
        test_file: Likewise.
        label_bytes: Before the pixels of a record; the last of them is the label.
        records: In each training file.
        test_records: In the test file.
    """

    classes: int
    training_files: tuple[str, ...]
    test_file: str
    label_bytes: int
    records: int
    test_records: int


CIFAR_10_LAYOUT = CifarLayout(
    classes=10,
    training_files=tuple(f"cifar-10-batches-bin/data_batch_{number}.bin" for number in range(1, 6)),
    test_file="cifar-10-batches-bin/test_batch.bin",
    label_bytes=1,
    records=10_000,
    test_records=10_000,
)

CIFAR_100_LAYOUT = CifarLayout(
    classes=100,
    training_files=("cifar-100-binary/train.bin",),
    test_file="cifar-100-binary/test.bin",
    label_bytes=2,
    records=50_000,
    test_records=10_000,
)


def split_cifar(archive: Path, layout: CifarLayout, *, training: int, validation: int) -> Arrays:
    """Images (items, 3, 32, 32) as bytes, and their classes.

    Training and validation are drawn from the published training images, stratified; the test
    images are the published ones.

    Raises:
        ValueError: The archive does not hold what its layout says.
    """
    with tarfile.open(archive, "r:gz") as opened:
        parts = [_records(opened, name, layout, layout.records) for name in layout.training_files]
        test = _records(opened, layout.test_file, layout, layout.test_records)
    images = np.concatenate([part[0] for part in parts])
    labels = np.concatenate([part[1] for part in parts])
    chosen = stratified(labels, sizes=(training, validation), seed=SPLIT_SEED)
    for_training, for_validation = chosen
    return {
        "training": (images[for_training], labels[for_training]),
        "validation": (images[for_validation], labels[for_validation]),
        "test": test,
    }


def check_archive(archive: Path, md5: str) -> None:
    """Reads the whole archive once.

    Raises:
        ValueError: It is not the published one.
    """
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    if digest.hexdigest() != md5:
        raise ValueError(f"{archive} is not the published archive; remove it and get it anew")


def _records(
    opened: tarfile.TarFile, name: str, layout: CifarLayout, count: int
) -> tuple[Images, Labels]:
    """Images and labels of one member, which is read and never unpacked to disk."""
    expected = count * (layout.label_bytes + _PIXELS)
    try:
        member = opened.getmember(name)
    except KeyError as error:
        raise ValueError(f"{name} is not in the archive") from error
    file = opened.extractfile(member)
    if file is None or member.size != expected:
        raise ValueError(f"{name} has {member.size} bytes instead of {expected}")
    table = np.frombuffer(file.read(), np.uint8).reshape(count, -1)
    labels = table[:, layout.label_bytes - 1].astype(np.int64)
    if labels.max() >= layout.classes:
        raise ValueError(f"{name} has a label of {labels.max()} among {layout.classes} classes")
    return table[:, layout.label_bytes :].reshape(count, CHANNELS, SIDE, SIDE), labels
