"""The files of a checkpoint, read and believed only when their hash agrees; no torch in here."""

import hashlib
import json
import os
import stat
from pathlib import Path
from typing import BinaryIO

TENSORS = "tensors.safetensors"
STATE = "state.json"


class CheckpointBroken(Exception):
    """A checkpoint is missing, cut short or changed; the one before it may be whole."""


def read(folder: Path, *, sha256: str, size_bytes: int) -> tuple[bytes, bytes]:
    """The tensor file and the state file of a checkpoint.

    Whatever may lie there now, no more is read than was saved.

    Raises:
        CheckpointBroken: Anything about it is not as it was saved.
    """
    try:
        tensor_bytes, state_bytes = _read(folder, size_bytes)
    except OSError as error:
        raise CheckpointBroken(f"{folder.name} cannot be read: {error}") from error
    if hashlib.sha256(tensor_bytes).hexdigest() != sha256:
        raise CheckpointBroken(f"the tensors of {folder.name} changed since they were saved")
    if hashlib.sha256(state_bytes).hexdigest() != _state_hash(tensor_bytes):
        raise CheckpointBroken(f"the state of {folder.name} changed since it was saved")
    return tensor_bytes, state_bytes


def _read(folder: Path, size_bytes: int) -> tuple[bytes, bytes]:
    """Both files, once they are known to be files and of the right size together."""
    with _opened(folder / TENSORS) as tensors, _opened(folder / STATE) as state:
        status = [os.fstat(file.fileno()) for file in (tensors, state)]
        if not all(stat.S_ISREG(one.st_mode) for one in status):
            raise CheckpointBroken(f"{folder.name} holds something that is no file")
        sizes = [one.st_size for one in status]
        if sum(sizes) != size_bytes:
            raise CheckpointBroken(f"{folder.name} has {sum(sizes)} bytes instead of {size_bytes}")
        return tensors.read(sizes[0]), state.read(sizes[1])


def _opened(path: Path) -> BinaryIO:
    """Opens without waiting for the other end of a pipe."""
    return open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))


def _state_hash(tensor_bytes: bytes) -> str:
    """The state's hash that the tensor file carries in its header."""
    length = int.from_bytes(tensor_bytes[:8], "little")
    header = json.loads(tensor_bytes[8 : 8 + length])
    return str(header["__metadata__"]["state_sha256"])
