import resource
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import torch

from planner.exchange.series import SeriesChunk
from tests.worker.builders import a_claimed_run, reports_in
from worker.control import Control
from worker.spool import Stopped
from worker.training import checkpoint
from worker.training.checkpoint import Saved
from worker.training.checkpoint_writer import CheckpointWriter
from worker.training.run_context import RunContext

MIB = 2**20


def nothing() -> None:
    """Nothing comes before this checkpoint."""


@pytest.fixture
def writer() -> Iterator[CheckpointWriter]:
    made = CheckpointWriter()
    yield made
    made.close()


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """The file system refuses longer files, as a full one refuses any: EFBIG."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_checkpoint_holds_the_state_of_its_moment_however_training_goes_on(
    writer: CheckpointWriter, tmp_path: Path
) -> None:
    weights = torch.zeros(MIB)
    written: list[Saved] = []
    for step in range(4):
        weights.fill_(step)
        writer.write(
            tmp_path / f"step-{step}",
            tensors={"weights": weights},
            state=partial(dict, step=step),
            first=nothing,
            saved=written.append,
        )
        weights.fill_(-1)
    writer.wait()
    assert [saved.folder.name for saved in written] == ["step-0", "step-1", "step-2", "step-3"]
    for step, saved in enumerate(written):
        tensors, state = checkpoint.load(
            saved.folder, sha256=saved.sha256, size_bytes=saved.size_bytes
        )
        assert state == {"step": step}
        assert torch.equal(tensors["weights"], torch.full((MIB,), float(step)))


def test_a_state_may_change_its_shape_between_two_checkpoints(
    writer: CheckpointWriter, tmp_path: Path
) -> None:
    written: list[Saved] = []
    for step, tensors in enumerate(
        [{"a": torch.ones(3), "b": torch.ones(2)}, {"a": torch.ones(5)}]
    ):
        writer.write(
            tmp_path / f"step-{step}",
            tensors=tensors,
            state=dict,
            first=nothing,
            saved=written.append,
        )
    writer.wait()
    found, _ = checkpoint.load(
        written[1].folder, sha256=written[1].sha256, size_bytes=written[1].size_bytes
    )
    assert {name: tensor.tolist() for name, tensor in found.items()} == {"a": [1.0] * 5}


def test_without_room_there_is_no_checkpoint_and_nothing_else_is_lost(
    writer: CheckpointWriter, tmp_path: Path
) -> None:
    written: list[Saved] = []
    with files_of_at_most(MIB):
        writer.write(
            tmp_path / "step-1",
            tensors={"weights": torch.zeros(MIB)},
            state=dict,
            first=nothing,
            saved=written.append,
        )
        writer.wait()
    assert written == []
    assert list(tmp_path.iterdir()) == []
    writer.write(
        tmp_path / "step-2",
        tensors={"weights": torch.zeros(MIB)},
        state=dict,
        first=nothing,
        saved=written.append,
    )
    writer.wait()
    assert [saved.folder.name for saved in written] == ["step-2"]


def test_any_other_failure_is_said_by_the_next_checkpoint_and_once(
    writer: CheckpointWriter, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    writer.write(
        tmp_path / "file/step-1",
        tensors={"weights": torch.zeros(1)},
        state=dict,
        first=nothing,
        saved=lambda _: None,
    )
    with pytest.raises(FileExistsError):
        writer.write(
            tmp_path / "step-2",
            tensors={"weights": torch.zeros(1)},
            state=dict,
            first=nothing,
            saved=lambda _: None,
        )
    writer.wait()


def test_the_last_word_of_an_attempt_follows_its_last_checkpoint(tmp_path: Path) -> None:
    Control.create(tmp_path / "control", deadline=float("inf")).close()
    context = RunContext(a_claimed_run(), scratch=tmp_path)
    context.save_checkpoint(
        7, tensors={"weights": torch.zeros(4 * MIB)}, state=partial(dict, step=7)
    )
    context.report(Stopped(step=7, wall_clock_s=1.0))
    context.close()
    assert [type(report).__name__ for report in reports_in(tmp_path)] == [
        "CheckpointRecord",
        "Stopped",
    ]


def test_what_was_measured_is_said_before_its_checkpoint_and_before_anything_later(
    tmp_path: Path,
) -> None:
    def chunk(seq: int) -> SeriesChunk:
        return SeriesChunk(
            seq=seq, group="watch", steps=(seq + 1,), columns={"average": (0.5,)}, wall_clock_s=0.0
        )

    Control.create(tmp_path / "control", deadline=float("inf")).close()
    context = RunContext(a_claimed_run(), scratch=tmp_path)
    context.save_checkpoint(
        2,
        tensors={"weights": torch.zeros(4 * MIB)},
        state=partial(dict, step=2),
        series=[partial(chunk, 0), partial(chunk, 1)],
    )
    context.report(chunk(2))
    context.report(Stopped(step=3, wall_clock_s=1.0))
    context.close()
    said = reports_in(tmp_path)
    numbers = [report.seq for report in said if isinstance(report, SeriesChunk)]
    kinds = [type(report).__name__ for report in said]
    assert numbers == [0, 1, 2]
    assert kinds[:2] == ["SeriesChunk", "SeriesChunk"]
    assert kinds.index("CheckpointRecord") in (2, 3)
    assert kinds[-1] == "Stopped"


def test_a_failed_attempt_says_so_although_its_last_checkpoint_failed_too(tmp_path: Path) -> None:
    Control.create(tmp_path / "control", deadline=float("inf")).close()
    (tmp_path / "checkpoints").touch()
    context = RunContext(a_claimed_run(), scratch=tmp_path)
    context.save_checkpoint(7, tensors={"weights": torch.zeros(1)}, state=partial(dict, step=7))
    context.give_up_checkpoint()
    context.report(Stopped(step=7, wall_clock_s=1.0))
    context.close()
    assert [type(report).__name__ for report in reports_in(tmp_path)] == ["Stopped"]
