"""Saved states of a run: written whole or not at all, believed only when their hash agrees."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save_file as save_tensors
from torch import Tensor

from worker.training.checkpoint_files import STATE as STATE
from worker.training.checkpoint_files import TENSORS as TENSORS
from worker.training.checkpoint_files import CheckpointBroken as CheckpointBroken
from worker.training.checkpoint_files import read

_OS_ERROR = re.compile(r"os error (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A checkpoint on disk.

    Attributes:
        folder: Holds the tensor file and the state file.
        sha256: Of the tensor file, hexadecimal; it vouches for the state file, too.
        size_bytes: Of both files.
    """

    folder: Path
    sha256: str
    size_bytes: int


def save(folder: Path, *, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> Saved:
    """Writes a checkpoint that either exists completely or does not exist.

    Args:
        folder: Must not exist yet; its parent may not either.
        tensors: By name; on any device.
        state: Everything else; JSON values only.
    """
    state_bytes = json.dumps(state, sort_keys=True, allow_nan=False).encode()
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder.parent))
    try:
        _write_tensors(unfinished / TENSORS, tensors, state_bytes)
        _write_state(unfinished / STATE, state_bytes)
        sha256 = _sync_and_hash(unfinished / TENSORS)
        size_bytes = (unfinished / TENSORS).stat().st_size + len(state_bytes)
        _sync_folder(unfinished)
        unfinished.rename(folder)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    _sync_folder(folder.parent)
    return Saved(folder=folder, sha256=sha256, size_bytes=size_bytes)


def load(folder: Path, *, sha256: str, size_bytes: int) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors on the CPU, and the state, of a checkpoint whose hash agrees.

    Raises:
        CheckpointBroken: Anything about it is not as it was saved.
    """
    tensor_bytes, state_bytes = read(folder, sha256=sha256, size_bytes=size_bytes)
    return load_tensors(tensor_bytes), json.loads(state_bytes)


def _write_tensors(path: Path, tensors: Mapping[str, Tensor], state_bytes: bytes) -> None:
    """Straight from the tensors' memory into a file, without holding up other threads.

    Raises:
        OSError: With the number that the library only has in its words.
    """
    try:
        save_tensors(
            {name: tensor.contiguous() for name, tensor in tensors.items()},
            path,
            metadata={"state_sha256": hashlib.sha256(state_bytes).hexdigest()},
        )
    except SafetensorError as error:
        number = _OS_ERROR.search(str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), str(error)) from error


def _write_state(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_and_hash(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
