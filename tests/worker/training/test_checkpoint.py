from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from worker.training import checkpoint

TENSORS = {"parameters": torch.arange(100.0), "generator": torch.arange(5, dtype=torch.uint8)}
STATE = {"step": 7, "sampler": {"seed": 1, "epoch": 2, "cursor": 3}}


def test_a_checkpoint_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    saved = checkpoint.save(tmp_path / "step-7", tensors=TENSORS, state=STATE)
    tensors, state = checkpoint.load(saved.folder, sha256=saved.sha256, size_bytes=saved.size_bytes)
    assert state == STATE
    assert tensors.keys() == TENSORS.keys()
    assert all(torch.equal(tensors[name], TENSORS[name]) for name in TENSORS)
    assert saved.size_bytes == sum(file.stat().st_size for file in saved.folder.iterdir())


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def flip_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def lose(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("damage", [cut_short, flip_a_bit, empty, lose])
@pytest.mark.parametrize("name", [checkpoint.TENSORS, checkpoint.STATE])
def test_a_damaged_checkpoint_is_not_believed(
    damage: Callable[[Path], None], name: str, tmp_path: Path
) -> None:
    saved = checkpoint.save(tmp_path / "step-7", tensors=TENSORS, state=STATE)
    damage(saved.folder / name)
    with pytest.raises(checkpoint.CheckpointBroken):
        checkpoint.load(saved.folder, sha256=saved.sha256, size_bytes=saved.size_bytes)


def test_a_checkpoint_never_replaces_another(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "step-7", tensors=TENSORS, state=STATE)
    with pytest.raises(OSError, match="step-7"):
        checkpoint.save(tmp_path / "step-7", tensors=TENSORS, state={"step": 8})
    assert [folder.name for folder in tmp_path.iterdir()] == ["step-7"]
