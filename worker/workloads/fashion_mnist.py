"""Fashion-MNIST: 60,000 + 10,000 pictures of clothes, 28 x 28 grey pixels, from its idx files."""

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from worker.workloads.prepared import Arrays
from worker.workloads.splitting import stratified

SPLIT_SEED = 20251128
"""Drawn once and never changed: another value would be another workload."""

SIDE = 28

_BRIGHTEST = 255.0
_IDX_UNSIGNED_BYTE = 0x08

_MOST_UNPACKED_BYTES = 2**26
"""More than the largest file has; a packed file may claim to hold anything."""

_UNPACKED_SHA256 = {
    "train-images-idx3": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
"""Of the contents, for Debian packs the published files anew; computed from its package."""


def split_fashion(paths: Mapping[str, Path], *, training: int, validation: int) -> Arrays:
    """Pictures (items, 784) from 0 to 1 and their classes.

    Training and validation are drawn from the published training set, stratified; the test set is
    the published one.

    Args:
        paths: The four files by their published names.
        training: Samples to train on; 60,000 less the validation samples at most.
        validation: Samples to validate on; the same for every number of training samples.

    Raises:
        ValueError: A file is not the published one.
    """
    arrays = {name: _published(name, paths[f"{name}-ubyte.gz"]) for name in _UNPACKED_SHA256}
    pictures, classes = arrays["train-images-idx3"], arrays["train-labels-idx1"].astype(np.int64)
    for_validation, for_training = stratified(
        classes, sizes=(validation, training), seed=SPLIT_SEED
    )
    return {
        "training": (_floats(pictures[for_training]), classes[for_training]),
        "validation": (_floats(pictures[for_validation]), classes[for_validation]),
        "test": (
            _floats(arrays["t10k-images-idx3"]),
            arrays["t10k-labels-idx1"].astype(np.int64),
        ),
    }


def read_idx(content: bytes) -> NDArray[np.uint8]:
    """The array of an idx file: two zero bytes, the type, the axes, their lengths, the numbers.

    Raises:
        ValueError: It is no such file, is cut short, or holds anything but bytes.
    """
    header = np.frombuffer(content[:4], np.uint8)
    if len(header) < 4 or header[:2].any() or header[2] != _IDX_UNSIGNED_BYTE:
        raise ValueError("no idx file of bytes")
    axes = int(header[3])
    start = 4 + 4 * axes
    if len(content) < start:
        raise ValueError("an idx file that ends within its header")
    shape = np.frombuffer(content[4:start], ">u4").astype(np.int64)
    if len(content) - start != shape.prod():
        raise ValueError(f"an idx file of {len(content) - start} bytes for {shape.tolist()}")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _published(name: str, path: Path) -> NDArray[np.uint8]:
    with gzip.open(path) as file:
        content = file.read(_MOST_UNPACKED_BYTES)
    if hashlib.sha256(content).hexdigest() != _UNPACKED_SHA256[name]:
        raise ValueError(f"{path} is not {name} as published; remove it and get it anew")
    return read_idx(content)


def _floats(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (pictures.reshape(len(pictures), -1) / np.float32(_BRIGHTEST)).astype(np.float32)
