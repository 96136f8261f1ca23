"""What can have happened to a checkpoint on a disk."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.faults.runs.canary import a_canary
from worker.training.checkpoint import STATE, TENSORS

Damage = Callable[[Path, Path, random.Random], None]
"""(checkpoint's folder, a whole checkpoint of another run, chance)."""


def cut_short(folder: Path, other: Path, rng: random.Random) -> None:  # noqa: ARG001
    file = _one_of(folder, rng)
    content = file.read_bytes()
    _in_place_of(file, content[: rng.randrange(len(content))])


def flip_a_bit(folder: Path, other: Path, rng: random.Random) -> None:  # noqa: ARG001
    file = _one_of(folder, rng)
    content = bytearray(file.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    _in_place_of(file, bytes(content))


def empty(folder: Path, other: Path, rng: random.Random) -> None:  # noqa: ARG001
    _in_place_of(_one_of(folder, rng), b"")


def lose_a_file(folder: Path, other: Path, rng: random.Random) -> None:  # noqa: ARG001
    _one_of(folder, rng).unlink()


def lose_the_folder(folder: Path, other: Path, rng: random.Random) -> None:  # noqa: ARG001
    shutil.rmtree(folder)


def put_a_folder_there(folder: Path, other: Path, rng: random.Random) -> None:  # noqa: ARG001
    file = _one_of(folder, rng)
    file.unlink()
    file.mkdir()


def put_a_pipe_there(folder: Path, other: Path, rng: random.Random) -> None:  # noqa: ARG001
    file = _one_of(folder, rng)
    file.unlink()
    os.mkfifo(file)


def put_an_endless_file_there(folder: Path, other: Path, rng: random.Random) -> None:  # noqa: ARG001
    """A hole of a terabyte, which takes no disk and more memory than there is."""
    file = _one_of(folder, rng)
    _in_place_of(file, b"")
    os.truncate(file, 2**40)


def put_another_there(folder: Path, other: Path, rng: random.Random) -> None:  # noqa: ARG001
    """The files are whole, but the hash in the database is that of another one."""
    shutil.rmtree(folder)
    shutil.copytree(other, folder)


def put_a_pickle_there(folder: Path, other: Path, rng: random.Random) -> None:  # noqa: ARG001
    file = _one_of(folder, rng)
    _in_place_of(file, a_canary(folder.parent / "the canary sang"))


DAMAGES: tuple[Damage, ...] = (
    cut_short,
    flip_a_bit,
    empty,
    lose_a_file,
    lose_the_folder,
    put_a_folder_there,
    put_a_pipe_there,
    put_an_endless_file_there,
    put_another_there,
    put_a_pickle_there,
)


def _one_of(folder: Path, rng: random.Random) -> Path:
    return folder / rng.choice((TENSORS, STATE))


def _in_place_of(file: Path, content: bytes) -> None:
    """A new file: the old one's content may be linked from elsewhere."""
    file.unlink()
    file.write_bytes(content)
